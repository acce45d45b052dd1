"""Pages of a version that inherits 1,000,000 frames through 10 ancestors, against those of a small version.

All is asked of the store, in turns: an answer over HTTP adds the same to each. The small version has 1,000 frames and
no parent. Of the large ones the first was stored whole; each child adds, stores again and deletes 100 frames here and
there. The last deletes 100,000 in a row; another has labels of its own, so that it shows none of the pictures that it
inherits. Every figure is the median over pages at the begin, in the middle and at the end.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import Report, Row, median
from mattebox_registry.records import Dataset, FramePosition, NewFrame, Version
from mattebox_registry.store.port import Store
from mattebox_registry.store.sqlite import open_store
from mattebox_runtime.logs import configure_logs

FRAMES = 1_000_000
SMALL = 1_000
PER_CONTEXT = 1_000
ANCESTORS = 10
CHANGES = 100
DELETED = 100_000
BATCH = 5_000
PAGE = 100
ROUNDS = 15

BAR = "<= 5 ms"


def _version(name: str, parent: str | None = None) -> Version:
    return Version(name, "d", name, "", "draft", parent, 0, {}, 1, None, "", "", None)


def _frame(number: int, generation: int = 0) -> NewFrame:
    """A frame of the size that frames have; its key depends on the generation."""
    name = f"frame-{number:07d}"
    document = b'{"id":"%b","sources":[{"uri":"%b"}],"n":%d}' % (name.encode(), b"x" * 300, generation)
    key = number.to_bytes(8, "big") + generation.to_bytes(8, "big")
    return NewFrame(
        name, f"clip-{number // PER_CONTEXT:05d}", float(number % PER_CONTEXT), document, key, None, "ready"
    )


async def _put(store: Store, version: str, frames: Sequence[NewFrame]) -> None:
    for start in range(0, len(frames), BATCH):
        await store.put_frames(version, frames[start : start + BATCH], style_revision=1, tables={})


async def _delete(store: Store, version: str, numbers: Sequence[int]) -> None:
    for start in range(0, len(numbers), BATCH):
        await store.delete_frames(version, [_frame(n).id for n in numbers[start : start + BATCH]])


async def _child(store: Store, version: str, parent: str) -> float:
    """Make a child; give the milliseconds that it took."""
    await store.publish_version(parent)
    begun = time.perf_counter()
    await store.add_version(_version(version, parent))
    return (time.perf_counter() - begun) * 1000


async def _restyle(store: Store, version: str) -> float:
    """Give all frames of a version keys of its own; give the microseconds that each took."""
    await store.update_version(version, {}, restyle=True, tables={})
    begun = time.perf_counter()
    while (await store.version(version)).restyle_after is not None:
        stored = await store.frames_to_restyle(version, BATCH)
        frames = [NewFrame(*f[:4], f.key[:8] + b"restyled", None, "ready") for f in stored]
        done_up_to = stored[-1].id if len(stored) == BATCH else None
        await store.restyle_frames(version, frames, style_revision=2, done_up_to=done_up_to, tables={})
    return (time.perf_counter() - begun) / FRAMES * 1e6


class _Built(NamedTuple):
    create_ms: float
    delete_us: float
    restyle_us: float


async def _build(store: Store) -> _Built:
    await store.add_dataset(Dataset("d", "d", "", [], None, "", ""))
    await store.add_version(_version("small"))
    await _put(store, "small", [_frame(number) for number in range(SMALL)])
    await store.add_version(_version("large 0"))
    for start in range(0, FRAMES, BATCH):
        await _put(store, "large 0", [_frame(number) for number in range(start, start + BATCH)])
    step = FRAMES // CHANGES
    for generation in range(1, ANCESTORS + 1):
        create_ms = await _child(store, f"large {generation}", f"large {generation - 1}")
        at = range(generation, FRAMES, step)
        await _put(store, f"large {generation}", [_frame(FRAMES + number, generation) for number in at])
        await _put(store, f"large {generation}", [_frame(number + 1_000, generation) for number in at[:-1]])
        await _delete(store, f"large {generation}", [number + 2_000 for number in at])
    last = f"large {ANCESTORS}"
    await _child(store, "unchanged", last)
    await store.add_version(_version("deletions", last))
    begun = time.perf_counter()
    await _delete(store, "deletions", range(450_000, 450_000 + DELETED))
    delete_us = (time.perf_counter() - begun) / DELETED * 1e6
    await store.add_version(_version("restyled", last))
    return _Built(create_ms, delete_us, await _restyle(store, "restyled"))


Read = Callable[[], Awaitable[object]]


async def _times(reads: Sequence[Read]) -> list[float]:
    """Milliseconds of each, in turns."""
    samples: list[list[float]] = [[] for _ in reads]
    for _ in range(ROUNDS):
        for read, taken in zip(reads, samples, strict=True):
            begun = time.perf_counter()
            await read()
            taken.append((time.perf_counter() - begun) * 1000)
    return [median(taken) for taken in samples]


def _reads(store: Store, version: str, frames: int) -> list[Read]:
    """Read the first page, one in the middle, one of ready frames there, the last one, one frame, and the counts."""
    middle, end = (
        FramePosition(f"clip-{number // PER_CONTEXT:05d}", float(number % PER_CONTEXT), "")
        for number in (int(frames * 0.45), frames - PAGE)
    )
    return [
        lambda: store.frames(version, after=None, limit=PAGE),
        lambda: store.frames(version, after=middle, limit=PAGE),
        lambda: store.frames(version, after=middle, limit=PAGE, state="ready"),
        lambda: store.frames(version, after=end, limit=PAGE),
        lambda: store.frame(version, _frame(frames // 7).id),
        lambda: store.neighbours(version, _frame(frames // 7).id, 10),
        lambda: store.preview_counts(version),
    ]


WHAT = ("first page", "page in the middle", "the same, ready ones", "last page", "one frame", "neighbours", "counts")
LARGE = {
    "unchanged": "nothing of its own",
    "deletions": "100,000 deleted in a row",
    "restyled": "labels of its own",
}


async def _measure(path: Path) -> list[Row]:
    async with open_store(path) as store:
        built = await _build(store)
        versions = {"small": SMALL, **dict.fromkeys(LARGE, FRAMES)}
        reads = [read for version, frames in versions.items() for read in _reads(store, version, frames)]
        times = await _times(reads)
    small = times[: len(WHAT)]
    rows = [Row(f"{SMALL:,} frames: {what}", ms, "ms", 1.0, "small") for what, ms in zip(WHAT, small, strict=True)]
    for position, description in enumerate(LARGE.values(), 1):
        for what, plain_ms, ms in zip(WHAT, small, times[position * len(WHAT) :], strict=False):
            bar = BAR if "page" in what else ""
            rows.append(Row(f"{description}: {what}", ms, "ms", ms / plain_ms, "small", bar))
    return [
        *rows,
        Row("making a child of 1,000,000 frames", built.create_ms, "ms"),
        Row("deleting inherited frames in a row, each", built.delete_us, "us"),
        Row("restyling inherited frames, each", built.restyle_us, "us"),
    ]


def run() -> Report:
    """Build all versions once, then read in turns."""
    configure_logs("warning")
    with tempfile.TemporaryDirectory(prefix="mbx-") as directory:
        rows = asyncio.run(_measure(Path(directory) / "mattebox.db"))
    return Report("lineage", f"pages of {PAGE} frames of {FRAMES:,} inherited through {ANCESTORS} ancestors", rows)
