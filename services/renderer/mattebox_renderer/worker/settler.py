"""Caches the pictures of finished jobs and sends their results, of all that are ready at a time in one step."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from redis.exceptions import RedisError

from mattebox_renderer.worker.slots import Job, Room
from mattebox_runtime.events import CachedPreview
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.preview_cache import put_command
from mattebox_runtime.streams.consumer import Consumer, Delivery

NO_ROOM = Room(0, 0)

CACHE_TRIES = 3

GATHER_S = 0.2
"""How long a result waits for others, at most."""

MAX_BYTES_AT_ONCE = 4 * 2**20
"""Of pictures: what is sent in one step has to be answered within the time of one command."""

log = structlog.get_logger()


@dataclass(eq=False)
class _Settling:
    job: Job
    result: bytes
    pictures: Sequence[CachedPreview]
    since: float = field(default_factory=time.monotonic)
    tries: int = 0
    settled: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Settler:
    """Settles jobs through their consumers; results wait here while Redis is down."""

    def __init__(self, metrics: RendererMetrics, *, preview_ttl_s: int) -> None:
        self._metrics = metrics
        self._preview_ttl_s = preview_ttl_s
        self._waiting: list[_Settling] = []
        self._filled = asyncio.Event()

    async def settle(self, job: Job, result: bytes, pictures: Sequence[CachedPreview] = ()) -> None:
        """Cache a job's pictures, send its packed result; return once it is settled, or found to be somebody else's."""
        settling = _Settling(job, result, pictures)
        self._waiting.append(settling)
        self._filled.set()
        await settling.settled

    def wake(self) -> None:
        """Look again: there is nothing to settle perhaps, but room for other jobs."""
        self._filled.set()

    async def wait_due(self, is_patient: Callable[[Sequence[Job]], bool]) -> None:
        """Wait until there is something to settle, or room; results gather while `is_patient` with their jobs."""
        await self._filled.wait()
        if not self._waiting:
            return
        left_s = self._waiting[0].since + GATHER_S - time.monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(left_s):
                while is_patient([each.job for each in self._waiting]):
                    self._filled.clear()
                    await self._filled.wait()

    async def flush(self, consumer: Consumer | None, room: Callable[[Collection[Job]], Room]) -> list[Delivery]:
        """Settle what is waiting, and take jobs from `consumer` into the `room` that there is without those jobs.

        Raises RedisError, after which what was waiting is waiting still.
        """
        self._filled.clear()
        batch = self._next_batch()
        successors: list[Delivery] = []
        try:
            for owner in {each.job.consumer for each in batch} | ({consumer} if consumer else set()):
                mine = [each for each in batch if each.job.consumer is owner]
                wanted = room([each.job for each in batch]) if owner is consumer else NO_ROOM
                if mine or wanted.bulk:
                    successors += await self._finish(owner, mine, wanted)
            self._waiting = self._waiting[len(batch) :]
        except RedisError:
            for each in batch:
                self._count_try(each)
            raise
        finally:
            if self._waiting:
                self._filled.set()
        return successors

    def _next_batch(self) -> list[_Settling]:
        size = 0
        for number, each in enumerate(self._waiting):
            size += sum(len(picture.body) for picture in each.pictures)
            if size > MAX_BYTES_AT_ONCE and number:
                return self._waiting[:number]
        return self._waiting[:]

    async def _finish(self, consumer: Consumer, batch: Sequence[_Settling], wanted: Room) -> list[Delivery]:
        pictures = [picture for each in batch for picture in each.pictures]
        finished = await consumer.finish(
            [(each.job.delivery, each.result) for each in batch],
            ahead=[put_command(picture, self._preview_ttl_s) for picture in pictures],
            successors=wanted.limit,
            kept=wanted.kept,
            bulk_first=wanted.bulk_first,
        )
        for picture, told in zip(pictures, finished.ahead, strict=True):
            if isinstance(told, RedisError):
                self._tell_not_cached(picture, told)
        for each, accepted in zip(batch, finished.accepted, strict=True):
            if not each.settled.done():
                each.settled.set_result(None)
            if not accepted:
                self._metrics.results_refused.inc()
                log.info("result refused", seq=each.job.delivery.seq, reason="the job is no longer this worker's")
        return finished.successors

    def _count_try(self, settling: _Settling) -> None:
        """Give pictures up that were not cached in so many tries: results can wait in any number, pictures not."""
        settling.tries += 1
        if settling.tries == CACHE_TRIES:
            for picture in settling.pictures:
                self._tell_not_cached(picture, None)
            settling.pictures = ()

    def _tell_not_cached(self, picture: CachedPreview, error: RedisError | None) -> None:
        # The picture is sound; whoever asks for it and finds it gone has it drawn again.
        self._metrics.cache_errors.inc()
        reason = "redis is down" if error is None else str(error)
        log.warning("preview not cached", key=picture.key.hex(), bytes=len(picture.body), reason=reason)
