"""Serving: a cached preview of about 40 KB and its 304, against an aiohttp handler that answers "ok".

The three are driven in turn by the same load generator, each server in a process of its own.
"""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import psutil  # type: ignore[import-untyped]  # has no stubs of its own

from benchmarks.frames import Api, session
from benchmarks.load import CONNECTIONS, drive
from benchmarks.pictures import street_pair
from benchmarks.report import Report, Row, median
from benchmarks.stack import Stack, free_port, is_ready, process, running_stack, wait_for

ROUNDS = 9
REQUESTS = 5_000
SIZE = 1024
"""Longest side of the served preview: about 40 KB as WebP."""


async def _cached_preview(stack: Stack) -> tuple[str, bytes, str]:
    """Register one frame and render it; gives (path of its preview, its bytes, its ETag)."""
    source, mask = street_pair((2048, 1024))
    async with session(stack) as http:
        api = Api(http, stack)
        version = await api.create_version("serve", [{"value": [i, i, i], "labels": [f"{i}"]} for i in range(34)])
        masks = [{"id": "semantic", "uri": await api.upload(mask)}]
        frame = {"id": "f", "sources": [{"id": "s", "uri": await api.upload(source), "masks": masks}]}
        await api.call("PUT", f"/versions/{version}/frames/f", json=frame)
        body = await api.await_preview(version, "f", f"&size={SIZE}")
        path = f"/api/v1/versions/{version}/frames/f/preview?size={SIZE}"
        async with http.get(f"{stack.url}{path}") as answer:
            return path, body, answer.headers["ETag"]


@dataclass(frozen=True)
class Target:
    """One request to one server, and what each round came to."""

    name: str
    server: psutil.Process
    port: int
    path: str
    headers: Mapping[str, str]
    status: int = 200
    bar: str = ""
    per_second: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)

    def drive(self, requests: int) -> None:
        """Add a round."""
        before = _cpu_s(self.server)
        taken_s = drive(self.port, self.path, self.headers, status=self.status, requests=requests)
        self.cpu_us.append((_cpu_s(self.server) - before) * 1e6 / requests)
        self.per_second.append(requests / taken_s)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _rows(targets: Sequence[Target]) -> Iterator[Row]:
    null = targets[0]
    for target in targets:
        # Round by round, so that a neighbour that comes and goes slows both sides of a ratio.
        ratio = median([ours / floor for ours, floor in zip(target.per_second, null.per_second, strict=True)])
        cpu = median([floor / ours for ours, floor in zip(target.cpu_us, null.cpu_us, strict=True)])
        note = f"{median(target.cpu_us):.0f} us of CPU a request, {cpu:.2f}x"
        yield Row(target.name, median(target.per_second), "req/s", ratio, "null handler", target.bar, note)


def run() -> Report:
    """Interleave the three targets."""
    with running_stack(renderers=1) as stack:
        path, body, etag = asyncio.run(_cached_preview(stack))
        port = free_port()
        command = [sys.executable, "-m", "benchmarks.null_server", str(port)]
        with process(command, stack.directory / "null.log", {}) as null_server:
            wait_for(lambda: is_ready(f"http://127.0.0.1:{port}"), "the null server")
            null, registry = psutil.Process(null_server.pid), psutil.Process(stack.registry.pid)
            known = {**stack.headers, "If-None-Match": etag}
            targets = [
                Target('aiohttp, "ok"', null, port, "/", stack.headers),
                Target("cached preview, 200", registry, stack.port, path, stack.headers, bar=">= 0.70x"),
                Target("by ETag, 304", registry, stack.port, path, known, 304, bar=">= 0.85x"),
            ]
            for target in targets:
                target.drive(REQUESTS // 10)
                target.per_second.clear()
                target.cpu_us.clear()
            for _ in range(ROUNDS):
                for target in targets:
                    target.drive(REQUESTS)
    size = f"preview of {len(body) / 1000:.0f} KB"
    what = f"{size}, {REQUESTS:,} requests a round, {CONNECTIONS} connections, median of {ROUNDS} interleaved rounds"
    return Report(name="serve", what=what, rows=list(_rows(targets)))
