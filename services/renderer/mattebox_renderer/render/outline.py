"""Label borders."""

from collections.abc import Callable
from math import isqrt
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[Any]
_Extreme = Callable[[Codes, Codes], Codes]


def near_border(codes: Codes, width_px: int) -> npt.NDArray[np.bool_]:
    """Tell which pixels of an (h, w) array have another code within `width_px`, centre to centre (Euclidean).

    A disk around a pixel holds another code exactly when its least and greatest codes differ. Both are found row by row
    of the disk, and the extremes along a row of one half-width come from those of the next smaller one.
    """
    differs: npt.NDArray[np.bool_] = _over_disk(codes, width_px, np.minimum) != _over_disk(codes, width_px, np.maximum)
    return differs


def _over_disk(codes: Codes, radius: int, extreme: _Extreme) -> Codes:
    """Give the extreme of each pixel's disk; outside the image the nearest pixel inside goes on."""
    height, width = codes.shape
    padded = np.pad(codes, radius, mode="edge")
    result = codes.copy()
    along_row = padded[:, radius : radius + width].copy()
    half_width = 0
    for offset in range(radius, -1, -1):
        while half_width < isqrt(radius * radius - offset * offset):
            half_width += 1
            along_row = extreme(along_row, padded[:, radius - half_width : radius - half_width + width])
            along_row = extreme(along_row, padded[:, radius + half_width : radius + half_width + width])
        for top in {radius - offset, radius + offset}:
            result = extreme(result, along_row[top : top + height])
    return result
