"""One connection whose commands go out as they come, without what redis-py does around every command of a pool.

Taking a connection, timeouts, retries and observation cost redis-py several times what it takes to pack a command, to
send it and to read its answer. Here redis-py only connects; hiredis packs and parses.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.commands.core import AsyncScript
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import InvalidResponse, NoScriptError, RedisError, ResponseError
from redis.exceptions import TimeoutError as AnswerOverdue

Command: TypeAlias = tuple[str | bytes | int, ...]

_MORE: Final = object()


class Line:
    """Sends commands in the order of the calls, whoever waits; a lost connection is made anew by the next call.

    Nothing is sent twice. Whoever is cancelled leaves its answer to nobody and the connection to the others.
    """

    def __init__(self, redis: Redis, *, timeout_s: float) -> None:
        """Connect as this client does, when there is something to send; an answer may take `timeout_s`."""
        self._pool: Any = redis.connection_pool
        self._timeout_s = timeout_s
        self._wire: _Wire | None = None
        self._connecting = asyncio.Lock()

    async def execute_command(self, *command: str | bytes | int) -> Any:
        """Give a command's answer as Redis sends it. Raises RedisError, after which the command may have run."""
        return await (await self._connected()).send(command)

    async def run(
        self, script: AsyncScript, keys: Sequence[str], args: Sequence[str | bytes | int], ahead: Sequence[Command] = ()
    ) -> tuple[Any, list[Any]]:
        """Give a script's answer, and those to commands that are sent `ahead` of it: errors among these are not raised.

        Raises RedisError, after which all of it may have run.
        """
        wire = await self._connected()
        command = ("EVALSHA", script.sha, len(keys), *keys, *args)
        sent_ahead = [wire.send(each) for each in ahead]
        try:
            answer = await wire.send(command)
        except NoScriptError:
            await wire.send(("SCRIPT", "LOAD", str(script.script)))
            answer = await wire.send(command)
        return answer, [each.exception() or each.result() for each in sent_ahead]

    async def close(self) -> None:
        """Close the connection, if there is one; what is under way on it fails."""
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close()

    async def _connected(self) -> "_Wire":
        wire = self._wire
        if wire is None or wire.is_lost:
            async with self._connecting:
                wire = self._wire
                if wire is None or wire.is_lost:
                    await self.close()
                    wire = self._wire = await _connect(self._pool.make_connection(), self._timeout_s)
        return wire


class _Wire(asyncio.Protocol):
    """A connection, and who waits for its next answers."""

    def __init__(self, connection: AbstractConnection, transport: asyncio.WriteTransport, timeout_s: float) -> None:
        self.is_lost = False
        # It is asked to close what it opened.
        self._connection = connection
        self._transport = transport
        self._timeout_s = timeout_s
        self._loop = asyncio.get_running_loop()
        self._reader = hiredis.Reader(protocolError=InvalidResponse, replyError=_error, notEnoughData=_MORE)
        self._unsent: list[bytes] = []
        self._waiting: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._watch: asyncio.TimerHandle | None = None
        transport.set_protocol(self)

    def send(self, command: Command) -> asyncio.Future[Any]:
        """Send a command; its answer is the future's."""
        answer = self._loop.create_future()
        if self.is_lost:
            _fail(answer, ConnectionLost("the connection to Redis was lost"))
            return answer
        if not self._unsent:
            self._loop.call_soon(self._flush)
        self._unsent.append(hiredis.pack_command(command))  # type: ignore[arg-type]  # declared as of one
        self._waiting.append((self._loop.time() + self._timeout_s, answer))
        if self._watch is None:
            self._watch = self._loop.call_later(self._timeout_s, self._look)
        return answer

    def _flush(self) -> None:
        """Send what came in one round of the event loop: each writing takes longer than all else."""
        unsent, self._unsent = self._unsent, []
        if not self.is_lost:
            self._transport.write(b"".join(unsent))

    def data_received(self, data: bytes) -> None:
        """Hand out answers."""
        self._reader.feed(data)
        try:
            while (answer := self._reader.gets()) is not _MORE:
                _, waiting = self._waiting.popleft()
                if isinstance(answer, RedisError):
                    _fail(waiting, answer)
                elif not waiting.done():
                    waiting.set_result(answer)
        except (InvalidResponse, IndexError):
            # Not Redis, or not what was asked.
            self._lose(ConnectionLost("the answer is not one of Redis"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail whatever waits."""
        self._lose(ConnectionLost(f"the connection to Redis was lost: {exc}"))

    def _look(self) -> None:
        """Give the connection up once an answer is overdue: a timer for each command would cost as much as it."""
        self._watch = None
        if self._waiting:
            due = self._waiting[0][0]
            if due <= self._loop.time():
                self._lose(AnswerOverdue("Redis does not answer"))
            else:
                self._watch = self._loop.call_at(due, self._look)

    def _lose(self, error: RedisError) -> None:
        self.is_lost = True
        self._transport.abort()
        if self._watch is not None:
            self._watch.cancel()
        while self._waiting:
            _fail(self._waiting.popleft()[1], error)

    async def close(self) -> None:
        self._lose(ConnectionLost("the connection to Redis was closed"))
        await self._connection.disconnect(nowait=True)


async def _connect(connection: AbstractConnection, timeout_s: float) -> _Wire:
    """Let redis-py connect, authenticate and choose the database, and take its place."""
    try:
        await connection.connect()  # type: ignore[no-untyped-call]  # redis-py left it out
        writer: asyncio.StreamWriter = connection._writer  # type: ignore[assignment]  # noqa: SLF001 - see above
        return _Wire(connection, writer.transport, timeout_s)
    except BaseException:
        await connection.disconnect(nowait=True)
        raise


def _fail(waiting: asyncio.Future[Any], error: RedisError) -> None:
    if not waiting.done():
        waiting.set_exception(error)
        # Retrieved: who was cancelled, or waits for a later answer, does not look at it.
        waiting.exception()


def _error(text: str) -> ResponseError:
    return NoScriptError(text) if text.startswith("NOSCRIPT") else ResponseError(text)
