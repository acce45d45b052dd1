"""Serving: a cached preview of about 40 KB and its 304, against an aiohttp handler that answers "ok".

The three are driven in turn by the same load generator, each server in a process of its own.
"""

import asyncio
import sys

from benchmarks.frames import Api, session
from benchmarks.load import requests_per_second
from benchmarks.pictures import street_pair
from benchmarks.report import Report, Row, median
from benchmarks.stack import Stack, free_port, is_ready, process, running_stack, wait_for

ROUNDS = 5
REQUESTS = 30_000
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


def run() -> Report:
    """Interleave the three servers."""
    with running_stack(renderers=1) as stack:
        path, body, etag = asyncio.run(_cached_preview(stack))
        null_port = free_port()
        command = [sys.executable, "-m", "benchmarks.null_server", str(null_port)]
        with process(command, stack.directory / "null.log", {}):
            wait_for(lambda: is_ready(f"http://127.0.0.1:{null_port}"), "the null server")
            null: list[float] = []
            cached: list[float] = []
            unchanged: list[float] = []
            for _ in range(ROUNDS):
                null.append(requests_per_second(null_port, "/", stack.headers, REQUESTS))
                cached.append(requests_per_second(stack.port, path, stack.headers, REQUESTS))
                headers = {**stack.headers, "If-None-Match": etag}
                unchanged.append(requests_per_second(stack.port, path, headers, REQUESTS))
    floor = median(null)
    size = f"preview of {len(body) / 1000:.0f} KB"
    return Report(
        name="serve",
        what=f"{size}, {REQUESTS:,} requests a round, median of {ROUNDS} interleaved rounds",
        rows=[
            Row('aiohttp, "ok"', floor, "req/s", 1.0, "null handler"),
            Row("cached preview, 200", median(cached), "req/s", median(cached) / floor, "null handler", ">= 0.70x"),
            Row("by ETag, 304", median(unchanged), "req/s", median(unchanged) / floor, "null handler", ">= 0.85x"),
        ],
    )
