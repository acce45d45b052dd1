"""Ingestion from the client's side: the SDK and the importers against the same frames as bytes in one raw request.

The clock stops when the registry has acknowledged the last frame. Every way has its turn in each round, in a process of
its own; the middle of the rounds counts. Processor time is the client's alone, so that it says what describing and
sending a frame costs, whatever the registry does beside it. One request for each frame, the plain way, is in each round
too: the bar is 60 times that.
"""

import json
import subprocess
import sys
from typing import NamedTuple

from benchmarks.documents import frame_document
from benchmarks.ingest import PLAIN_FRAMES, measure_plain
from benchmarks.report import Report, Row, median
from benchmarks.sdk_client import WAYS
from benchmarks.stack import TOKEN, Stack, running_stack

FRAMES = 40_000
MANY = 100_000
"""Of these as many go in once more: memory must not grow with frames, and with files by no more than their names."""
ROUNDS = 3
BAR = ">= 60x"


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
    documents = [frame_document(number) for number in range(PLAIN_FRAMES)]
    looped, rounds = [], []
    with running_stack(settings={"MATTEBOX_STREAM_WINDOW": str(10 * MANY)}) as stack:
        for _ in range(ROUNDS):
            looped.append(measure_plain(stack, documents, 1)[0])
            rounds.append({way: _measure(stack, way, FRAMES) for way in WAYS})
        many = {way: _measure(stack, way, MANY) for way in ("single frames", "import of files")}
    plain = median(looped)
    middle = {way: _Cost(*map(median, zip(*(one[way] for one in rounds), strict=True))) for way in WAYS}
    raw = middle["raw"]
    rows = [Row("one request per frame, one after the other", plain, "frames/s", 1.0, "plain loop")]
    for way, cost in middle.items():
        rate = FRAMES / cost.wall_s
        rows.append(Row(way, rate, "frames/s", rate / plain, "plain loop", "" if way == "raw" else BAR))
        rows.append(Row("", rate, "frames/s", raw.wall_s / cost.wall_s, "raw"))
        rows.append(Row("of the client's processor for each", cost.processor_s / FRAMES * 1e6, "us"))
        rows.append(Row("memory on top", cost.memory_bytes / 2**20, "MiB"))
    for way, cost in many.items():
        rows.append(
            Row(f"{way}, {MANY:,}", MANY / cost.wall_s, "frames/s", MANY / cost.wall_s / plain, "plain loop", BAR)
        )
        bar = "no more" if way == "single frames" else "their names"
        rows.append(Row("memory on top", cost.memory_bytes / 2**20, "MiB", bar=bar))
    return Report(name="sdk", what=f"{FRAMES:,} frames, described and sent until acknowledged", rows=rows)
