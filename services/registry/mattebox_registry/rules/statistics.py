"""What the masks of a whole version come to: counted in the background, and told at any time as far as it is known."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

import msgspec
import structlog

from mattebox.statistics import VersionStatistics
from mattebox_registry.errors import NotFound, StorageBusy
from mattebox_registry.records import FramePosition, StoredFrame, Version
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.rules.tally import Tally
from mattebox_registry.store.port import Store
from mattebox_runtime.lifecycle import supervise
from mattebox_runtime.style import Style

PAGE_FRAMES = 250
"""Counted without a pause, in a few milliseconds: requests wait no longer for it."""

VERSIONS_KEPT = 32

PATIENCE_S = 0.3
"""How long an answer waits for a count to end: small versions are told whole at once."""

REST = 10
"""A version that keeps changing is counted again after so many times the time that its last count took."""

log = structlog.get_logger()

Stamp = Hashable


class _Count:
    """One walk through a version, and its sums."""

    def __init__(self, style: Style, stamp: Stamp) -> None:
        self.style = style
        self.stamp = stamp
        self.tally = Tally()
        self.walked = 0
        self.ended = asyncio.Event()
        self.took_s = 0.0
        self.ended_at_s = 0.0


class _Known:
    """What is known of a version."""

    def __init__(self) -> None:
        self.last: _Count | None = None
        self.running: _Count | None = None

    def forget_other_styles(self, revision: int) -> None:
        """Drop what was counted under labels that hold no more."""
        if self.last is not None and self.last.style.revision != revision:
            self.last = None
        if self.running is not None and self.running.style.revision != revision:
            self.running.ended.set()
            self.running = None


class Statistics:
    """Counts one version at a time, and keeps what came out for as long as the version stays as it is.

    A count reads the reports that are in the database already: no pixel is looked at again. It rests as long as it
    works, so that it takes half of a processor at most.
    """

    def __init__(self, store: Store, styles: StyleBook, changes: Callable[[str], Hashable]) -> None:
        """`changes` gives something that differs after each change of a version's frames, labels or previews."""
        self._store = store
        self._styles = styles
        self._changes = changes
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._wanted: asyncio.Queue[str] = asyncio.Queue()

    async def of(self, version_id: str) -> VersionStatistics:
        """Tell the sums as far as they are known, and count on where something is missing. Raises NotFound."""
        version = await self._store.version(version_id)
        stamp = await self._stamp(version)
        known = self._known.setdefault(version_id, _Known())
        self._known.move_to_end(version_id)
        if len(self._known) > VERSIONS_KEPT:
            self._known.popitem(last=False)
        known.forget_other_styles(version.style_revision)
        if known.running is None and _is_due(known.last, stamp):
            known.running = _Count(self._styles.style(version), stamp)
            self._wanted.put_nowait(version_id)
        if known.running is not None:
            await _wait(known.running.ended)
        return _told(known, version, stamp)

    async def run(self) -> None:
        """Count what is asked for, until cancelled."""
        await supervise("statistics", self._count_next, expected=(StorageBusy,))

    async def _count_next(self) -> None:
        version_id = await self._wanted.get()
        known = self._known.get(version_id)
        count = known.running if known is not None else None
        if known is None or count is None:
            return
        begun_s = time.monotonic()
        try:
            await self._walk(version_id, known, count)
        except NotFound:
            self._known.pop(version_id, None)
        else:
            count.ended_at_s = time.monotonic()
            count.took_s = count.ended_at_s - begun_s
            if known.running is count:
                known.last = count
        finally:
            if known.running is count:
                known.running = None
            count.ended.set()

    async def _walk(self, version_id: str, known: _Known, count: _Count) -> None:
        after: FramePosition | None = None
        while known.running is count:
            begun_s = time.monotonic()
            frames = await self._store.frames(version_id, after=after, limit=PAGE_FRAMES)
            await self._add(frames, count)
            if len(frames) < PAGE_FRAMES:
                return
            last = frames[-1]
            after = FramePosition(last.context_id, last.timestamp, last.id)
            await asyncio.sleep(time.monotonic() - begun_s)

    async def _add(self, frames: Sequence[StoredFrame], count: _Count) -> None:
        records = await self._store.previews([frame.key for frame in frames])
        for frame in frames:
            record = records.get(frame.key)
            if record is None or record.report is None or frame.state == "pending":
                continue
            try:
                count.tally.add(record.report, frame.document, count.style)
            except msgspec.MsgspecError:
                log.warning("report not counted", frame=frame.id, exc_info=True)
        count.walked += len(frames)

    async def _stamp(self, version: Version) -> Stamp:
        counts = await self._store.preview_counts(version.id)
        return version.style_revision, version.restyle_after, tuple(counts.values()), self._changes(version.id)


async def _wait(ended: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await ended.wait()
    except TimeoutError:
        pass


def _is_due(last: _Count | None, stamp: Stamp) -> bool:
    if last is None:
        return True
    return last.stamp != stamp and time.monotonic() - last.ended_at_s >= REST * last.took_s


def _told(known: _Known, version: Version, stamp: Stamp) -> VersionStatistics:
    count = known.last or known.running
    if count is None:
        return VersionStatistics(version.frame_count, 0, 0, complete=False, current=False, masks=[])
    complete = count is known.last
    return VersionStatistics(
        frame_count=version.frame_count,
        walked=count.walked,
        counted=count.tally.counted,
        complete=complete,
        current=complete and count.stamp == stamp,
        masks=count.tally.masks(count.style),
    )
