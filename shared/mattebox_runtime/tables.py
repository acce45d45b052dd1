"""Label tables: a mapping reduced to what decides pixels, packed so that NumPy reads it without a copy.

A table holds no label names, only values, colours and opacities in the order of their values. The same table of the
same digest serves every frame of a version, and two mappings that paint alike share it.
"""

import struct
from collections.abc import Iterable
from enum import IntEnum
from hashlib import blake2b
from typing import NamedTuple

_ENTRY = struct.Struct("<IBBBBf")

NUMPY_FIELDS = [("value", "<u4"), ("color", "u1", (3,)), ("flags", "u1"), ("opacity", "<f4")]
"""The same layout as a NumPy structured dtype (12 bytes an entry)."""

# The parts of an entry's flags.
KIND_BITS = 0b0011
IGNORE_BIT = 0b0100
HIDDEN_BIT = 0b1000

_FLAGS_BYTE = 7
_PAINT_BYTES = (4, 5, 6, 8, 9, 10, 11)
"""Where in an entry its colour and opacity lie."""
_SHOWN = bytes(flags & ~HIDDEN_BIT for flags in range(256))


class ValueKind(IntEnum):
    """How an entry's value was declared."""

    RGB = 0
    """r + 256·g + 65536·b of the declared `[r, g, b]`."""
    INTEGER = 1
    """The declared integer."""
    RGBA = 2
    """r + 256·g + 65536·b + 2²⁴·a of the declared `[r, g, b, a]`."""


class Entry(NamedTuple):
    """One value of a table and how its pixels are painted."""

    value: int
    kind: ValueKind
    color: tuple[int, int, int]
    opacity: float
    """Factor on the mask's opacity, 0..1."""
    ignore: bool = False
    """Counted apart and painted as nothing."""
    hidden: bool = False
    """Counted as usual and painted as nothing."""


def pack_table(entries: Iterable[Entry]) -> bytes:
    """Pack entries in the order of (kind, value), which makes equal mappings equal bytes."""
    packed = bytearray()
    for entry in sorted(entries, key=lambda e: (e.kind, e.value)):
        flags = int(entry.kind) | (IGNORE_BIT if entry.ignore else 0) | (HIDDEN_BIT if entry.hidden else 0)
        packed += _ENTRY.pack(entry.value, *entry.color, flags, entry.opacity)
    return bytes(packed)


def strip_paint(packed: bytes) -> bytes:
    """Leave of a packed table what decides which entry a pixel belongs to, and which of them are ignored."""
    bare = bytearray(packed)
    nothing = bytes(len(bare) // _ENTRY.size)
    for offset in _PAINT_BYTES:
        bare[offset :: _ENTRY.size] = nothing
    bare[_FLAGS_BYTE :: _ENTRY.size] = bare[_FLAGS_BYTE :: _ENTRY.size].translate(_SHOWN)
    return bytes(bare)


def table_digest(packed: bytes) -> bytes:
    """Give the 16 bytes by which specs refer to a table."""
    return blake2b(packed, digest_size=16).digest()
