"""Sends the results of finished jobs, all that are ready at a time in one step."""

import asyncio
from collections.abc import Callable, Collection

import structlog

from mattebox_renderer.worker.slots import Job, Room
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.streams.consumer import Consumer, Delivery

NO_ROOM = Room(0, 0)

log = structlog.get_logger()


class Settler:
    """Settles jobs through their consumers; results wait here while Redis is down."""

    def __init__(self, metrics: RendererMetrics) -> None:
        self._metrics = metrics
        self._waiting: list[tuple[Job, bytes, asyncio.Future[None]]] = []
        self._filled = asyncio.Event()

    async def settle(self, job: Job, result: bytes) -> None:
        """Send a job's packed result and return once it is settled, or found to be somebody else's."""
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, result, settled))
        self._filled.set()
        await settled

    def wake(self) -> None:
        """End `wait_filled`: there is nothing to settle perhaps, but room for other jobs."""
        self._filled.set()

    async def wait_filled(self) -> None:
        """Wait until there is something to settle, or room."""
        await self._filled.wait()

    async def flush(self, consumer: Consumer | None, room: Callable[[Collection[Job]], Room]) -> list[Delivery]:
        """Settle what is waiting, and take jobs from `consumer` into the `room` that there is without those jobs.

        Raises RedisError, after which what was waiting is waiting still.
        """
        self._filled.clear()
        batch = self._waiting[:]
        successors: list[Delivery] = []
        try:
            for owner in {job.consumer for job, _, _ in batch} | ({consumer} if consumer else set()):
                mine = [entry for entry in batch if entry[0].consumer is owner]
                wanted = room([job for job, _, _ in batch]) if owner is consumer else NO_ROOM
                if mine or wanted.bulk:
                    successors += await self._finish(owner, mine, wanted)
            self._waiting = self._waiting[len(batch) :]
        finally:
            if self._waiting:
                self._filled.set()
        return successors

    async def _finish(
        self, consumer: Consumer, batch: list[tuple[Job, bytes, asyncio.Future[None]]], wanted: Room
    ) -> list[Delivery]:
        finished = await consumer.finish(
            [(job.delivery, result) for job, result, _ in batch], successors=wanted.limit, kept=wanted.kept
        )
        for (job, _, settled), accepted in zip(batch, finished.accepted, strict=True):
            if not settled.done():
                settled.set_result(None)
            if not accepted:
                self._metrics.results_refused.inc()
                log.info("result refused", seq=job.delivery.seq, reason="the job is no longer this worker's")
        return finished.successors
