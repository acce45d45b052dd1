"""Four-byte pixels of a Pillow image as an array without a copy, through the Arrow C data interface.

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
_PIXEL_BYTES: Final = 4


class _Borrowed:
    """Tells NumPy where the pixels are, and keeps the image's memory alive as long as the array."""

    def __init__(self, capsules: Any, address: int, shape: tuple[int, int]) -> None:
        self._capsules = capsules
        self.__array_interface__ = {"version": 3, "typestr": "<u4", "shape": shape, "data": (address, True)}


def borrow_pixels(image: Image.Image) -> npt.NDArray[np.uint32] | None:
    """Give the (h, w) packed pixels of an RGB or RGBA image, read-only; None where they lie in several pieces."""
    try:
        capsules = image.__arrow_c_array__()
    except ValueError:
        return None
    array = _ArrowArray.from_address(_get_pointer(capsules[1], _CAPSULE_NAME))
    samples = array.children[0].contents
    if samples.length != image.width * image.height * _PIXEL_BYTES:
        return None
    return np.asarray(_Borrowed(capsules, samples.buffers[1], (image.height, image.width)))
