"""Results are sent with their pictures, several at a time where nobody waits for them."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Sequence

import pytest
from redis.exceptions import RedisError

from mattebox_renderer.worker import settler as settling
from mattebox_renderer.worker.settler import CACHE_TRIES, NO_ROOM, Settler
from mattebox_renderer.worker.slots import Job, Slots
from mattebox_runtime import redis_keys
from mattebox_runtime.events import CachedPreview
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.preview_cache import RedisPreviewCache
from mattebox_runtime.streams.client import StreamClients, open_clients
from mattebox_runtime.streams.consumer import Consumer, Delivery, Identity, lane_stream
from support.redis_process import RedisProcess, running_redis

PICTURE = CachedPreview(bytes(16), "ready", "image/webp", 1, 1, b"picture", b"report")


class Finishing:
    """Jobs that are at their end."""

    def __init__(self, clients: StreamClients, metrics: RendererMetrics, preview_ttl_s: int = 60) -> None:
        self.consumer = Consumer(clients, "g", Identity("me", "token"))
        self.settler = Settler(metrics, preview_ttl_s=preview_ttl_s)
        self.slots = Slots(16, 0, on_room=self.settler.wake)
        self._clients = clients
        self._pictures: Sequence[CachedPreview] = ()

    async def finish(self, number: int, *pictures: CachedPreview) -> None:
        """Let a job end with these pictures."""
        self._pictures = pictures
        self.slots.start(self.consumer, Delivery("bulk", b"%d-0" % number, b"", 1), self._settle)
        await asyncio.sleep(0)

    async def _settle(self, job: Job) -> None:
        await self.settler.settle(job, b"result", self._pictures)

    async def flush(self) -> None:
        """Settle what waits."""
        await self.settler.flush(self.consumer, lambda _: NO_ROOM)

    async def hand_out(self, count: int) -> None:
        """Make jobs from number 1 on this consumer's."""
        await self.consumer.join()
        for number in range(1, count + 1):
            await self._clients.commands.xadd(lane_stream("g", "bulk"), {"e": b"event"}, id=f"{number}-0")
        assert len(await self.consumer.read(count)) == count

    async def told(self) -> int:
        """Count the results that are out."""
        return int(await self._clients.commands.xlen(redis_keys.previews_stream("g")))

    async def cached(self) -> CachedPreview | None:
        """Give the picture that is cached."""
        return await RedisPreviewCache(self._clients.line).get(PICTURE.key)


@pytest.fixture
def metrics() -> RendererMetrics:
    """What is counted."""
    return RendererMetrics()


@pytest.fixture
def server() -> Generator[RedisProcess, None, None]:
    """A server of this test alone."""
    with running_redis("--appendonly", "yes") as started:
        yield started


@pytest.fixture
async def finishing(redis_url: str, metrics: RendererMetrics) -> AsyncGenerator[Finishing, None]:
    """Two jobs under way on an empty Redis."""
    async with open_clients(redis_url) as clients:
        jobs = Finishing(clients, metrics)
        await jobs.hand_out(2)
        yield jobs
        await jobs.slots.drain(0)


async def test_results_gather_while_there_is_patience(finishing: Finishing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "GATHER_S", 60.0)
    due = asyncio.create_task(finishing.settler.wait_due(lambda jobs: len(jobs) < 2), name="due")
    await finishing.finish(1, PICTURE)
    await asyncio.sleep(0)
    assert not due.done()
    await finishing.finish(2)
    await due
    await finishing.flush()
    assert await finishing.told() == 2
    assert await finishing.cached() == PICTURE


async def test_patience_has_its_limit(finishing: Finishing) -> None:
    await finishing.finish(1)
    await finishing.settler.wait_due(lambda _: True)


async def test_pictures_are_sent_in_steps_of_bounded_size(
    finishing: Finishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MAX_BYTES_AT_ONCE", len(PICTURE.body) + 1)
    await finishing.finish(1, PICTURE)
    await finishing.finish(2, PICTURE)
    for number in (1, 2):
        await finishing.flush()
        assert await finishing.told() == number


async def test_a_picture_that_the_cache_refuses_is_told_of_all_the_same(
    redis_url: str, metrics: RendererMetrics
) -> None:
    async with open_clients(redis_url) as clients:
        jobs = Finishing(clients, metrics, preview_ttl_s=0)  # which Redis refuses
        await jobs.hand_out(1)
        await jobs.finish(1, PICTURE)
        await jobs.flush()
        assert await jobs.told() == 1
        assert metrics.collectors.get_sample_value("mattebox_preview_cache_errors_total") == 1
        await jobs.slots.drain(1)


async def test_results_outlast_a_redis_that_is_down_and_pictures_some_tries(
    server: RedisProcess, metrics: RendererMetrics
) -> None:
    async with open_clients(server.url) as clients:
        jobs = Finishing(clients, metrics)
        await jobs.hand_out(1)
        await jobs.finish(1, PICTURE)
        server.kill()
        for _ in range(CACHE_TRIES):
            with pytest.raises(RedisError):
                await jobs.flush()
        server.start("--appendonly", "yes")
        await jobs.flush()
        assert await jobs.told() == 1
        assert await jobs.cached() is None
        assert metrics.collectors.get_sample_value("mattebox_preview_cache_errors_total") == 1
        await jobs.slots.drain(1)
