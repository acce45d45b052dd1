"""The way of a job through Redis: a worker whose deed does nothing, against bare redis-py on the same server.

The floor reads COUNT entries with XREADGROUP and acknowledges them with one XACK. The worker does that too, and decodes
each job, runs it as a task, sends its result, deletes it, all fenced: what a lost connection or a second worker of the
same name could otherwise double. Both take turns, in one process, on the loop that the services run on.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.report import Report, Row, median
from benchmarks.stack import running_redis
from mattebox_renderer.settings import Settings
from mattebox_renderer.worker import Worker
from mattebox_renderer.worker.handler import Ending
from mattebox_renderer.worker.slots import Seat
from mattebox_runtime import redis_keys
from mattebox_runtime.events import RenderEvent, encode
from mattebox_runtime.lifecycle import cancel_on_exit
from mattebox_runtime.logs import configure_logs
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.service import run_loop
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec
from mattebox_runtime.streams.client import StreamClients, open_clients
from mattebox_runtime.streams.consumer import Consumer, Identity, lane_stream
from mattebox_runtime.streams.scripts import load_script, pack_list

COUNT = 10
SLOTS = COUNT + 3
"""Of which three are for the interactive lane only."""
JOBS = 2_000
LONE_JOBS = 200
ROUNDS = 15
ROUNDS_S = 20.0
"""No round begins after so long."""
PATIENCE_S = 10.0
"""Longest wait for the worker in one round, a hundred times what it takes."""
GENERATION = "bench"
STREAM = lane_stream(GENERATION, "bulk")
EVENT = encode(
    RenderEvent(
        type="frame_added",
        key=bytes(16),
        version="v-0123456789abcdef",
        frame="frame-0000001",
        spec=RenderSpec(
            SourceSpec("s3://datasets/leftImg8bit/train/aachen/aachen_000001_000019_leftImg8bit.png"),
            (MaskSpec("semantic", "s3://datasets/gtFine/train/aachen_000001_labelIds.png", "segmentation", 0.6),),
        ).encode(),
    )
)


class Cost(NamedTuple):
    """Of one job, in microseconds."""

    wall_us: float
    client_us: float
    """Processor time of this process."""
    server_us: float
    """Processor time of Redis."""


class WorkerStalled(Exception):
    """The worker has left most jobs undone for far too long."""


class _Deeds:
    """In place of fetching and drawing: notes when the latest job began, and when so many have."""

    def __init__(self, expected: int = 0) -> None:
        self.began = asyncio.Event()
        self.began_at = 0.0
        self.left = expected
        self.all_began = asyncio.Event()
        self.draws_waiting = 0

    async def handle(self, event: RenderEvent, seat: Seat) -> Ending:  # noqa: ARG002 - what a Worker calls
        self.began_at = time.perf_counter()
        self.began.set()
        self.left -= 1
        if not self.left:
            self.all_began.set()
        return Ending("preview_rendered", "ready")


class _Bench:
    def __init__(self, clients: StreamClients) -> None:
        self._clients = clients
        self._redis = clients.commands
        self._publish = load_script(clients.commands, "publish")
        self._seq = 0

    async def fill(self, jobs: int) -> None:
        """Publish jobs as the relay does."""
        for start in range(0, jobs, 500):
            numbers = range(self._seq + 1, self._seq + 1 + min(500, jobs - start))
            self._seq = numbers[-1]
            await self._publish([STREAM], [pack_list([part for n in numbers for part in (f"{n}-0", EVENT)])])

    async def empty(self) -> None:
        """Begin as after a first start."""
        await self._redis.flushall()
        await self._redis.set(redis_keys.GENERATION, GENERATION)
        await Consumer(self._clients, GENERATION, Identity("", "")).join()

    @asynccontextmanager
    async def working(self, deeds: _Deeds) -> AsyncIterator[None]:
        """Run a worker that takes COUNT jobs at a time."""
        stop = asyncio.Event()
        worker = Worker(self._clients, deeds, Settings(slots=SLOTS), name="bench", metrics=RendererMetrics())
        async with cancel_on_exit(worker.run(stop), name="worker") as running:
            yield
            stop.set()
            await running

    async def drain_by_worker(self) -> Cost:
        """Time the worker over JOBS jobs, until each of their results is out."""
        await self.empty()
        await self.fill(JOBS)
        deeds = _Deeds(JOBS)
        before = await self._spent()
        async with self.working(deeds):
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await deeds.all_began.wait()
                    await self._all_told()
            except TimeoutError:
                msg = f"the worker left {deeds.left:,} of {JOBS:,} jobs undone in {PATIENCE_S:.0f} s"
                raise WorkerStalled(msg) from None
            return _per_job(before, await self._spent())

    async def _all_told(self) -> None:
        while await self._redis.xlen(redis_keys.previews_stream(GENERATION)) < JOBS:  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.001)

    async def drain_bare(self) -> Cost:
        """Time bare redis-py over as many."""
        await self.empty()
        await self.fill(JOBS)
        left = JOBS
        before = await self._spent()
        while left:
            reply: Any = await self._redis.xreadgroup(redis_keys.GROUP, "bare", {STREAM: ">"}, count=COUNT)
            ((_, entries),) = reply
            await self._redis.xack(STREAM, redis_keys.GROUP, *(id_ for id_, _ in entries))
            left -= len(entries)
        return _per_job(before, await self._spent())

    async def _spent(self) -> Cost:
        server = await self._redis.info("cpu")
        server_s = server["used_cpu_sys"] + server["used_cpu_user"]
        return Cost(*(seconds * 1e6 for seconds in (time.perf_counter(), time.process_time(), server_s)))

    async def lone_by_worker(self) -> list[float]:
        """Milliseconds from publishing a job to an idle worker until its deed begins."""
        await self.empty()
        deeds = _Deeds()
        async with self.working(deeds):
            return await self._lone(lambda: _began(deeds))

    async def lone_bare(self) -> list[float]:
        """The same where nothing but a blocked XREADGROUP waits for it."""
        await self.empty()
        read = asyncio.Queue[float]()

        async def reading() -> None:
            for _ in range(LONE_JOBS):
                reply: Any = await self._redis.xreadgroup(
                    redis_keys.GROUP, "bare", {STREAM: ">"}, count=COUNT, block=1000
                )
                ((_, entries),) = reply
                read.put_nowait(time.perf_counter())
                await self._redis.xack(STREAM, redis_keys.GROUP, *(id_ for id_, _ in entries))

        async with cancel_on_exit(reading(), name="bare reader"):
            return await self._lone(read.get)

    async def _lone(self, begun: Callable[[], Awaitable[float]]) -> list[float]:
        taken = []
        for _ in range(LONE_JOBS):
            # So long that whatever the last one left to do is done and the reader waits again.
            await asyncio.sleep(0.005)
            published = time.perf_counter()
            await self.fill(1)
            taken.append((await begun() - published) * 1000)
        return taken


def _per_job(before: Cost, after: Cost) -> Cost:
    return Cost(*((now - then) / JOBS for then, now in zip(before, after, strict=True)))


async def _began(deeds: _Deeds) -> float:
    await deeds.began.wait()
    deeds.began.clear()
    return deeds.began_at


async def _measure(url: str) -> Report:
    async with open_clients(url) as clients:
        bench = _Bench(clients)
        costs: list[tuple[Cost, Cost]] = []
        began = time.monotonic()
        while len(costs) < ROUNDS and time.monotonic() - began < ROUNDS_S:
            costs.append((await bench.drain_bare(), await bench.drain_by_worker()))
        bare_ms, worker_ms = median(await bench.lone_bare()), median(await bench.lone_by_worker())
    return Report(
        name="queue",
        what=f"{JOBS:,} jobs a round, COUNT {COUNT}, {len(costs)} interleaved rounds; lone jobs: median of {LONE_JOBS}",
        rows=[
            *_rows("wall", [(b.wall_us, w.wall_us) for b, w in costs], bar="<= 1.2x (25 us where bare takes 21)"),
            *_rows("processor, client", [(b.client_us, w.client_us) for b, w in costs]),
            *_rows("processor, Redis", [(b.server_us, w.server_us) for b, w in costs]),
            Row("lone job until read, bare, p50", bare_ms, "ms", 1.0, "bare"),
            Row("lone job until its deed, worker, p50", worker_ms, "ms", worker_ms / bare_ms, "bare", "< 0.5 ms"),
        ],
    )


def _rows(what: str, samples: Sequence[tuple[float, float]], bar: str = "") -> list[Row]:
    """One row for bare redis-py and one for the worker; the ratio is the median of the rounds' ratios."""
    bare, worker = (median(side) for side in zip(*samples, strict=True))
    ratio = median([worker / bare for bare, worker in samples])
    return [
        Row(f"bare XREADGROUP and one XACK, {what}", bare, "us/job", 1.0, "bare"),
        Row(f"worker, {what}", worker, "us/job", ratio, "bare", bar),
    ]


def run() -> Report:
    """Take turns."""
    configure_logs("warning")
    with tempfile.TemporaryDirectory(prefix="mbx-") as directory, running_redis(Path(directory)) as socket:
        report: Report = run_loop(_measure(f"unix://{socket}"))
    return report
