"""Ingestion: one NDJSON stream into the real registry, against one request for each frame done the plain way.

The clock stops twice: when the registry has acknowledged the last frame, and when the last job is in the stream. The
registry's memory is watched all the while.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

import aiohttp
import psutil
import redis

from benchmarks import plain
from benchmarks.documents import MASK_LABELS, frame_document
from benchmarks.report import Report, Row
from benchmarks.stack import Stack, free_port, is_ready, process, running_stack, wait_for

FRAMES = 100_000
PLAIN_FRAMES = 3_000
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


async def _post_stream(stack: Stack, documents: Sequence[bytes]) -> tuple[float, float]:
    """Seconds until acknowledged, and until the last job is in the stream."""
    api = f"{stack.url}/api/v1"
    timeout = aiohttp.ClientTimeout(total=600)
    async with aiohttp.ClientSession(headers=stack.headers, timeout=timeout, raise_for_status=True) as session:
        async with session.post(f"{api}/datasets", json={"name": "bench"}) as answer:
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
    await asyncio.to_thread(_until_published, stack, len(documents))
    return acknowledged, time.perf_counter() - start


def _until_published(stack: Stack, jobs: int) -> None:
    with redis.Redis(unix_socket_path=str(stack.redis_socket)) as client:

        def published() -> bool:
            streams = list(client.scan_iter("mattebox:frames:*"))
            return bool(streams) and client.xlen(streams[0]) >= jobs

        wait_for(published, "the last job in the stream", timeout_s=120)


def _measure_plain(stack: Stack, documents: Sequence[bytes]) -> float:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.plain", str(stack.directory), str(stack.redis_socket), str(port)]
    with process(command, stack.directory / "plain.log", {}):
        wait_for(lambda: is_ready(f"http://127.0.0.1:{port}"), "the plain server")
        return asyncio.run(plain.frames_per_second(port, documents))


def run() -> Report:
    """Measure both ways on the same documents."""
    documents = [frame_document(i) for i in range(FRAMES)]
    with running_stack(settings={"MATTEBOX_STREAM_WINDOW": str(10 * FRAMES)}) as stack:
        before = _measure_plain(stack, documents[:PLAIN_FRAMES])
        memory = _Memory(stack.registry.pid)
        with memory.watched():
            acknowledged_s, published_s = asyncio.run(_post_stream(stack, documents))
        after = _measure_plain_again(stack, documents)
    plain_rate = (before + after) / 2
    acknowledged, published = FRAMES / acknowledged_s, FRAMES / published_s
    return Report(
        name="ingest",
        what=f"{FRAMES:,} frames of {len(documents[0])} bytes, HTTP to committed and published",
        rows=[
            Row("one request per frame, the plain way", plain_rate, "frames/s", 1.0, "plain way"),
            Row("NDJSON stream, acknowledged", acknowledged, "frames/s", acknowledged / plain_rate, "plain way"),
            Row("NDJSON stream, published", published, "frames/s", published / plain_rate, "plain way", ">= 60x"),
            Row("registry's memory, highest", memory.peak_bytes / 2**20, "MiB", bar="<= 300 MiB"),
        ],
    )


def _measure_plain_again(stack: Stack, documents: Sequence[bytes]) -> float:
    (stack.directory / "plain.db").unlink()
    for suffix in ("-wal", "-shm"):
        (stack.directory / f"plain.db{suffix}").unlink(missing_ok=True)
    return _measure_plain(stack, documents[:PLAIN_FRAMES])
