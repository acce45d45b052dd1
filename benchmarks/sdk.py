"""Ingestion from the client's side: the SDK and the importers against the same frames as bytes in one raw request.

The clock stops when the registry has acknowledged the last frame. Every way has its turn in each round, in a process of
its own; the middle of the rounds counts. Processor time is the client's alone, so that it says what describing and
sending a frame costs, whatever the registry does beside it.
"""

import json
import subprocess
import sys
from typing import NamedTuple

from benchmarks.report import Report, Row, median
from benchmarks.sdk_client import WAYS
from benchmarks.stack import TOKEN, Stack, running_stack

FRAMES = 40_000
MANY = 100_000
"""Of these as many go in once more: memory must not grow with them."""
ROUNDS = 3


class _Cost(NamedTuple):
    wall_s: float
    processor_s: float
    memory_bytes: float


def _measure(stack: Stack, way: str, frames: int) -> _Cost:
    command = [sys.executable, "-m", "benchmarks.sdk_client", way, str(frames), stack.url, TOKEN]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return _Cost(**json.loads(done.stdout))


def run() -> Report:
    """Measure all ways with the same frames."""
    with running_stack(settings={"MATTEBOX_STREAM_WINDOW": str(10 * MANY)}) as stack:
        rounds = [{way: _measure(stack, way, FRAMES) for way in WAYS} for _ in range(ROUNDS)]
        many = _measure(stack, "single frames", MANY)
    middle = {way: _Cost(*map(median, zip(*(one[way] for one in rounds), strict=True))) for way in WAYS}
    raw = middle.pop("raw")
    rows = [Row("raw NDJSON, bytes made before", FRAMES / raw.wall_s, "frames/s", 1.0, "raw")]
    rows.append(Row("", raw.processor_s / FRAMES * 1e6, "us"))
    for way, cost in middle.items():
        rows.append(Row(way, FRAMES / cost.wall_s, "frames/s", raw.wall_s / cost.wall_s, "raw"))
        rows.append(Row("of the client's processor for each", cost.processor_s / FRAMES * 1e6, "us"))
        rows.append(Row("memory on top", cost.memory_bytes / 2**20, "MiB"))
    rows.append(Row(f"memory on top, {MANY:,} single frames", many.memory_bytes / 2**20, "MiB", bar="no more"))
    return Report(name="sdk", what=f"{FRAMES:,} frames, described and sent until acknowledged", rows=rows)
