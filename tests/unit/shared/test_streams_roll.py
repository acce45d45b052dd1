"""The roll tells which renderers are alive, as long as they hold their names."""

from collections.abc import AsyncGenerator

import pytest
from redis.asyncio import Redis

from mattebox.answers import Renderer, RendererJob
from mattebox_runtime import redis_keys
from mattebox_runtime.streams.client import open_clients
from mattebox_runtime.streams.consumer import claim_name
from mattebox_runtime.streams.roll import call_roll, leave_roll, sign_roll


@pytest.fixture
async def redis(redis_url: str) -> AsyncGenerator[Redis, None]:
    """A Redis in which `a` and `b` are claimed."""
    async with open_clients(redis_url) as clients:
        for name in ("a", "b"):
            await claim_name(clients.commands, name, f"token of {name}", lasting_s=60)
        yield clients.commands


async def test_those_that_hold_their_name_are_on_the_roll(redis: Redis) -> None:
    busy = Renderer("a", "host", "1.0", 2, 18, 1, [RendererJob("bulk", "v", "f", 0.5)])
    await sign_roll(redis, Renderer("b"))
    await sign_roll(redis, busy)
    assert await call_roll(redis) == [busy, Renderer("b")]


async def test_one_whose_claim_is_gone_is_struck_off(redis: Redis) -> None:
    for name in ("a", "b"):
        await sign_roll(redis, Renderer(name))
    await redis.delete(redis_keys.worker("a"))
    assert await call_roll(redis) == [Renderer("b")]
    assert await redis.hkeys(redis_keys.ROLL) == [b"b"]
    await leave_roll(redis, "b")
    assert await call_roll(redis) == []


async def test_one_of_another_release_is_told_by_its_name(redis: Redis) -> None:
    await redis.hset(redis_keys.ROLL, "a", b"\xc1 something else")
    assert await call_roll(redis) == [Renderer("a")]
