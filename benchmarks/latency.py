"""Latency of an idle system: from the answer to one ingested frame until its preview is told to be ready.

Beside it, in the same run, the render alone: the same bytes drawn in this process. The difference is what the service
adds: outbox, stream, fetch, child process, cache, result and event.
"""

import asyncio
import time

from benchmarks.frames import Api, ready_frames, session
from benchmarks.pictures import street_pair
from benchmarks.report import Report, Row, median
from benchmarks.stack import Stack, running_stack
from benchmarks.stages import split, watched
from mattebox_renderer.render import Limits, draw
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec
from mattebox_runtime.tables import Entry, ValueKind, pack_table, table_digest

FRAMES = 60
MASK_LABELS = [{"value": [i, i, i], "labels": [f"{i}"], "color": f"#{i * 7:02x}80ff"} for i in range(34)]


async def _frames_one_by_one(stack: Stack, source: bytes, mask: bytes, first: int) -> list[tuple[float, float]]:
    """From number `first` on, when each frame was answered, and when its preview was told to be ready."""
    async with session(stack) as http:
        api = Api(http, stack)
        version = await api.create_version(f"latency {first}", MASK_LABELS)
        source_uri, mask_uri = await api.upload(source), await api.upload(mask)
        taken: list[tuple[float, float]] = []
        async with http.get(f"{api.base}/versions/{version}/events") as events:
            ready = ready_frames(events)
            for index in range(first, first + FRAMES):
                # A timestamp of its own gives each frame a key of its own, so that nothing comes from the cache.
                masks = [{"id": "semantic", "uri": mask_uri, "timestamp": index}]
                frame = {"id": f"f{index}", "sources": [{"id": "s", "uri": source_uri, "masks": masks}]}
                await api.call("PUT", f"/versions/{version}/frames/f{index}", json=frame)
                answered = time.time()
                frame_id, told = await anext(ready)
                assert frame_id == f"f{index}"
                taken.append((answered, told))
        return taken[10:]


def _render_ms(source: bytes, mask: bytes) -> float:
    table = pack_table(Entry(i * 0x010101, ValueKind.RGB, (i * 7, 128, 255), 1.0) for i in range(34))
    digest = table_digest(table)
    masks = (MaskSpec("semantic", "", "segmentation", 0.6, table=digest),)
    spec = RenderSpec(SourceSpec(""), masks)
    taken = []
    for _ in range(FRAMES):
        start = time.perf_counter()
        draw(spec, source, [mask], {digest: table}, Limits())
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken[10:])


def run() -> Report:
    """Measure on a 2048x1024 JPEG with an 8-bit label mask, 640 px preview."""
    source, mask = street_pair((2048, 1024))
    with running_stack(renderers=1) as stack:
        frames = asyncio.run(_frames_one_by_one(stack, source, mask, 0))
        alone = _render_ms(source, mask)
        # By themselves: watching costs Redis time.
        with watched(stack.redis_socket) as seen:
            watched_frames = asyncio.run(_frames_one_by_one(stack, source, mask, FRAMES))
        stages = split(seen, watched_frames)
    taken = [(told - answered) * 1000 for answered, told in frames]
    middle, slow = median(taken), sorted(taken)[int(len(taken) * 0.95)]
    return Report(
        name="latency",
        what=f"ingest answer to ready, idle system, {len(taken)} frames one by one",
        rows=[
            Row("render alone, in this process", alone, "ms", 1.0, "render alone"),
            Row("ingest answer to ready, p50", middle, "ms", middle / alone, "render alone"),
            Row("ingest answer to ready, p95", slow, "ms", slow / alone, "render alone"),
            Row("added by the service, p50", middle - alone, "ms", bar="<= 15 ms"),
            *(Row(f"of that way: {name}, p50", median(times), "ms") for name, times in stages.items()),
        ],
    )
