"""Painted masks smaller than the mask: colour and coverage averaged by area, never ids."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mattebox_renderer.render.runs import Runs
from mattebox_renderer.render.scale import Size

Planes = npt.NDArray[np.float32]
"""(4, rows, width): red, green and blue times opacity (0..255), opacity (0..1)."""

_PARTS: Final = 8
"""Parts of a pixel's width that the start of a run is rounded to."""
_HALF_BITS: Final = 26
"""Half the bits of whole numbers that a float64 holds exactly."""
_GREATEST: Final = 255

MAX_ROWS_SUMMED: Final = (1 << _HALF_BITS) // (_GREATEST * _PARTS) - 1
"""Rows of a mask that may fall into one row of a layer."""


class ReducedLayer(NamedTuple):
    """The average of a mask's paint over the area of each pixel of a smaller image.

    Paint is constant along a run, so its average changes only where a run starts. As font rasterisers do with the
    outlines of glyphs, each start adds its change of paint to two neighbouring pixels of an accumulation buffer, split
    by where between them it lies; a running sum along the rows gives the averages. The cost is by run, not by pixel.

    All sums are of whole numbers, so several planes travel in one word, each in bits of its own.
    """

    runs: Runs
    codes: npt.NDArray[Any]
    """(runs,) columns of `paint`"""
    paint: npt.NDArray[np.float64]
    """(4, codes), as Planes"""
    size: Size
    """Width and height, neither above that of the mask, the height at least a MAX_ROWS_SUMMED-th of it."""

    def rows(self, top: int, bottom: int) -> Planes:
        """Average the paint of some rows."""
        mask_height, mask_width = self.runs.shape
        width, height = self.size
        # A row of the mask belongs to the preview's row that its middle lies in.
        bounds = _first_inside(np.arange(top, bottom + 1), mask_height, height)
        rows_summed = np.diff(bounds)
        lanes = _lanes(int(rows_summed.max()))
        # Keys of the same type, or the search would first convert all runs.
        ends = (bounds[[0, -1]] * mask_width).astype(self.runs.starts.dtype)
        wanted = slice(*np.searchsorted(self.runs.starts, ends))
        row, column = np.divmod(self.runs.starts[wanted], np.int32(mask_width))
        parts = np.arange(mask_width) * (width * _PARTS) // mask_width
        place = np.take(np.repeat(np.arange(bottom - top) * (width + 1), rows_summed), row - int(bounds[0]))
        part = np.take(parts, column)
        place += part // _PARTS
        to_right = part % _PARTS
        places, shares = np.concatenate([place, place + 1]), np.concatenate([_PARTS - to_right, to_right])
        planes = np.empty((4, bottom - top, width), np.float32)
        scale = (1 / (rows_summed * _PARTS)).astype(np.float32)[:, None]
        for first in range(0, 4, lanes.planes):
            words = lanes.pack(np.rint(self.paint[first : first + lanes.planes] * _units(first, lanes.planes)))
            change = _changes(words, self.codes[wanted], column)
            buffer = np.bincount(
                places, weights=np.concatenate([change, change]) * shares, minlength=(bottom - top) * (width + 1) + 1
            )[:-1].reshape(-1, width + 1)
            lanes.unpack(buffer[:, :-1].cumsum(axis=1), planes[first : first + lanes.planes])
        planes *= scale
        planes[3] *= np.float32(1 / _GREATEST)
        return planes


class _Lanes(NamedTuple):
    """How planes share a word: its two halves hold one plane each, or two."""

    planes: int
    bits: int

    def pack(self, planes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Put (lanes, n) whole numbers into (n,) words."""
        words: npt.NDArray[np.float64] = 2.0 ** (self.bits * np.arange(self.planes)) @ planes
        return words

    def unpack(self, words: npt.NDArray[np.float64], planes: Planes) -> None:
        """Take (h, w) words apart into (lanes, h, w) planes."""
        upper = np.floor(words * 2.0**-_HALF_BITS)
        # Halves fit int32, whose shifts and conversions are several times faster than those of int64.
        lower = (words - upper * 2.0**_HALF_BITS).astype(np.int32)
        each = self.planes // 2
        for half, (first, *second) in zip((lower, upper.astype(np.int32)), (planes[:each], planes[each:]), strict=True):
            first[:] = half & ((1 << self.bits) - 1)
            for plane in second:
                plane[:] = half >> self.bits


def _lanes(rows_summed: int) -> _Lanes:
    """Put two planes into a half where the greatest sum leaves room for them."""
    needed = (_GREATEST * _PARTS * rows_summed).bit_length()
    return _Lanes(4, _HALF_BITS // 2) if 2 * needed <= _HALF_BITS else _Lanes(2, _HALF_BITS)


def _units(first: int, count: int) -> npt.NDArray[np.float64]:
    """Give what turns paint into whole numbers up to _GREATEST: colours are so already, opacity is not."""
    return np.array([1, 1, 1, _GREATEST], np.float64)[first : first + count, None]


def _changes(
    words: npt.NDArray[np.float64], codes: npt.NDArray[Any], column: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """Give by how much each run differs from the one before it in its row, the first in a row from nothing."""
    here = np.take(words, codes)
    change = here.copy()
    change[1:] -= here[:-1] * (column[1:] > 0)
    return change


def _first_inside(rows: npt.NDArray[np.int64], mask_height: int, height: int) -> npt.NDArray[np.int64]:
    """Give for each preview row the first mask row whose middle is not above it."""
    # (2·y + 1) · height >= 2 · row · mask_height, solved for the least whole y.
    twice_middles = 2 * rows * mask_height
    bounds: npt.NDArray[np.int64] = -((height - twice_middles) // (2 * height))
    return bounds
