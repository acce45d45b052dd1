"""Clients for Redis, each fit for one use, and the check of the server they talk to."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from mattebox_runtime.redis_fitness import OLDEST_VERSION, doubts_about, is_too_old, read_facts
from mattebox_runtime.streams.line import Line

COMMAND_TIMEOUT_S = 2.0
"""A Redis that takes longer to answer a command counts as down."""

BLOCK_S = 2.0
"""Longest wait of one blocking read."""

log = structlog.get_logger()


class UnsupportedRedis(Exception):
    """The server is too old for the commands used here."""


@dataclass(frozen=True)
class StreamClients:
    """Ways to one server, each for one use."""

    commands: Redis
    """For everything that answers at once. Nothing is repeated: a command whose answer was lost may have run."""
    line: Line
    """The same for what is done for every job or every few of them."""
    blocking: Line
    """For reads that wait at the server, up to BLOCK_S, one at a time."""


@asynccontextmanager
async def open_clients(url: str) -> AsyncGenerator[StreamClients, None]:
    """Open the ways to the server of a Redis URL. No connection is made before the first command."""
    async with AsyncExitStack() as stack:
        commands = _client(url)
        stack.push_async_callback(commands.aclose)
        line = Line(commands, timeout_s=COMMAND_TIMEOUT_S)
        stack.push_async_callback(line.close)
        # It must outlast the wait at the server, or an idle stream looks like a dead connection.
        blocking = Line(commands, timeout_s=BLOCK_S + 5)
        stack.push_async_callback(blocking.close)
        yield StreamClients(commands, line, blocking)


def _client(url: str) -> Redis:
    pool: BlockingConnectionPool = BlockingConnectionPool.from_url(
        url,
        max_connections=16,
        timeout=COMMAND_TIMEOUT_S,
        socket_timeout=COMMAND_TIMEOUT_S,
        socket_connect_timeout=COMMAND_TIMEOUT_S,
        protocol=2,
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(pool)


def lost_group(error: RedisError) -> bool:
    """Say whether an error means that the stream or its group vanished, be it before or during the read."""
    return isinstance(error, ResponseError) and ("NOGROUP" in str(error) or "UNBLOCKED" in str(error))


async def check_server(redis: Redis, url: str) -> None:
    """Look at how a server is set up, and warn of what would lose jobs.

    Raises:
        UnsupportedRedis: the server is older than OLDEST_VERSION.
        RedisError: it does not answer.
    """
    facts = await read_facts(redis)
    if is_too_old(facts):
        oldest = ".".join(map(str, OLDEST_VERSION))
        msg = f"Redis {facts['redis_version']} is too old: Mattebox needs {oldest} or newer"
        raise UnsupportedRedis(msg)
    for doubt in doubts_about(facts, url):
        log.warning(doubt.event, advice=doubt.advice)
