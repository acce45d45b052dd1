"""A running registry, its renderer played by hand, and a version to look at; or all of it, each in a process."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from mattebox import aio
from support.live_stack import LiveRegistry, live_stack
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


@pytest.fixture(scope="session")
def readable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the renderer of `registry` may read."""
    return tmp_path_factory.mktemp("readable")


@pytest.fixture(scope="session")
def registry(readable: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRegistry]:
    """A registry and a renderer in processes of their own, for all tests; each has datasets of its own."""
    with live_stack(tmp_path_factory.mktemp("data"), file_roots=readable) as running:
        yield running


@pytest.fixture
def folder(readable: Path, tmp_path: Path) -> Path:
    """A folder of the test's own there."""
    made = readable / tmp_path.name
    made.mkdir()
    return made


@pytest.fixture
async def calls(registry: LiveRegistry) -> AsyncIterator[aio.Client]:
    """A client of it with the operator's token."""
    async with aio.Client(registry.url, registry.token) as opened:
        yield opened
