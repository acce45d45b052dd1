"""A bulk of frames on its way into a version: one batch is resolved while the one before it is written."""

import asyncio
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

import msgspec
from msgspec import Raw, Struct

from mattebox.models import Frame
from mattebox_registry.errors import FieldError, InvalidInput
from mattebox_registry.records import NewFrame, PutOutcome
from mattebox_registry.rules.batches import BATCH_FRAMES, Batch, FrameWriter
from mattebox_registry.rules.frames import CheckedFrame, FrameRefused, read_frame

REJECTED_LISTED = 1_000
"""Rejected frames that are listed one by one; beyond, they are counted."""

HOPELESS_REJECTED = 10_000
HOPELESS_RATIO = 100
"""After so many rejected frames, and so many for each one that was none, the rest is not looked at."""

TOO_LONG = b"\n..."
"""Stands for a document that was over the limit and is not kept; none can equal it."""

_frame_decoder = msgspec.json.Decoder(Frame)


class Rejected(Struct, frozen=True):
    """A frame that was not stored: its position among all frames posted, and why."""

    index: int
    id: str | None
    errors: list[dict[str, str]]


class Verdicts:
    """What became of the frames, in memory that hardly grows with their number."""

    def __init__(self) -> None:
        self.created = 0
        self.updated = 0
        self.rejected: list[Rejected] = []
        self.rejected_count = 0
        self.seen = 0
        self.any_id_assigned = False
        # JSON already: a million ids as strings would take three times the memory.
        self._ids = bytearray()

    def accept(self, checked: CheckedFrame) -> None:
        """Note a frame that goes on to be stored."""
        self.seen += 1
        if not checked.id_given:
            self.any_id_assigned = True

    def name(self, frames: Iterable[NewFrame]) -> None:
        """Keep the ids of accepted frames."""
        self._ids += msgspec.json.encode([frame.id for frame in frames])[1:-1]
        self._ids += b","

    def reject(self, refused: FrameRefused) -> None:
        """Note a frame that is not stored."""
        if len(self.rejected) < REJECTED_LISTED:
            self.rejected.append(Rejected(self.seen, refused.id, [error._asdict() for error in refused.errors]))
        self.reject_unlisted()

    def reject_unlisted(self) -> None:
        """Count a frame that is not stored."""
        self.rejected_count += 1
        self.seen += 1

    @property
    def is_hopeless(self) -> bool:
        """Whether hardly anything of what came is a frame."""
        accepted = self.seen - self.rejected_count
        return self.rejected_count >= HOPELESS_REJECTED and self.rejected_count > HOPELESS_RATIO * accepted

    def add(self, outcome: PutOutcome) -> None:
        """Count a batch that is on disk."""
        self.created += outcome.created
        self.updated += outcome.updated

    def ids_json(self) -> bytes:
        """Give the ids of all accepted frames, in order, as a JSON array."""
        return b"[%b]" % bytes(self._ids[:-1])


class Ingestion:
    """Takes frames one by one; the block's end waits until all that were accepted are on disk."""

    def __init__(self, writer: FrameWriter, version_id: str, max_frame_bytes: int) -> None:
        self.verdicts = Verdicts()
        self._writer = writer
        self._version_id = version_id
        self._max_frame_bytes = max_frame_bytes
        self._batch: Batch
        self._next_write = BATCH_FRAMES
        self._write: asyncio.Task[PutOutcome] | None = None

    async def __aenter__(self) -> Self:
        self._batch = await self._writer.batch(self._version_id)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self.write_batch()
        finally:
            await self._settle()

    @property
    def is_batch_full(self) -> bool:
        """Whether it is time to write."""
        return self.verdicts.seen >= self._next_write

    async def add_all(self, documents: Iterable[bytes]) -> None:
        """Take in or reject JSON documents, and write as often as a batch is full. Raises as `write_batch` does."""
        for document in documents:
            self.add(document)
            if self.is_batch_full:
                await self.write_batch()
        # What was read ahead is no reason to wait: others, as the relay of what is written, have their turn.
        await asyncio.sleep(0)

    def add(self, document: bytes) -> None:
        """Take in or reject a JSON document."""
        if len(document) > self._max_frame_bytes or document is TOO_LONG:
            self.reject_oversized()
            return
        if self.verdicts.rejected_count >= REJECTED_LISTED and not _is_frame(document):
            self.verdicts.reject_unlisted()
            return
        try:
            checked = read_frame(document)
        except FrameRefused as refused:
            self.verdicts.reject(refused)
            return
        self._batch.add(checked)
        self.verdicts.accept(checked)

    def add_converted(self, document: bytes | Raw, to_json: Callable[[bytes | Raw], bytes]) -> None:
        """Take in or reject a document of another format."""
        try:
            converted = to_json(document)
        except FrameRefused as refused:
            self.verdicts.reject(refused)
        else:
            self.add(converted)

    def reject_oversized(self) -> None:
        """Reject a frame that is too large to look at."""
        message = f"The document is larger than {self._max_frame_bytes} bytes."
        self.verdicts.reject(FrameRefused([FieldError("", message)]))

    async def write_batch(self) -> None:
        """Begin to write what was taken in, once the batch before is on disk.

        Raises:
            InvalidInput: hardly anything that came is a frame; those that are one are stored.
        """
        self._next_write = self.verdicts.seen + BATCH_FRAMES
        await self._settle()
        if self._batch.frames:
            self.verdicts.name(self._batch.frames)
            self._write = asyncio.create_task(self._writer.put(self._version_id, self._batch), name="write frames")
            self._batch = self._batch.successor()
        # The write begins now, not when the next batch is full. Others have their turn too, also where every frame is
        # rejected and there is nothing to wait for.
        await asyncio.sleep(0)
        if self.verdicts.is_hopeless:
            raise self._not_frames()

    def _not_frames(self) -> InvalidInput:
        verdicts, first = self.verdicts, self.verdicts.rejected[0]
        msg = (
            f"{verdicts.rejected_count} of the first {verdicts.seen} documents are no frames, so no more are read. "
            f"What is wrong at index {first.index} is told here."
        )
        return InvalidInput("not_frames", msg, [FieldError(**error) for error in first.errors])

    async def _settle(self) -> None:
        if self._write is None:
            return
        # A client that leaves does not take back what it sent: the write ends in any case.
        outcome = await asyncio.shield(self._write)
        self._write = None
        self.verdicts.add(outcome)


def _is_frame(document: bytes) -> bool:
    """Tell what is certainly no frame without a word on why, which costs many times as much."""
    try:
        _frame_decoder.decode(document)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return True
