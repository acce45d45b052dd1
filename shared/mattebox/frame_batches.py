"""Frames drawn from the caller's iterator, gathered to batches of what is sent of them."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Literal, NamedTuple, TypedDict

import msgspec

from mattebox._requests import FrameLine
from mattebox.errors import UsageError
from mattebox.frame import SingleFrame, UriOf
from mattebox.frame_group import FrameGroup
from mattebox.models import Frame
from mattebox.uris import is_local

AnyFrame = SingleFrame | FrameGroup | Frame | Mapping[str, Any]
"""A frame, a group, or the document of either."""


class FailedFrame(TypedDict):
    """A frame that was not stored."""

    frame: AnyFrame
    error: str
    error_type: Literal["upload", "validation"]
    """A local file that did not arrive, or a document that the registry does not take."""


class Batch(NamedTuple):
    """Frames, and in the same order what is sent of each."""

    frames: list[AnyFrame]
    lines: list[FrameLine | FailedFrame | None]
    """None: its local files have to be uploaded first."""


class _IsLocal(Exception):
    """A file that has to be uploaded first."""


_KINDS = (SingleFrame, FrameGroup)


def take_batches(frames: Iterator[AnyFrame], size: int) -> Iterator[Batch]:
    """Draw frames and describe each at once, while the processor has it at hand, but for those with local files."""
    while True:
        batch = Batch([], [])
        for frame in islice(frames, size):
            batch.frames.append(frame)
            batch.lines.append(_first_look(frame))
        if not batch.frames:
            return
        yield batch


def describe(frame: AnyFrame, uri_of: UriOf) -> FrameLine | FailedFrame:
    """Write what is sent of a frame, or say why nothing can be sent."""
    try:
        if isinstance(frame, _KINDS):
            document = frame.document(uri_of)
        else:
            document = msgspec.to_builtins(frame) if isinstance(frame, Frame) else dict(frame)
        # What JSON cannot hold fails here, where it is this frame's fault and no other's.
        line = msgspec.json.encode(document)
    except (UsageError, TypeError, ValueError) as fault:
        return invalid(frame, str(fault))
    frame_id = document.get("id")
    return FrameLine(frame_id if isinstance(frame_id, str) else None, line)


def invalid(frame: AnyFrame, error: str) -> FailedFrame:
    """Say why a frame is not taken."""
    return {"frame": frame, "error": error, "error_type": "validation"}


def files_of(frame: AnyFrame) -> list[str]:
    """Name the local files that a frame needs; documents are taken as they are."""
    return frame.files() if isinstance(frame, _KINDS) else []


def _first_look(frame: AnyFrame) -> FrameLine | FailedFrame | None:
    try:
        return describe(frame, _where_it_is)
    except _IsLocal:
        return None


def _where_it_is(location: str) -> Mapping[str, Any]:
    if location and is_local(location):
        raise _IsLocal
    return {"uri": location}
