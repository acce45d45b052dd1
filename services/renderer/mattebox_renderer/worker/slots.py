"""The jobs under way, at most as many as there are slots."""

import asyncio
from collections.abc import Coroutine
from typing import Any, NamedTuple

import structlog

from mattebox_runtime.events import Lane
from mattebox_runtime.streams.consumer import Consumer, Delivery

log = structlog.get_logger()


class Job(NamedTuple):
    """A delivery, and the consumer it was handed to."""

    consumer: Consumer
    delivery: Delivery


class Slots:
    """Runs jobs as tasks and knows which are held."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._jobs: dict[asyncio.Task[None], Job] = {}
        self._changed = asyncio.Event()

    @property
    def free(self) -> int:
        """Slots without a job; a lane that was served while another was waited for may take one more than there are."""
        return max(0, self._capacity - len(self._jobs))

    def start(self, job: Job, work: Coroutine[Any, Any, None]) -> None:
        """Run the work of a job in a slot."""
        task = asyncio.create_task(work, name=f"job {job.delivery.seq}")
        self._jobs[task] = job
        task.add_done_callback(self._end)

    def held(self, consumer: Consumer) -> list[tuple[Lane, bytes]]:
        """Give lane and id of each job under way that was handed to this consumer."""
        return [(job.delivery.lane, job.delivery.id) for job in self._jobs.values() if job.consumer is consumer]

    async def wait_free(self) -> None:
        """Wait until there is a free slot."""
        while not self.free:
            self._changed.clear()
            await self._changed.wait()

    async def drain(self, grace_s: float) -> None:
        """Let the jobs under way finish for a while, then cancel those that are left."""
        if self._jobs:
            await asyncio.wait(self._jobs, timeout=grace_s)
        unfinished = list(self._jobs)
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished)

    def _end(self, task: asyncio.Task[None]) -> None:
        job = self._jobs.pop(task)
        self._changed.set()
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            # Its lease runs out, and it is taken again as if this worker had died over it.
            log.error("job dropped", seq=job.delivery.seq, exc_info=fault)
