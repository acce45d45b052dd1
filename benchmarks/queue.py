"""The way of a job through Redis: a worker whose deed does nothing, against bare redis-py on the same server.

The floor reads COUNT entries with XREADGROUP and acknowledges them with one XACK. The worker does that too, and decodes
each job, runs it as a task, sends its result, deletes it, all fenced: what a lost connection or a second worker of the
same name could otherwise double. Both take turns, in one process, on the loop that the services run on.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from redis.asyncio import Redis

from benchmarks.report import Report, Row, median
from benchmarks.stack import running_redis
from mattebox_renderer.settings import Settings
from mattebox_renderer.worker import Worker
from mattebox_renderer.worker.handler import Ending
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
JOBS = 5_000
LONE_JOBS = 200
ROUNDS = 7
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
    """Of one event, in microseconds."""

    wall_us: float
    cpu_us: float


class _Deeds:
    """In place of fetching and drawing: counts the jobs and notes when the latest began."""

    def __init__(self) -> None:
        self.done = 0
        self.began = asyncio.Event()
        self.began_at = 0.0

    async def handle(self, event: RenderEvent) -> Ending:
        self.done += 1
        self.began_at = time.perf_counter()
        self.began.set()
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
        """Run a worker with COUNT slots."""
        stop = asyncio.Event()
        worker = Worker(self._clients, deeds, Settings(slots=COUNT), name="bench", metrics=RendererMetrics())
        async with cancel_on_exit(worker.run(stop), name="worker") as running:
            yield
            stop.set()
            await running

    async def drain_by_worker(self) -> Cost:
        """Time the worker over JOBS jobs, until each of their results is out."""
        await self.empty()
        await self.fill(JOBS)
        deeds = _Deeds()
        results = redis_keys.previews_stream(GENERATION)
        with _Clock() as clock:
            async with self.working(deeds):
                while deeds.done < JOBS:
                    deeds.began.clear()
                    await asyncio.sleep(0.005)
                while await self._redis.xlen(results) < JOBS:
                    await asyncio.sleep(0)
                clock.stop()
        return clock.cost(JOBS)

    async def drain_bare(self) -> Cost:
        """Time bare redis-py over as many."""
        await self.empty()
        await self.fill(JOBS)
        left = JOBS
        with _Clock() as clock:
            while left:
                ((_, entries),) = await self._redis.xreadgroup(redis_keys.GROUP, "bare", {STREAM: ">"}, count=COUNT)
                await self._redis.xack(STREAM, redis_keys.GROUP, *(id_ for id_, _ in entries))
                left -= len(entries)
            clock.stop()
        return clock.cost(JOBS)

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
                ((_, entries),) = await self._clients.blocking.xreadgroup(
                    redis_keys.GROUP, "bare", {STREAM: ">"}, count=COUNT, block=5000
                )
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


async def _began(deeds: _Deeds) -> float:
    await deeds.began.wait()
    deeds.began.clear()
    return deeds.began_at


class _Clock:
    def __enter__(self) -> "_Clock":
        self._cpu, self._wall = time.process_time(), time.perf_counter()
        return self

    def stop(self) -> None:
        self._cpu, self._wall = time.process_time() - self._cpu, time.perf_counter() - self._wall

    def __exit__(self, *_: object) -> None:
        pass

    def cost(self, events: int) -> Cost:
        return Cost(self._wall / events * 1e6, self._cpu / events * 1e6)


async def _measure(url: str) -> Report:
    bare: list[Cost] = []
    worker: list[Cost] = []
    async with open_clients(url) as clients:
        bench = _Bench(clients)
        for _ in range(ROUNDS):
            bare.append(await bench.drain_bare())
            worker.append(await bench.drain_by_worker())
        bare_ms, worker_ms = median(await bench.lone_bare()), median(await bench.lone_by_worker())
    bare_us, worker_us = (median([cost.wall_us for cost in costs]) for costs in (bare, worker))
    bare_cpu_us, worker_cpu_us = (median([cost.cpu_us for cost in costs]) for costs in (bare, worker))
    ratio = median([w.wall_us / b.wall_us for w, b in zip(worker, bare, strict=True)])
    return Report(
        name="queue",
        what=f"{JOBS:,} jobs a round, COUNT {COUNT}, {ROUNDS} interleaved rounds; lone jobs: median of {LONE_JOBS}",
        rows=[
            Row("bare XREADGROUP and one XACK, wall", bare_us, "us/job", 1.0, "bare"),
            Row("bare, processor", bare_cpu_us, "us/job"),
            Row("worker, wall", worker_us, "us/job", ratio, "bare", "<= 1.2x (25 us where bare takes 21)"),
            Row("worker, processor", worker_cpu_us, "us/job", worker_cpu_us / bare_cpu_us, "bare"),
            Row("lone job until read, bare, p50", bare_ms, "ms", 1.0, "bare"),
            Row("lone job until its deed, worker, p50", worker_ms, "ms", worker_ms / bare_ms, "bare", "< 0.5 ms"),
        ],
    )


def run() -> Report:
    """Take turns."""
    configure_logs("warning")
    with tempfile.TemporaryDirectory(prefix="mbx-") as directory, running_redis(Path(directory)) as socket:
        report: Report = run_loop(_measure(f"unix://{socket}"))
    return report
