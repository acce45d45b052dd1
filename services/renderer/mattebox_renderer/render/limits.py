"""What a file may cost, and how a decoder may fail."""

import struct
import zlib
from typing import NamedTuple

from mattebox.reasons import ContentReason


class Limits(NamedTuple):
    """Bounds that hold before a pixel is decoded."""

    max_pixels: int = 50_000_000
    max_jpeg_scans: int = 100
    """A progressive JPEG of a few hundred kB may ask for minutes: each scan walks the whole image again."""


class ContentRefused(Exception):
    """The bytes of one file cannot be drawn."""

    def __init__(self, reason: ContentReason) -> None:
        super().__init__(reason)
        self.reason: ContentReason = reason


DECODE_ERRORS = (
    # Unidentified and truncated files, libjpeg, libtiff and libwebp failures.
    OSError,
    EOFError,
    # Fields of a header that contradict each other; each of these has come out of a Pillow plugin on a fuzzed file.
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    # libavif's failures, and NotImplementedError of codecs that a build leaves out.
    RuntimeError,
    struct.error,
    zlib.error,
    # A header that asks for more than the drawing process may have.
    MemoryError,
)
"""What a decoder raises on bytes that are no sound file: caught around decoding alone, never around own code."""
