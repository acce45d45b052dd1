"""The cache of drawn previews that renderers fill and the registry serves from. All in it can be drawn again."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from mattebox_runtime import redis_keys
from mattebox_runtime.codec import CodecError
from mattebox_runtime.events import CachedPreview, decode_cached_preview, encode

TIMEOUT_S = 0.75
"""A preview that takes longer to read than this is drawn again sooner than waited for."""

BREAK_S = 1.0

TTL_S = 7 * 86_400
"""How long a preview is kept where its writer does not say."""

log = structlog.get_logger()


class CacheUnavailable(Exception):
    """The cache did not answer."""


class PreviewCache(Protocol):
    """Drawn previews by key; any of them may be gone at any time. All methods raise CacheUnavailable."""

    async def get(self, key: bytes) -> CachedPreview | None:
        """Give the preview of a key, None where there is none that this build can read."""

    async def put(self, preview: CachedPreview) -> None:
        """Keep a preview under its key, in place of an older one."""

    async def delete(self, key: bytes) -> None:
        """Forget the preview of a key."""


class Commands(Protocol):
    """Whatever sends commands to Redis."""

    async def execute_command(self, *command: str | bytes | int) -> Any:
        """Raises RedisError."""


def put_command(preview: CachedPreview, ttl_s: int) -> tuple[str | bytes | int, ...]:
    """Give the command that keeps a preview under its key, in place of an older one."""
    return "SET", redis_keys.preview(preview.key), encode(preview), "EX", ttl_s


class RedisPreviewCache:
    """Previews as expiring Redis strings."""

    def __init__(self, redis: Commands, *, ttl_s: int = TTL_S) -> None:
        self._redis = redis
        self._ttl_s = ttl_s

    async def get(self, key: bytes) -> CachedPreview | None:
        """See PreviewCache."""
        try:
            packed: bytes | None = await self._redis.execute_command("GET", redis_keys.preview(key))
        except RedisError as error:
            raise CacheUnavailable(type(error).__name__) from error
        if packed is None:
            return None
        try:
            return decode_cached_preview(packed)
        except CodecError as error:
            log.warning("cached preview unreadable", key=key.hex(), error=str(error))
            return None

    async def put(self, preview: CachedPreview) -> None:
        """See PreviewCache."""
        try:
            await self._redis.execute_command(*put_command(preview, self._ttl_s))
        except RedisError as error:
            raise CacheUnavailable(type(error).__name__) from error

    async def delete(self, key: bytes) -> None:
        """See PreviewCache."""
        try:
            await self._redis.execute_command("DEL", redis_keys.preview(key))
        except RedisError as error:
            raise CacheUnavailable(type(error).__name__) from error


class ForgivingCache:
    """A cache that counts as empty while the one behind it does not answer.

    After a failure the cache behind is left alone for BREAK_S, so that a Redis that hangs costs one request its
    timeout and not each of them.
    """

    def __init__(self, cache: PreviewCache, *, count_error: Callable[[], None]) -> None:
        self._cache = cache
        self._count_error = count_error
        self._closed_until = 0.0

    async def get(self, key: bytes) -> CachedPreview | None:
        """See PreviewCache; never raises CacheUnavailable."""
        if self._resting():
            return None
        try:
            return await self._cache.get(key)
        except CacheUnavailable as error:
            self._rest(error)
            return None

    async def put(self, preview: CachedPreview) -> None:
        """See PreviewCache; never raises CacheUnavailable."""
        if not self._resting():
            try:
                await self._cache.put(preview)
            except CacheUnavailable as error:
                self._rest(error)

    async def delete(self, key: bytes) -> None:
        """See PreviewCache; never raises CacheUnavailable."""
        if not self._resting():
            try:
                await self._cache.delete(key)
            except CacheUnavailable as error:
                self._rest(error)

    def _resting(self) -> bool:
        return time.monotonic() < self._closed_until

    def _rest(self, error: CacheUnavailable) -> None:
        self._closed_until = time.monotonic() + BREAK_S
        self._count_error()
        log.warning("preview cache unavailable", error=str(error))


@asynccontextmanager
async def open_preview_cache(redis_url: str, *, ttl_s: int = TTL_S) -> AsyncGenerator[RedisPreviewCache, None]:
    """Open the cache at a Redis URL with a client of its own, whose calls fail within 2 · TIMEOUT_S."""
    redis = Redis.from_url(
        redis_url,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        # One more try at once: the connection of the first may have died of age.
        retry=Retry(NoBackoff(), 1),
    )
    try:
        yield RedisPreviewCache(redis, ttl_s=ttl_s)
    finally:
        await redis.aclose()
