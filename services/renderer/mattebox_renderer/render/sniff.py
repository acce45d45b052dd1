"""What a file is by its first bytes; names and declared types are not asked."""

import re
from mmap import mmap
from typing import Final, Literal

from mattebox_runtime.media import HEAD_BYTES, video_format

Buffer = bytes | memoryview | mmap
"""Bytes of a whole file."""

Kind = Literal["image", "mp4", "matroska", "avi", "unsupported"]

_NEVER_DRAWN: Final = re.compile(
    rb"glTF|ply\r?\n|# \.PCD|Kaydara FBX|LASF|solid |OggS|fLaC|ID3|\xff[\xfb\xf3\xf2]|#!AMR|MThd|RIFF....WAVE",
    re.DOTALL,
)
_NEVER_DRAWN_TYPES: Final = ("audio/", "model/")
_START_OF_SCAN: Final = b"\xff\xda"


def sniff(data: Buffer, content_type: str | None) -> Kind:
    """Tell images from videos and from types that are never drawn (sound, 3D); unknown bytes count as an image."""
    if content_type is not None and content_type.lower().startswith(_NEVER_DRAWN_TYPES):
        return "unsupported"
    head = bytes(data[:HEAD_BYTES])
    if _NEVER_DRAWN.match(head):
        return "unsupported"
    return video_format(head) or "image"


def jpeg_scans(data: Buffer) -> int:
    """Count start-of-scan markers; those of embedded thumbnails count too."""
    if isinstance(data, bytes):
        return data.count(_START_OF_SCAN)
    return sum(1 for _ in re.finditer(_START_OF_SCAN, data))


def is_lossy_webp(data: Buffer) -> bool:
    """Tell whether the first picture of a WebP file is coded as VP8 (lossy) and not as VP8L."""
    position = 12
    while position + 8 <= len(data):
        tag = bytes(data[position : position + 4])
        if tag in {b"VP8 ", b"VP8L"}:
            return tag == b"VP8 "
        if tag == b"ANMF":
            # The first frame's own chunks follow a header of 16 bytes.
            position += 8 + 16
            continue
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        position += 8 + size + size % 2
    return True
