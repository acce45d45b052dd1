"""One connection for one script after another, without what redis-py does around every command of a pool.

Taking a connection, retries and observation cost redis-py more than sending a command and reading its answer.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.commands.core import AsyncScript
from redis.exceptions import NoScriptError
from redis.typing import EncodableT


class Line:
    """Runs scripts one at a time; a connection that was lost or whose answer was not read is made anew."""

    def __init__(self, redis: Redis) -> None:
        """Connect as this client does, when there is something to send."""
        pool: Any = redis.connection_pool
        self._connection: AbstractConnection = pool.make_connection()
        self._free = asyncio.Lock()

    async def run(self, script: AsyncScript, keys: Sequence[str], args: Sequence[EncodableT]) -> Any:
        """Give a script's answer. Raises RedisError, after which the script may have run."""
        command = ("EVALSHA", script.sha, len(keys), *keys, *args)
        async with self._free:
            try:
                return await self._call(*command)
            except NoScriptError:
                await self._call("SCRIPT LOAD", script.script)
                return await self._call(*command)

    async def _call(self, *command: EncodableT) -> Any:
        await self._connection.send_command(*command, check_health=False)
        return await self._connection.read_response()

    async def close(self) -> None:
        """Close the connection, if there is one."""
        await self._connection.disconnect()
