"""Pixels of a PNG by libdeflate, which inflates all of it at once, and by FFmpeg, whose unfiltering is vectorised.

Pillow reads the header and judges it, and decodes whatever is not plain or not sound, so that there is one opinion of
what a broken file is. Of what is decoded here the pixels are those of Pillow.
"""

import zlib
from typing import Final, cast

import deflate
import numpy as np
from PIL import Image, ImageFile

from mattebox_renderer.render.sniff import Buffer
from mattebox_renderer.render.unfilter import Lines, unfilter

_PIXEL_BITS: Final = {
    "1": 1,
    "L;2": 2,
    "L;4": 4,
    "L": 8,
    "I;16B": 16,
    "LA": 16,
    "LA;16B": 32,
    "P;1": 1,
    "P;2": 2,
    "P;4": 4,
    "P": 8,
    "RGB": 24,
    "RGB;16B": 48,
    "RGBA": 32,
    "RGBA;16B": 64,
}
"""Bits of a pixel in a file, by Pillow's name of how it lies there."""
_SLOW_BITS: Final = 16
"""Of a pixel that Pillow unfilters as fast as FFmpeg does."""
_FIRST_BYTES: Final = 256
"""Enough of what is deflated to know its first byte."""
_AS_IN_MEMORY: Final = frozenset({"L", "P"})
"""What lies in a file as Pillow has it, which thus need not be copied."""
_MOVED_BYTES: Final = 1 << 18
_MAX_INFLATED_BYTES: Final = 1 << 27
"""Of larger pictures Pillow holds one row at a time."""
_MAX_CHUNKS: Final = 1 << 14


def decode_png(image: ImageFile.ImageFile, data: Buffer) -> Image.Image | None:
    """Give the pixels of an opened image, or None where Pillow is to decode it; then nothing was changed."""
    chunks = pixel_chunks(image, data) if _is_plain(image) else None
    if not chunks:
        return None
    layout = cast("str", image.tile[0].args)
    bits = _PIXEL_BITS[layout]
    if bits == _SLOW_BITS and _begins_filtered(chunks[0]):
        return None
    line_bytes = 1 + (image.width * bits + 7) // 8
    inflated = _inflate(chunks, line_bytes * image.height)
    if inflated is None:
        return None
    lines = np.frombuffer(inflated, np.uint8).reshape(image.height, line_bytes)
    if lines[:, 0].any() and not unfilter(lines, max(1, bits // 8)):
        return None
    if layout in _AS_IN_MEMORY:
        _close_up(lines)
        pixels = Image.frombuffer(image.mode, image.size, inflated, "raw", layout, 0, 1)
    else:
        pixels = Image.frombytes(image.mode, image.size, memoryview(inflated)[1:], "raw", layout, line_bytes, 1)
    if image.palette is not None:
        pixels.putpalette(image.palette)
    return pixels


def _is_plain(image: ImageFile.ImageFile) -> bool:
    """Tell whether an image is one still picture of a PNG, and nothing but its rows tells what its pixels are."""
    return (
        image.format == "PNG"
        and len(image.tile) == 1
        and image.tile[0].args in _PIXEL_BITS
        and image.tile[0].extents == (0, 0, *image.size)
        and not {"interlace", "transparency"} & image.info.keys()
        and not getattr(image, "is_animated", False)
        and (image.mode != "P" or image.palette is not None)
    )


def pixel_chunks(image: ImageFile.ImageFile, data: Buffer) -> list[memoryview] | None:
    """Give what the pixels of an opened PNG lie in; None where Pillow finds more behind them when it decodes."""
    if not image.tile:
        return None
    view, position = memoryview(data), image.tile[0].offset - 8
    found: list[memoryview] = []
    for _ in range(_MAX_CHUNKS):
        length, tag = int.from_bytes(view[position : position + 4], "big"), bytes(view[position + 4 : position + 8])
        if tag != b"IDAT":
            return found if tag == b"IEND" else None
        found.append(view[position + 8 : position + 8 + length])
        position += length + 12
    return None


def _begins_filtered(chunk: memoryview) -> bool:
    """Tell whether the first line is filtered. As a rule all are then, or none."""
    try:
        return zlib.decompressobj().decompress(chunk[:_FIRST_BYTES], 1) != b"\0"
    except zlib.error:
        return True


def _inflate(chunks: list[memoryview], size: int) -> bytearray | None:
    """Give the lines of a PNG, if they have this size and the right checksum."""
    if size > _MAX_INFLATED_BYTES:
        return None
    try:
        lines = deflate.zlib_decompress(chunks[0] if len(chunks) == 1 else b"".join(chunks), size)
    except deflate.DeflateError:
        return None
    return lines if len(lines) == size else None


def _close_up(lines: Lines) -> None:
    """Move the rows of an image to the begin of its lines, one after the other."""
    height, line_bytes = lines.shape
    rows = lines[:, 1:]
    closed = lines.reshape(-1)[: rows.size].reshape(rows.shape)
    step = max(1, _MOVED_BYTES // line_bytes)
    for top in range(0, height, step):
        closed[top : top + step] = rows[top : top + step]
