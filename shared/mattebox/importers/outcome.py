"""How an import goes on, and how it ended."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec import Struct

from mattebox._requests import FrameLine
from mattebox.answers import AddedFrames
from mattebox.importers.plan import LeftOut
from mattebox.reasons import PreviewState

Described = FrameLine | LeftOut
"""What is sent of a frame, or why it is not sent."""


class Registered(Struct):
    """What came of the frames of an import."""

    created: int = 0
    updated: int = 0
    faults: list[LeftOut] = []
    """Frames that were not stored: a file cannot be read, or the registry refused the frame."""

    def count(self, described: Sequence[Described], added: AddedFrames) -> None:
        """Count a batch."""
        self.created += added.created
        self.updated += added.updated
        self.faults += [fault for fault in described if isinstance(fault, LeftOut)]
        if added.rejected:
            sent = lines_of(described)
            self.faults += [
                LeftOut(str(sent[rejected.index].id), "frame", "; ".join(map(str, rejected.errors)))
                for rejected in added.rejected
            ]


class Progress(NamedTuple):
    """Told while an import goes on."""

    on_file: Callable[[], None]
    on_frames: Callable[[int], None]


def lines_of(described: Sequence[Described]) -> list[FrameLine]:
    """Give what is sent."""
    return [line for line in described if isinstance(line, FrameLine)]


class FailureGroup(Struct, frozen=True):
    """Frames whose previews ended alike."""

    state: PreviewState
    code: str
    count: int
    examples: list[str]
    """Ids of the first of the frames."""
