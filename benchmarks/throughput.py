"""Throughput of the whole service: two renderers against one, and what a preview costs beside its drawing.

The frames come in by one request while the renderers wait; the clock runs from its answer until the last preview is
told. On a machine with two cores the second renderer takes its share from Redis, the registry and this process.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import aiohttp
import psutil
import redis

from benchmarks.frames import Api, ready_frames, session
from benchmarks.pictures import street_pair
from benchmarks.report import Report, Row, median
from benchmarks.stack import Stack, running_renderer, running_stack, wait_for
from mattebox_runtime import redis_keys

FRAMES = 200
ROUNDS = 3
SIZE = (1280, 640)
MASK_LABELS = [{"value": [i, i, i], "labels": [f"{i}"], "color": f"#{i * 7:02x}80ff"} for i in range(34)]


class Spent(NamedTuple):
    """Processor seconds so far."""

    drawing: float
    renderers: float
    registry: float
    redis: float


class _Renderers:
    """Some renderers that wait for jobs."""

    def __init__(self, stack: Stack, renderers: Sequence[psutil.Process]) -> None:
        self._stack = stack
        self._renderers = renderers
        self._registry = psutil.Process(stack.registry.pid)

    def spent(self) -> Spent:
        with redis.Redis(unix_socket_path=str(self._stack.redis_socket)) as client:
            server = client.info("cpu")
        children = [child for renderer in self._renderers for child in renderer.children()]
        return Spent(
            sum(map(_cpu_s, children)),
            sum(map(_cpu_s, self._renderers)),
            _cpu_s(self._registry),
            server["used_cpu_sys"] + server["used_cpu_user"],
        )


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def _waiting_renderers(stack: Stack, count: int) -> Iterator[_Renderers]:
    with ExitStack() as renderers, redis.Redis(unix_socket_path=str(stack.redis_socket)) as client:
        started = [renderers.enter_context(running_renderer(stack, number)) for number in range(count)]
        claims = [redis_keys.worker(f"bench-{number}") for number in range(count)]
        wait_for(lambda: client.exists(*claims) == count, "the renderers")
        yield _Renderers(stack, [psutil.Process(renderer.pid) for renderer in started])


async def _draw_all(api: Api, http: aiohttp.ClientSession, uris: tuple[str, str], round_: int) -> float:
    """Previews per second."""
    source, mask = uris
    version = await api.create_version(f"throughput {round_}", MASK_LABELS)
    # A timestamp of its own gives each frame a key of its own, so that nothing comes from the cache.
    frames = [
        {"id": f"f{n}", "sources": [{"uri": source, "masks": [{"uri": mask, "timestamp": round_ * FRAMES + n}]}]}
        for n in range(FRAMES)
    ]
    async with http.get(f"{api.base}/versions/{version}/events") as events:
        ready = ready_frames(events)
        await api.call("POST", f"/versions/{version}/frames", json=frames)
        began = time.time()
        told = [await anext(ready) for _ in frames]
        return FRAMES / (told[-1][1] - began)


async def _measure(stack: Stack, source: bytes, mask: bytes) -> tuple[list[float], list[float], list[Spent]]:
    one: list[float] = []
    two: list[float] = []
    costs: list[Spent] = []
    async with session(stack) as http:
        api = Api(http, stack)
        uris = await api.upload(source), await api.upload(mask)
        for number in range(ROUNDS):
            with _waiting_renderers(stack, 1) as renderers:
                before = renderers.spent()
                one.append(await _draw_all(api, http, uris, 2 * number))
                costs.append(Spent(*((b - a) / FRAMES * 1000 for a, b in zip(before, renderers.spent(), strict=True))))
            with _waiting_renderers(stack, 2):
                two.append(await _draw_all(api, http, uris, 2 * number + 1))
    return one, two, costs


def run() -> Report:
    """Take turns with one renderer and with two."""
    source, mask = street_pair(SIZE)
    with running_stack() as stack:
        one, two, costs = asyncio.run(_measure(stack, source, mask))
    drawing, *beside = (median(part) for part in zip(*costs, strict=True))
    return Report(
        name="throughput",
        what=f"{FRAMES} previews of {SIZE[0]}x{SIZE[1]}, ingest answer to the last event, {ROUNDS} interleaved rounds",
        rows=[
            Row("one renderer", median(one), "previews/s", 1.0, "one renderer"),
            Row("two renderers", median(two), "previews/s", median(two) / median(one), "one renderer", ">= 1.7x"),
            Row("processor, drawing", drawing, "ms/preview"),
            *(
                Row(f"processor, {name}", spent, "ms/preview")
                for name, spent in zip(("renderer beside it", "registry", "Redis"), beside, strict=True)
            ),
            Row("processor beside the drawing, in all", sum(beside), "ms/preview", bar="<= 2 ms"),
        ],
    )
