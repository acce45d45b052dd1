"""Whether a Redis server is fit for Mattebox: one judgement, for the services and for `mattebox up`."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.exceptions import NoPermissionError

OLDEST_VERSION = (6, 2)


class Doubt(NamedTuple):
    """Something about a server that may cost work or secrets, and what to do about it."""

    event: str
    advice: str


async def read_facts(redis: Redis) -> Mapping[str, Any]:
    """Ask a server about itself; nothing where its rules forbid to ask. Raises RedisError."""
    try:
        facts: Mapping[str, Any] = await redis.info()
    except NoPermissionError:
        return {}
    return facts


def is_too_old(facts: Mapping[str, Any]) -> bool:
    """Tell whether the server lacks commands used here; one that does not say its version is tried."""
    numbers = tuple(int(part) for part in str(facts.get("redis_version", "")).split(".")[:2] if part.isdigit())
    return bool(numbers) and numbers < OLDEST_VERSION


def doubts_about(facts: Mapping[str, Any], url: str) -> list[Doubt]:
    """List what speaks against the way a server is set up, or against reaching it by this URL."""
    doubts = []
    policy = str(facts.get("maxmemory_policy", ""))
    if policy.startswith("allkeys"):
        doubts.append(Doubt("redis may evict jobs", f"set maxmemory-policy volatile-lru in place of {policy}"))
    if facts.get("aof_enabled") == 0:
        doubts.append(
            Doubt("redis forgets jobs on restart", "set appendonly yes; until then lost jobs are published again")
        )
    if _is_open(url):
        doubts.append(Doubt("redis is open to its network", "set a password, or bind it to a loopback address"))
    return doubts


def _is_open(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "unix" or parts.password:
        return False
    host = parts.hostname or "localhost"
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
