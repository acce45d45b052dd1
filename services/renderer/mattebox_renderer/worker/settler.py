"""Sends the results of finished jobs, all that are ready at a time in one step."""

import asyncio

import structlog

from mattebox_renderer.worker.slots import Job
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.streams.consumer import Consumer

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

    async def step(self) -> None:
        """Settle what is waiting. Raises RedisError, after which it is still waiting."""
        await self._filled.wait()
        batch = self._waiting[:]
        for consumer in {job.consumer for job, _, _ in batch}:
            await self._finish(consumer, [entry for entry in batch if entry[0].consumer is consumer])
        self._waiting = self._waiting[len(batch) :]
        if not self._waiting:
            self._filled.clear()

    async def _finish(self, consumer: Consumer, batch: list[tuple[Job, bytes, asyncio.Future[None]]]) -> None:
        answers = await consumer.finish([(job.delivery, result) for job, result, _ in batch])
        for (job, _, settled), accepted in zip(batch, answers, strict=True):
            if not settled.done():
                settled.set_result(None)
            if not accepted:
                self._metrics.results_refused.inc()
                log.info("result refused", seq=job.delivery.seq, reason="the job is no longer this worker's")
