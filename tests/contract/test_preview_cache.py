"""What a preview cache promises, with a real Redis that is also taken away."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from mattebox_runtime import redis_keys
from mattebox_runtime.events import CachedPreview, Failure
from mattebox_runtime.preview_cache import (
    CacheUnavailable,
    ForgivingCache,
    PreviewCache,
    open_preview_cache,
)
from support.redis_process import RedisProcess, running_redis

KEY = bytes(range(16))
TTL_S = 300
PREVIEW = CachedPreview(
    key=KEY,
    state="partial",
    content_type="image/webp",
    width=640,
    height=320,
    body=b"picture",
    report=b"report",
    failure=Failure("mask_not_found", "road"),
)


class Errors:
    """Counts failures as the registry's metrics do."""

    count = 0

    def add(self) -> None:
        self.count += 1


@pytest.fixture(params=["redis", "forgiving"])
async def cache(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[PreviewCache]:
    """Every cache there is."""
    async with open_preview_cache(redis_url, ttl_s=TTL_S) as redis:
        yield redis if request.param == "redis" else ForgivingCache(redis, count_error=Errors().add)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client beside the cache."""
    async with Redis.from_url(redis_url) as client:
        yield client


async def test_a_preview_comes_back_as_it_was_put(cache: PreviewCache) -> None:
    """Every field survives."""
    await cache.put(PREVIEW)
    assert await cache.get(KEY) == PREVIEW


async def test_what_was_never_put_is_not_there(cache: PreviewCache) -> None:
    """A miss is None, not an error."""
    assert await cache.get(KEY) is None


async def test_a_deleted_preview_is_gone(cache: PreviewCache) -> None:
    """Deleting twice changes nothing."""
    await cache.put(PREVIEW)
    await cache.delete(KEY)
    await cache.delete(KEY)
    assert await cache.get(KEY) is None


async def test_previews_expire(cache: PreviewCache, redis: Redis) -> None:
    """No preview outlives its time to live."""
    await cache.put(PREVIEW)
    assert 0 < await redis.ttl(redis_keys.preview(KEY)) <= TTL_S


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x81\xa1v\x09", b"\x81\xa1v\x01"])
async def test_a_record_that_cannot_be_read_is_not_there(cache: PreviewCache, redis: Redis, junk: bytes) -> None:
    """Junk and records of another build are a miss, so that the preview is drawn again."""
    await redis.set(redis_keys.preview(KEY), junk)
    assert await cache.get(KEY) is None


@pytest.fixture
def mortal_redis() -> Iterator[RedisProcess]:
    """A server of this test alone."""
    with running_redis() as server:
        yield server


async def test_a_dead_redis_is_told(mortal_redis: RedisProcess) -> None:
    """The plain cache translates the library's errors."""
    async with open_preview_cache(mortal_redis.url, ttl_s=TTL_S) as cache:
        mortal_redis.kill()
        for call in (cache.get(KEY), cache.put(PREVIEW), cache.delete(KEY)):
            with pytest.raises(CacheUnavailable):
                await call


async def test_a_dead_redis_counts_as_an_empty_one(mortal_redis: RedisProcess) -> None:
    """The forgiving cache misses, counts the error once, and asks nobody while it rests."""
    errors = Errors()
    async with open_preview_cache(mortal_redis.url, ttl_s=TTL_S) as redis:
        cache = ForgivingCache(redis, count_error=errors.add)
        await cache.put(PREVIEW)
        mortal_redis.kill()
        for _ in range(20):
            assert await cache.get(KEY) is None
            await cache.put(PREVIEW)
            await cache.delete(KEY)
        assert errors.count == 1
