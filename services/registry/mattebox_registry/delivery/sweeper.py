"""The sweeper: finds jobs that Redis lost and makes them due again, and forgets consumers that are no more."""

import asyncio
from contextlib import suppress

import structlog
from redis.asyncio import Redis

from mattebox_registry.delivery.results import ResultReader
from mattebox_registry.records import JobNumber
from mattebox_registry.settings import Settings
from mattebox_registry.store.port import JobStore
from mattebox_runtime.streams.consumer import LANES, forget_silent, lane_stream
from mattebox_runtime.streams.scripts import load_script, pack_list

BATCH = 500

SILENT_S = 3600.0
"""After which a consumer without a job is forgotten; one that comes back all the same is a new one."""

log = structlog.get_logger()


class Sweeper:
    """Compares what is owed with what is in the streams; age alone makes no job due, a slow renderer loses nothing."""

    def __init__(
        self, store: JobStore, redis: Redis, results: ResultReader, *, wake: asyncio.Event, settings: Settings
    ) -> None:
        """`wake` is set where jobs became due."""
        self._store = store
        self._redis = redis
        self._results = results
        self._wake = wake
        self._every_s = settings.sweep_s
        self._age_s = settings.lease_s
        self._soon = asyncio.Event()
        self._script = load_script(redis, "gone")

    def sweep_soon(self) -> None:
        """Look at once, at young jobs too: Redis is known to have lost something."""
        self._soon.set()

    async def step(self) -> None:
        """Wait until it is time, then look at every published job."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._every_s):
                await self._soon.wait()
        age_s = 0.0 if self._soon.is_set() else self._age_s
        found = await self._sweep(age_s)
        self._soon.clear()
        await forget_silent(self._redis, self._store.generation, silent_s=SILENT_S)
        if found:
            log.warning("jobs were lost and are published again", jobs=found)
            self._wake.set()

    async def _sweep(self, age_s: float) -> int:
        found = after_seq = 0
        while suspects := await self._store.published_before(age_s, after_seq, BATCH):
            after_seq = suspects[-1].seq
            gone = [seq for lane in LANES for seq in await self._gone([job for job in suspects if job.lane == lane])]
            if gone:
                # A job leaves its stream together with its result: only now is it known which were never done.
                await self._results.drain()
                found += await self._store.republish(gone)
        return found

    async def _gone(self, jobs: list[JobNumber]) -> list[int]:
        if not jobs:
            return []
        ids = await self._script(
            [lane_stream(self._store.generation, jobs[0].lane)], [pack_list([f"{job.seq}-0" for job in jobs])]
        )
        return [int(id_.partition(b"-")[0]) for id_ in ids]
