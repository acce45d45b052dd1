"""What is never drawn, told without looking at its bytes."""

import re

_TYPES = re.compile(r"(audio|model|font|text)/|application/(.*(pcd|ply|las|laz|pointcloud|point-cloud)|pdf)\b")
_NAMES = re.compile(
    r"[^?#]*\.(glb|gltf|obj|stl|fbx|usdz|ply|pcd|las|laz|xyz|wav|mp3|flac|ogg|m4a|aac|opus)([?#]|\Z)", re.IGNORECASE
)


def is_never_drawn(uri: str, content_type: str | None) -> bool:
    """Tell sound, 3D and text, by the content type or, without one, by the URI's ending."""
    if content_type:
        return _TYPES.match(content_type.lower()) is not None
    return _NAMES.match(uri) is not None
