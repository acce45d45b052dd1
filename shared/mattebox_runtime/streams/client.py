"""Clients for Redis, each fit for one use, and the check of the server they talk to."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError, RedisError, ResponseError

COMMAND_TIMEOUT_S = 2.0
"""A Redis that takes longer to answer a command counts as down."""

BLOCK_S = 2.0
"""Longest wait of one blocking read."""

OLDEST_VERSION = (6, 2)

log = structlog.get_logger()


class UnsupportedRedis(Exception):
    """The server is too old for the commands used here."""


@dataclass(frozen=True)
class StreamClients:
    """Two clients of one server."""

    commands: Redis
    """For everything that answers at once. Nothing is repeated: a command whose answer was lost may have run."""
    blocking: Redis
    """For reads that wait at the server, up to BLOCK_S, one at a time."""


@asynccontextmanager
async def open_clients(url: str) -> AsyncGenerator[StreamClients, None]:
    """Open both clients of a Redis URL. No connection is made before the first command."""
    async with AsyncExitStack() as stack:
        commands = _client(url, connections=16, timeout_s=COMMAND_TIMEOUT_S)
        stack.push_async_callback(commands.aclose)
        # The socket must outlast the wait at the server, or an idle stream looks like a dead connection.
        blocking = _client(url, connections=1, timeout_s=BLOCK_S + 5)
        stack.push_async_callback(blocking.aclose)
        yield StreamClients(commands, blocking)


def _client(url: str, *, connections: int, timeout_s: float) -> Redis:
    pool: BlockingConnectionPool = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=timeout_s,
        socket_timeout=timeout_s,
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
    info = await _allowed(redis.info())
    version = str(info.get("redis_version", ""))
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers and numbers < OLDEST_VERSION:
        msg = f"Redis {version} is too old: Mattebox needs {OLDEST_VERSION[0]}.{OLDEST_VERSION[1]} or newer"
        raise UnsupportedRedis(msg)
    policy = info.get("maxmemory_policy", "")
    if str(policy).startswith("allkeys"):
        log.warning("redis may evict jobs", maxmemory_policy=policy, advice="set maxmemory-policy volatile-lru")
    if info.get("aof_enabled") == 0:
        log.warning("redis forgets jobs on restart", advice="set appendonly yes; until then lost jobs are sent again")
    if _is_open(url):
        log.warning("redis is open to its network", advice="set a password, or bind it to a loopback address")


async def _allowed(answer: Any) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = await answer
    except NoPermissionError:
        return {}
    return facts


def _is_open(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "unix" or parts.password:
        return False
    host = parts.hostname or "localhost"
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
