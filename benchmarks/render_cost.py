"""What a draw costs beyond its time: parts of it by themselves, memory, and more processes than one."""

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.render_inputs import Job
from benchmarks.render_peers.engine import prepare, spec_of
from mattebox_renderer.render.layers import Style, paint_mask
from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.masks import decode_mask, read_pixels
from mattebox_renderer.render.reports import segmentation_report
from mattebox_renderer.render.scale import preview_size, stretch
from mattebox_renderer.render.segmentation import segment
from mattebox_renderer.render.values import read_table

_ROUNDS = 25
_SECONDS = 2.0
_PROCESS_ROUNDS = 5


def part_costs(job: Job) -> dict[str, Any]:
    """Give the processor milliseconds of what a hasty script leaves out: exact counts with their report, and edges."""
    spec, tables = spec_of(job)
    mask_spec = spec.masks[0]
    mask = decode_mask(job.mask, mask_spec, Limits())
    pixels, table = read_pixels(mask), read_table(next(iter(tables.values())))
    segmented = segment(pixels, table, mask_spec.encoding, is_lossy=mask.lossy)
    preview = preview_size(mask.size, job.size)
    style = Style(mask_spec.opacity, None, 0)

    def smooth() -> None:
        paint_mask(segmented, table, style, mask.size, preview).strip(0, preview[1])

    def sampled() -> None:
        codes = stretch(pixels.rows(0, mask.size[1]), preview)
        codes.copy()

    whole = prepare(job)
    return {
        "name": job.name,
        "whole_ms": _processor_ms(whole),
        "counting_ms": _processor_ms(lambda: segment(pixels, table, mask_spec.encoding, is_lossy=mask.lossy)),
        "report_ms": _processor_ms(lambda: segmentation_report(mask_spec, mask, mask.size, segmented, table)),
        "smooth_edges_ms": _processor_ms(smooth),
        "sampled_edges_ms": _processor_ms(sampled),
    }


def _processor_ms(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken) * 1000


def memory_costs(job: Job) -> dict[str, Any]:
    """Give the peak of a fresh process' resident memory over what it held idle, the first time and later."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        first, later = pool.submit(_peaks, job).result()
    return {"name": job.name, "first_mib": first, "later_mib": later}


def _peaks(job: Job) -> tuple[float, float]:
    draw = prepare(job)
    before = _resident_mib("VmRSS")
    peaks = []
    for _ in range(3):
        Path("/proc/self/clear_refs").write_text("5")
        draw()
        peaks.append(_resident_mib("VmHWM") - before)
    return peaks[0], peaks[-1]


def _resident_mib(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024


def process_rates(job: Job) -> dict[str, Any]:
    """Give the draws per second of one process and of as many as there are cores, in turn."""
    count = os.cpu_count() or 1
    one, many = [], []
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_drawn_in, [job] * count, [0.5] * count))
        for _ in range(_PROCESS_ROUNDS):
            one.append(sum(pool.map(_drawn_in, [job], [_SECONDS])))
            many.append(sum(pool.map(_drawn_in, [job] * count, [_SECONDS] * count)))
    rates = [statistics.median(each) / _SECONDS for each in (one, many)]
    return {"name": job.name, "processes": count, "one": rates[0], "many": rates[1]}


def _drawn_in(job: Job, seconds: float) -> int:
    draw = prepare(job)
    until, drawn = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        draw()
        drawn += 1
    return drawn
