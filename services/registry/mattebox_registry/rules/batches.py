"""Frames on their way into the store: resolved under one style, written in one transaction."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from mattebox_registry.errors import StyleChanged
from mattebox_registry.records import NewFrame, PutOutcome, StoredFrame
from mattebox_registry.rules.frames import CheckedFrame, frame_of, new_frame
from mattebox_registry.rules.specs import Plan
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.rules.templates import Planner
from mattebox_registry.store.port import Store
from mattebox_runtime.style import Style

BATCH_FRAMES = 1_000
"""Enough frames to share a commit's fsync, few enough not to hold up the writer's queue."""

_TRIES = 20


class Batch(NamedTuple):
    """Frames resolved under one style, with the packed label tables they need."""

    planner: Planner
    frames: list[NewFrame]
    tables: dict[bytes, bytes]

    @classmethod
    def under(cls, style: Style) -> "Batch":
        """Begin an empty batch."""
        return cls(Planner(style), [], {})

    @property
    def style(self) -> Style:
        """What its frames are resolved under."""
        return self.planner.style

    def successor(self) -> "Batch":
        """Begin an empty batch for frames that are like those of this one."""
        return Batch(self.planner, [], {})

    def add(self, checked: CheckedFrame) -> None:
        """Resolve the default preview of a frame and take both in."""
        plan = self.planner.plan(checked.frame)
        self._keep(new_frame(checked, plan), plan)

    def add_restyled(self, stored: StoredFrame | NewFrame) -> None:
        """Take in a frame that was resolved under another style."""
        frame = frame_of(stored.document)
        self.add(CheckedFrame(frame, stored.id, True, stored.document))

    def _keep(self, frame: NewFrame, plan: Plan) -> None:
        self.frames.append(frame)
        for table in plan.tables:
            self.tables[table.digest] = table.packed


def restyled_batch(frames: Iterable[StoredFrame | NewFrame], style: Style) -> Batch:
    """Resolve frames again, under another style."""
    batch = Batch.under(style)
    for frame in frames:
        batch.add_restyled(frame)
    return batch


class FrameWriter:
    """Writes batches and tells that frames changed."""

    def __init__(self, store: Store, styles: StyleBook, announce: Callable[[str], None]) -> None:
        """`announce` is called with the version's id after each write and before the writer gets its answer."""
        self._store = store
        self._styles = styles
        self._announce = announce

    async def batch(self, version_id: str) -> Batch:
        """Begin a batch for a version. Raises NotFound."""
        return Batch.under(self._styles.style(await self._store.version(version_id)))

    async def put(self, version_id: str, batch: Batch) -> PutOutcome:
        """Create or update the frames, under the newest style if it changed meanwhile.

        Raises NotFound, VersionPublished; StyleChanged where the style changes faster than a batch is written.
        """
        for _ in range(_TRIES):
            try:
                outcome = await self._store.put_frames(
                    version_id, batch.frames, style_revision=batch.style.revision, tables=batch.tables
                )
            except StyleChanged:
                newest = await self.batch(version_id)
                batch = restyled_batch(batch.frames, newest.style)
            else:
                self._announce(version_id)
                return outcome
        raise StyleChanged

    async def delete(self, version_id: str, frame_ids: list[str]) -> int:
        """Delete those of the frames that exist, say how many. Raises NotFound, VersionPublished."""
        deleted = await self._store.delete_frames(version_id, frame_ids)
        self._announce(version_id)
        return deleted
