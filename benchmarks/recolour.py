"""Painting a preview anew in other colours against drawing it from its files, and what keeping it for that costs.

Processor time of drawing alone, in one thread: what a repaint saves of fetching comes on top. Encoding is the same in
both, and most of a repaint.
"""

import io
import time
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from PIL import Image

from benchmarks.render_inputs import Job, jobs
from benchmarks.render_peers.engine import spec_of
from benchmarks.report import Report, Row, median
from mattebox_renderer.outcome import Wish
from mattebox_renderer.render import draw
from mattebox_renderer.render.encode import encode
from mattebox_runtime.spec import PreviewFormat

ROUNDS = 15
BAR = ">= 5x; stretch 10x"

CASES: dict[str, tuple[PreviewFormat, ...]] = {
    "JPEG + P": ("jpeg", "webp"),
    "JPEG + L": ("jpeg", "webp"),
    "JPEG + RGB": ("jpeg", "webp"),
    "PNG + RGB": ("jpeg", "webp"),
    "640x480 + RGB": ("jpeg", "webp"),
    "12 MP + P": ("jpeg", "webp"),
}


class _Times(NamedTuple):
    """Processor seconds of each way, over the rounds."""

    cold: list[float]
    keeping: list[float]
    repainted: list[float]
    encoded: list[float]


def run() -> Report:
    """Measure every case; a repaint that differs from the render in a single byte ends the run."""
    known = {job.name: job for job in jobs(None)}
    rows: list[Row] = []
    for name, formats in CASES.items():
        for image_format in formats:
            rows += _measure(f"{name}, {image_format}", known[name], image_format)
    return Report("recolour", "a preview in other colours, 640 px", rows)


def _measure(name: str, job: Job, image_format: PreviewFormat) -> list[Row]:
    first, tables = spec_of(job)
    first = msgspec.structs.replace(first, format=image_format)
    fainter = tuple(msgspec.structs.replace(mask, opacity=mask.opacity / 2) for mask in first.masks)
    second = msgspec.structs.replace(first, masks=fainter)
    keep, repaint = Wish(keep=True), Wish(repaint=True)
    kept = draw(first, job.source, [job.mask], tables, wish=keep).kept
    if kept is None:
        raise AssertionError(f"{name}: nothing was kept")
    cold = draw(second, job.source, [job.mask], tables)
    if draw(second, kept, [], tables, wish=repaint) != cold:
        raise AssertionError(f"{name}: a repaint is not the render")
    with Image.open(io.BytesIO(cold.body)) as image:
        picture = image.convert("RGB")
    times = _Times([], [], [], [])
    ways: tuple[Callable[[], object], ...] = (
        lambda: draw(second, job.source, [job.mask], tables),
        lambda: draw(second, job.source, [job.mask], tables, wish=keep),
        lambda: draw(second, kept, [], tables, wish=repaint),
        lambda: encode(picture, image_format),
    )
    for _ in range(ROUNDS):
        for samples, way in zip(times, ways, strict=True):
            began = time.process_time()
            way()
            samples.append(time.process_time() - began)
    ms = [median(samples) * 1000 for samples in times]
    against = "the render"
    return [
        Row(f"{name}: render", ms[0], "ms", 1.0, against),
        Row(f"{name}: render, kept", ms[1], "ms", ms[1] / ms[0], against, note=f"{len(kept) / 1024:,.0f} KB kept"),
        Row(f"{name}: repaint", ms[2], "ms", ms[0] / ms[2], "(times faster)", BAR, f"{ms[3]:.2f} ms of it encoding"),
    ]
