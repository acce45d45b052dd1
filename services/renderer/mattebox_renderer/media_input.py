"""What a picture or mask may be given as in Python, brought to the bytes of a file."""

import io
import os
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

MediaInput: TypeAlias = bytes | bytearray | memoryview | str | os.PathLike[str] | Image.Image | npt.NDArray[Any]
"""The bytes of a file, a path, a Pillow image, or an array.

Arrays are (h, w) of bool, uint8, uint16, 32- or 64-bit integers from 0 to 2³¹ - 1, or floats, or (h, w, c) of uint8
with c = 2 (grey and alpha), 3 (RGB) or 4 (RGBA).
"""

_IN_PNG: Final = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})
_IN_TIFF: Final = frozenset({"I", "F"})
_CHANNELS: Final = {2: "LA", 3: "RGB", 4: "RGBA"}


def file_bytes(media: MediaInput) -> bytes:
    """Give the bytes of a file that holds exactly the pixels given; EXIF of a Pillow image does not count.

    Raises:
        OSError: the file cannot be read.
        ValueError: a URI, an empty array, or integers that do not fit 31 bits.
        TypeError: nothing that can be drawn.
    """
    if isinstance(media, bytes | bytearray | memoryview):
        return bytes(media)
    if isinstance(media, Image.Image):
        return _encode(media)
    if isinstance(media, np.ndarray):
        return _encode(_image(media))
    if isinstance(media, str | os.PathLike):
        return _read(os.fspath(media))
    msg = f"a picture or mask is bytes, a path, a Pillow image or a NumPy array, not {type(media).__name__}"
    raise TypeError(msg)


def _read(path: str) -> bytes:
    if "://" in path:
        msg = f"{path!r} is a URI: fetch it first, or use the command `mattebox render`, which does"
        raise ValueError(msg)
    return Path(path).read_bytes()


def _encode(image: Image.Image) -> bytes:
    if image.mode not in _IN_PNG | _IN_TIFF:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    body = io.BytesIO()
    if image.mode in _IN_TIFF:
        image.save(body, "TIFF")
    else:
        image.save(body, "PNG", compress_level=1)
    return body.getvalue()


def _image(array: npt.NDArray[Any]) -> Image.Image:
    if array.size == 0:
        msg = f"an array of shape {array.shape} has no pixels"
        raise ValueError(msg)
    if array.ndim == 3 and array.dtype == np.uint8 and array.shape[2] in _CHANNELS:
        return Image.fromarray(np.ascontiguousarray(array), _CHANNELS[array.shape[2]])
    if array.ndim == 2 and array.dtype.kind in "buif":
        return Image.fromarray(np.ascontiguousarray(_plane(array)))
    msg = f"an array is (h, w), or (h, w, 2 to 4) of uint8, not {array.shape} of {array.dtype}"
    raise TypeError(msg)


def _plane(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Bring an (h, w) array to a type that an image file holds, every value unchanged."""
    if array.dtype == bool:
        return array.astype(np.uint8) * 255
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    if array.dtype in (np.uint8, np.uint16):
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    if int(array.min()) < 0 or int(array.max()) >= 2**31:
        msg = f"integers of a mask lie between 0 and 2**31 - 1, not {array.min()} and {array.max()}"
        raise ValueError(msg)
    return array.astype(np.int32)
