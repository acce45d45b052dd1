"""The filters of PNG undone in place, by FFmpeg, whose loops for that are vectorised."""

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from av.packet import Packet
    from av.stream import Stream

Lines = npt.NDArray[np.uint8]
"""(h, 1 + bytes of a row): what PNG deflates. Each line begins with the number of its filter."""

_BAND_BYTES: Final = 1 << 18
"""What is unfiltered at a time stays in the processor's cache."""
_DEPTH_AND_TYPE: Final = {1: (8, 0), 3: (8, 2), 4: (8, 6), 6: (16, 2), 8: (16, 6)}
"""What the header of a PNG says of pixels of so many bytes; filters know of bytes alone. Of two, Pillow is faster."""
_MAX_FILTER: Final = 4
_BEGIN: Final = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"
_END: Final = b"\0\0\0\0IEND"
_NO_SUM: Final = bytes(4)
"""In place of a chunk's checksum, which FFmpeg looks at on request alone."""
_MAX_STORED: Final = 0xFFFF


def unfilter(lines: Lines, pixel_bytes: int) -> bool:
    """Turn lines into such that are not filtered; False where that is left to others, and the lines are of no use."""
    if pixel_bytes not in _DEPTH_AND_TYPE or lines[:, 0].max() > _MAX_FILTER:
        return False
    import av  # noqa: PLC0415 (what needs neither unfiltering nor reducing goes without FFmpeg)

    decoder = av.CodecContext.create("png", "r")
    decoder.thread_count = 1
    height, line_bytes = lines.shape
    step = max(1, _BAND_BYTES // line_bytes)
    for top in range(0, height, step):
        # With the line above, which says already that it is not filtered.
        band = lines[max(0, top - 1) : top + step]
        try:
            (frame,) = decoder.decode(_packet(band, pixel_bytes))
        except av.FFmpegError:
            # Longer than FFmpeg takes.
            return False
        plane = frame.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(len(band), plane.line_size)
        band[:, 1:] = rows[:, : line_bytes - 1]
        band[:, 0] = 0
    return True


def _packet(lines: Lines, pixel_bytes: int) -> "Packet[Stream]":
    """Wrap lines in a PNG again, of any pixels that are as large."""
    from av.packet import Packet  # noqa: PLC0415

    height, line_bytes = lines.shape
    header = struct.pack(">IIBBBBB", (line_bytes - 1) // pixel_bytes, height, *_DEPTH_AND_TYPE[pixel_bytes], 0, 0, 0)
    stream = list(_store(lines.data.cast("B")))
    length = struct.pack(">I", sum(map(len, stream)))
    parts = [_BEGIN, header, _NO_SUM, length, b"IDAT", *stream, _NO_SUM, _END, _NO_SUM]
    packet = Packet(sum(map(len, parts)))
    view, position = memoryview(packet), 0
    for part in parts:
        view[position : position + len(part)] = part
        position += len(part)
    # Or it would be taken for what has changed since the last one.
    packet.is_keyframe = True
    return packet


def _store(data: memoryview) -> Iterator[bytes | memoryview]:
    """Give the parts of a zlib stream that has bytes as they are, and no end: that would ask for their checksum."""
    yield b"\x78\x01"
    for begin in range(0, len(data), _MAX_STORED):
        block = data[begin : begin + _MAX_STORED]
        yield struct.pack("<BHH", 0, len(block), len(block) ^ _MAX_STORED)
        yield block
