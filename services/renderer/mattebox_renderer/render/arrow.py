"""Pixels of a Pillow image as an array without a copy, through the Arrow C data interface.

`tobytes` copies an RGB mask twice, which takes as long as everything that is done with it afterwards.
"""

import ctypes
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image


class _ArrowArray(ctypes.Structure):
    """`struct ArrowArray` of the Arrow C data interface, up to what is read of it."""


_ArrowArray._fields_ = [
    *((name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_ArrowArray))),
]

_get_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
_CAPSULE_NAME: Final = b"arrow_array"
_TYPES: Final = {
    "RGB": "<u4",
    "RGBX": "<u4",
    "RGBA": "<u4",
    "RGBa": "<u4",
    "L": "|u1",
    "P": "|u1",
    "I;16": "=u2",
    "I": "=u4",
    "F": "=f4",
}
_BANDS: Final = {"RGB": 4, "RGBX": 4, "RGBA": 4, "RGBa": 4}


class _Borrowed:
    """Tells NumPy where the pixels are, and keeps the image's memory alive as long as the array."""

    def __init__(self, capsules: Any, address: int, shape: tuple[int, int], type_: str) -> None:
        self._capsules = capsules
        typestr = np.dtype(type_).str
        self.__array_interface__ = {"version": 3, "typestr": typestr, "shape": shape, "data": (address, True)}


def borrow_pixels(image: Image.Image) -> npt.NDArray[Any] | None:
    """Give the (h, w) pixels of an image, read-only; None where they lie in several pieces or are of another mode.

    uint32 of RGB, RGBX and RGBA, packed, and of I; uint8 of L and P; uint16 of I;16; float32.
    """
    if image.mode not in _TYPES:
        return None
    try:
        capsules = image.__arrow_c_array__()
    except ValueError:
        return None
    array = _ArrowArray.from_address(_get_pointer(capsules[1], _CAPSULE_NAME))
    bands = _BANDS.get(image.mode, 1)
    samples = array.children[0].contents if bands > 1 else array
    if samples.length != image.width * image.height * bands:
        return None
    return np.asarray(_Borrowed(capsules, samples.buffers[1], (image.height, image.width), _TYPES[image.mode]))
