"""Ingestion: one NDJSON stream into the real registry, against one request for each frame done the plain way.

The clock stops twice: when the registry has acknowledged the last frame, and when the last job is in the stream. The
registry's memory is watched all the while. Every way has its turn in each round, and the middle of its rounds counts.
Beside the time on the clock stands the processor time of all processes together, which other work on the machine
lengthens less.
"""

import asyncio
import json
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import aiohttp
import psutil
import redis

from benchmarks import bare, plain
from benchmarks.documents import MASK_LABELS, frame_document
from benchmarks.report import Report, Row, median
from benchmarks.stack import Stack, free_port, is_ready, process, running_stack, wait_for

FRAMES = 40_000
PLAIN_FRAMES = 600
ROUNDS = 3
CONNECTIONS = 16
LINES_PER_CHUNK = 200


class _Memory:
    """Highest resident set of a process, looked at every 20 ms."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.start_bytes = self.peak_bytes = self._process.memory_info().rss
        self._stop = threading.Event()

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            self.peak_bytes = max(self.peak_bytes, self._process.memory_info().rss)

    @contextmanager
    def watched(self) -> Iterator[None]:
        thread = threading.Thread(target=self._watch)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()


async def _chunks(documents: Sequence[bytes]) -> AsyncIterator[bytes]:
    for start in range(0, len(documents), LINES_PER_CHUNK):
        yield b"\n".join(documents[start : start + LINES_PER_CHUNK]) + b"\n"


async def _post_stream(stack: Stack, documents: Sequence[bytes], number: int) -> tuple[float, float]:
    """Seconds until acknowledged, and until the last job is in the stream."""
    api = f"{stack.url}/api/v1"
    timeout = aiohttp.ClientTimeout(total=600)
    async with aiohttp.ClientSession(headers=stack.headers, timeout=timeout, raise_for_status=True) as session:
        async with session.post(f"{api}/datasets", json={"name": f"bench-{number}"}) as answer:
            dataset = (await answer.json())["id"]
        labelled = {"name": "v1", "metadata": {"mask_labels": MASK_LABELS}}
        async with session.post(f"{api}/datasets/{dataset}/versions", json=labelled) as answer:
            version = (await answer.json())["id"]
        start = time.perf_counter()
        headers = {"Content-Type": "application/x-ndjson"}
        url = f"{api}/versions/{version}/frames"
        async with session.post(url, data=_chunks(documents), headers=headers) as answer:
            verdict = await answer.json()
        acknowledged = time.perf_counter() - start
        assert verdict["created"] == len(documents), json.dumps(verdict)[:500]
    await asyncio.to_thread(_until_published, stack, (number + 1) * len(documents))
    return acknowledged, time.perf_counter() - start


def _until_published(stack: Stack, jobs: int) -> None:
    with redis.Redis(unix_socket_path=str(stack.redis_socket)) as client:

        def published() -> bool:
            streams = list(client.scan_iter("mattebox:frames:*"))
            return bool(streams) and client.xlen(streams[0]) >= jobs

        wait_for(published, "the last job in the stream", timeout_s=120)


class _Rates(NamedTuple):
    """What one round came to, in frames/s, but for the last three."""

    looped: float
    """The plain way over one connection."""
    concurrent: float
    """The plain way over CONNECTIONS connections."""
    bare: float
    acknowledged: float
    published: float
    looped_us: float
    """Processor time of all processes for each frame of the plain loop."""
    published_us: float
    """The same of the stream."""
    registry_us: float
    """Of the registry alone."""


def _processor_s() -> float:
    """Processor time that this process and its children have taken so far."""
    own = psutil.Process()
    times = [process.cpu_times() for process in (own, *own.children())]
    return sum(time.user + time.system for time in times)


def measure_plain(stack: Stack, documents: Sequence[bytes], connections: int) -> tuple[float, float]:
    """Frames/s of the plain way, and the processor time of each in us."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="mbx-plain-") as directory:
        command = [sys.executable, "-m", "benchmarks.plain", directory, str(stack.redis_socket), str(port)]
        with process(command, stack.directory / "plain.log", {}):
            wait_for(lambda: is_ready(f"http://127.0.0.1:{port}"), "the plain server")
            before = _processor_s()
            rate = asyncio.run(plain.frames_per_second(port, documents, connections=connections))
            return rate, (_processor_s() - before) / len(documents) * 1e6


def _measure_round(stack: Stack, documents: Sequence[bytes], number: int) -> _Rates:
    registry = psutil.Process(stack.registry.pid)
    looped, looped_us = measure_plain(stack, documents[:PLAIN_FRAMES], 1)
    before, all_before = registry.cpu_times(), _processor_s()
    acknowledged_s, published_s = asyncio.run(_post_stream(stack, documents, number))
    after, all_after = registry.cpu_times(), _processor_s()
    cpu_s = after.user + after.system - before.user - before.system
    concurrent, _ = measure_plain(stack, documents[:PLAIN_FRAMES], CONNECTIONS)
    floor = bare.frames_per_second(stack.directory, stack.redis_socket, documents)
    frames = len(documents)
    return _Rates(
        looped,
        concurrent,
        floor,
        frames / acknowledged_s,
        frames / published_s,
        looped_us,
        (all_after - all_before) / frames * 1e6,
        cpu_s / frames * 1e6,
    )


def run() -> Report:
    """Measure all ways on the same documents."""
    documents = [frame_document(i) for i in range(FRAMES)]
    with running_stack(settings={"MATTEBOX_STREAM_WINDOW": str(10 * FRAMES)}) as stack:
        memory = _Memory(stack.registry.pid)
        with memory.watched():
            rounds = [_measure_round(stack, documents, number) for number in range(ROUNDS)]
    middle = _Rates(*(median(samples) for samples in zip(*rounds, strict=True)))
    against = f"plain, {CONNECTIONS} connections"
    return Report(
        name="ingest",
        what=f"{FRAMES:,} frames of {len(documents[0])} bytes, HTTP to committed and published",
        rows=[
            Row("one request per frame, one after the other", middle.looped, "frames/s", 1.0, "plain loop"),
            Row(f"the same over {CONNECTIONS} connections", middle.concurrent, "frames/s", 1.0, against),
            Row("floor: no HTTP, no checks, one process", middle.bare, "frames/s", 1.0, "floor"),
            Row(
                "NDJSON stream, acknowledged",
                middle.acknowledged,
                "frames/s",
                middle.acknowledged / middle.looped,
                "plain loop",
            ),
            Row(
                "NDJSON stream, published",
                middle.published,
                "frames/s",
                middle.published / middle.looped,
                "plain loop",
                ">= 60x",
            ),
            Row("", middle.published, "frames/s", middle.published / middle.concurrent, against),
            Row("", middle.published, "frames/s", middle.published / middle.bare, "floor"),
            Row("processor for each frame, plain loop", middle.looped_us, "us", 1.0, "plain loop"),
            Row(
                "processor for each frame, NDJSON stream",
                middle.published_us,
                "us",
                middle.looped_us / middle.published_us,
                "plain loop",
            ),
            Row("of it the registry's", middle.registry_us, "us"),
            Row("registry's memory, highest", memory.peak_bytes / 2**20, "MiB", bar="<= 300 MiB"),
        ],
    )
