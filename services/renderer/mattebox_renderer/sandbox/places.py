"""Which moment of which clip a draw needs."""

from typing import NamedTuple

import msgspec

from mattebox_runtime.spec import MaskSpec, SourceSpec


class Place(NamedTuple):
    """A moment of a clip."""

    clip: str
    """URI."""
    timestamp: float
    """Milliseconds."""


class _Files(msgspec.Struct):
    """What of a spec names files."""

    source: SourceSpec
    masks: list[MaskSpec] = []


_decoder = msgspec.msgpack.Decoder(_Files)


def place_of(encoded_spec: bytes) -> Place | None:
    """Give the moment of the source, else of its first mask that has one; None for pictures and for what is no spec."""
    try:
        spec = _decoder.decode(encoded_spec)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    files: list[SourceSpec | MaskSpec] = [spec.source, *spec.masks]
    for file in files:
        if file.timestamp is not None:
            return Place(file.uri, file.timestamp)
    return None
