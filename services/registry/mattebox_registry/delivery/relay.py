"""The relay: brings owed jobs into their streams, and outdated ones out of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog
from redis.asyncio import Redis

from mattebox_registry.delivery.generation import Generation
from mattebox_registry.delivery.results import ResultReader
from mattebox_registry.delivery.tables import TableShelf
from mattebox_registry.records import Job
from mattebox_registry.store.port import JobStore
from mattebox_runtime.codec import CodecError
from mattebox_runtime.events import Failure, Lane, RenderEvent, RenderResult, encode
from mattebox_runtime.metrics import RegistryMetrics
from mattebox_runtime.spec import table_digests
from mattebox_runtime.streams.consumer import LANES, lane_stream
from mattebox_runtime.streams.scripts import load_script, pack_list

BATCH = 1_000
"""Jobs put into a stream by one command, for which Redis lets everybody else wait."""

BATCHES_AT_ONCE = 4
"""Noted as published by one write: each has to wait for its turn and for the disk."""

TICK_S = 1.0
"""Between two looks at what nobody woke the relay for."""

FULL_TICK_S = 0.2
"""The same while the bulk lane is full, where each settled job makes room."""

Complete = Callable[[Sequence[Job]], Awaitable[list[Job]]]

log = structlog.get_logger()


class Relay:
    """Publishes each job under its own number, so that publishing it again changes nothing. There is one relay."""

    def __init__(  # noqa: PLR0913 - the one place where the parts of delivery meet
        self,
        store: JobStore,
        redis: Redis,
        *,
        complete: Complete,
        generation: Generation,
        tables: TableShelf,
        results: ResultReader,
        sweep: Callable[[], None],
        wake: asyncio.Event,
        window: int,
        metrics: RegistryMetrics,
    ) -> None:
        """`complete` gives jobs their specs, `window` is the number of bulk jobs that may be in Redis, and `sweep` is
        called when Redis lost something.
        """
        self._store = store
        self._redis = redis
        self._complete = complete
        self._generation = generation
        self._tables = tables
        self._results = results
        self._sweep = sweep
        self._wake = wake
        self._window = window
        self._metrics = metrics
        self._script = load_script(redis, "publish")
        self._announce_after = 0.0
        self._full = False

    async def step(self) -> None:
        """Wait until woken or for a tick, then publish what is owed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FULL_TICK_S if self._full else TICK_S):
                await self._wake.wait()
        self._wake.clear()
        try:
            await self._announce()
            await self._publish_all()
            await self._withdraw()
        except Exception:
            self._wake.set()
            raise

    async def _announce(self) -> None:
        if time.monotonic() < self._announce_after:
            return
        if await self._generation.announce():
            self._tables.forget()
            self._sweep()
        self._announce_after = time.monotonic() + TICK_S

    async def _publish_all(self) -> None:
        await self._publish_interactive()
        outstanding = await self._store.outstanding("bulk")
        self._metrics.outbox_jobs.labels("bulk").set(outstanding)
        room = self._window - outstanding
        while room > 0 and (published := await self._publish("bulk", min(BATCHES_AT_ONCE * BATCH, room))):
            room -= published
            await self._publish_interactive()
        self._full = room <= 0

    async def _publish_interactive(self) -> None:
        while await self._publish("interactive", BATCH):
            pass

    async def _publish(self, lane: Lane, limit: int) -> int:
        jobs = await self._store.unpublished(lane, limit)
        if not jobs:
            return 0
        drawable = await self._with_tables(await self._complete(jobs))
        refused = await self._send_all(lane, drawable)
        if refused and await self._are_owed(refused):
            await self._generation.rotate()
        else:
            # What is not drawn any more is left behind too.
            await self._store.mark_published(lane, [job.seq for job in jobs])
        return len(jobs)

    async def _send_all(self, lane: Lane, jobs: Sequence[Job]) -> list[bytes]:
        """Add jobs to their stream; give the ids that it refused without holding them."""
        refused: list[bytes] = []
        packed = _packed(jobs[:BATCH])
        for first in range(0, len(jobs), BATCH):
            if first and lane == "bulk":
                # Between any two batches, or a click would wait behind a million frames.
                await self._publish_interactive()
            sending = asyncio.create_task(self._send(lane, packed), name="publish")
            try:
                # Once they are on their way, the next are packed while Redis has them.
                await asyncio.sleep(0)
                packed = _packed(jobs[first + BATCH : first + 2 * BATCH])
            finally:
                refused += await sending
        return refused

    async def _send(self, lane: Lane, packed: bytes) -> list[bytes]:
        refused: list[bytes] = await self._script([lane_stream(self._store.generation, lane)], [packed])
        return refused

    async def _are_owed(self, refused: list[bytes]) -> bool:
        """Say whether jobs that the stream refused without holding them were never done.

        Those were done whose result came before they were marked as published. The numbers of the others were used up
        by somebody else: the stream is not this database's.
        """
        await self._results.drain()
        return await self._store.are_owed([int(id_.partition(b"-")[0]) for id_ in refused])

    async def _with_tables(self, jobs: list[Job]) -> list[Job]:
        """Publish the label tables of jobs; jobs whose table is nowhere end here, and the others are given back."""
        unknown = await self._tables.publish(_digests_among(jobs))
        if not unknown:
            return jobs
        lost = [job for job in jobs if not unknown.isdisjoint(_digests(job))]
        log.error("label tables are not in the database", tables=len(unknown), jobs=len(lost))
        await self._results.apply([_given_up(job) for job in lost])
        return [job for job in jobs if unknown.isdisjoint(_digests(job))]

    async def _withdraw(self) -> None:
        while jobs := await self._store.withdrawn(BATCH):
            for lane in LANES:
                ids = [f"{job.seq}-0" for job in jobs if job.lane == lane]
                if ids:
                    await self._redis.xdel(lane_stream(self._store.generation, lane), *ids)
            await self._store.forget_withdrawn([job.seq for job in jobs])


def _packed(jobs: Sequence[Job]) -> bytes:
    """Pack jobs as the script takes them: id, event, id, event."""
    return pack_list([part for job in jobs for part in (f"{job.seq}-0", encode(_event(job)))])


def _event(job: Job) -> RenderEvent:
    return RenderEvent(
        type="frame_added" if job.lane == "bulk" else "preview_requested",
        key=job.key,
        version=job.version_id,
        frame=job.frame_id,
        spec=job.spec or b"",
        force=job.force,
    )


def _digests_among(jobs: Sequence[Job]) -> set[bytes]:
    """Give all that the jobs need, and maybe some more."""
    found: set[bytes] = set()
    for tables in {job.tables for job in jobs}:
        found.update(tables or ())
    return found.union(*(_digests(job) for job in jobs if job.tables is None))


def _digests(job: Job) -> frozenset[bytes]:
    try:
        return table_digests(job.spec or b"")
    except CodecError:
        # The renderer will find the same and say so.
        return frozenset()


def _given_up(job: Job) -> RenderResult:
    return RenderResult(type="preview_failed", key=job.key, seq=job.seq, state="failed", failure=Failure("gave_up"))
