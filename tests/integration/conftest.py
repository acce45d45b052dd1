"""A running registry, its renderer played by hand, and a version to look at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from support.registry import LABELS, Client, HandRenderer, add_frames, add_version, frame, running_registry


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url) as running:
        yield running


@pytest.fixture
async def renderer(client: Client, redis_url: str) -> AsyncIterator[HandRenderer]:
    """Who draws."""
    async with Redis.from_url(redis_url) as redis:
        yield HandRenderer(client, redis)


@pytest.fixture
async def version(client: Client) -> str:
    """A version with one frame `f` of two masks."""
    version = await add_version(client, LABELS)
    await add_frames(client, version, frame("f", "classes", "matte"))
    return version
