"""Types of media, told as far as their first bytes, their names or their declared types tell."""

import re
from typing import Final, Literal

VideoFormat = Literal["mp4", "matroska", "avi"]

HEAD_BYTES: Final = 32
"""As many first bytes as anything is told by."""

_STILL_BRANDS: Final = frozenset({b"avif", b"avis", b"mif1", b"msf1", b"heic", b"heix"})
_MP4_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"})

_TYPES = re.compile(r"(audio|model|font|text)/|application/(.*(pcd|ply|las|laz|pointcloud|point-cloud)|pdf)\b")
_NAMES = re.compile(
    r"[^?#]*\.(glb|gltf|obj|stl|fbx|usdz|ply|pcd|las|laz|xyz|wav|mp3|flac|ogg|m4a|aac|opus)([?#]|\Z)", re.IGNORECASE
)


def is_never_drawn(uri: str, content_type: str | None) -> bool:
    """Tell sound, 3D and text, by the content type or, without one, by the URI's ending."""
    if content_type:
        return _TYPES.match(content_type.lower()) is not None
    return _NAMES.match(uri) is not None


def video_format(head: bytes) -> VideoFormat | None:
    """Tell the container of a video by its first bytes; None for everything else."""
    if head[4:8] in _MP4_BOXES and head[8:12] not in _STILL_BRANDS:
        return "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    return None
