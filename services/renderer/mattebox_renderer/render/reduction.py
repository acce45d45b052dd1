"""Painted masks smaller than the mask: colour and coverage averaged by area, never ids."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mattebox_renderer.render.runs import Runs
from mattebox_renderer.render.scale import Size

Planes = npt.NDArray[np.float32]
"""(4, rows, width): red, green and blue times opacity (0..255), opacity (0..1)."""

_UNITS: Final = np.array([[1 << 8], [1 << 8], [1 << 8], [1 << 16]], np.float64)
"""What paint is counted in, per plane. Sums of units over areas of a mask are whole numbers that a float64 holds."""


class ReducedLayer(NamedTuple):
    """The average of a mask's paint over the exact area of each pixel of a smaller image.

    Paint is constant along a run, so its average changes only where a run starts. As font rasterisers do with the
    outlines of glyphs, each start adds its change of paint to the pixels of an accumulation buffer that it touches: to
    two neighbours in a row, and to those below where its row of the mask lies across two rows. A running sum along the
    rows gives the averages. The cost is by run, not by pixel.
    """

    runs: Runs
    codes: npt.NDArray[Any]
    """(runs,) columns of `paint`"""
    paint: npt.NDArray[np.float64]
    """(4, codes), as Planes"""
    size: Size
    """Width and height, neither above that of the mask."""

    def rows(self, top: int, bottom: int) -> Planes:
        """Average the paint of some rows."""
        mask_height, mask_width = self.runs.shape
        width, height = self.size
        first, last = top * mask_height // height, -(-bottom * mask_height // height)
        # Keys of the same type, or the search would first convert all runs.
        ends = np.array([first * mask_width, last * mask_width], self.runs.starts.dtype)
        wanted = slice(*np.searchsorted(self.runs.starts, ends))
        row, column = np.divmod(self.runs.starts[wanted], np.int32(mask_width))
        inside = column > 0
        places, shares, both = self._spread(row - first, column, np.arange(first, last), top)
        # A row before the first and one after the last take what mask rows across the ends have outside.
        stride = width + 1
        planes = np.empty((4, bottom - top, width), np.float32)
        for plane, paint, units in zip(planes, np.rint(self.paint * _UNITS), _UNITS[:, 0], strict=True):
            change = _changes(np.take(paint, self.codes[wanted]), inside)
            split = change[both]
            weights = np.concatenate([change, change, split, split])
            weights *= shares
            buffer = np.bincount(places, weights, (bottom - top + 2) * stride + 1)[stride : -stride - 1]
            changes = buffer.reshape(-1, stride)
            np.cumsum(changes, axis=1, out=changes)
            plane[:] = changes[:, :-1]
            np.multiply(plane, np.float32(1 / (units * mask_width * mask_height)), out=plane)
        return planes

    def _spread(
        self, row: npt.NDArray[np.int32], column: npt.NDArray[np.int32], rows: npt.NDArray[np.int64], top: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.intp]]:
        """Give the places in the buffer that runs change, the area shares of each, and the runs across two rows.

        Each run has two places side by side; those across two rows, which come last, two more in the row below.
        """
        mask_height, mask_width = self.runs.shape
        width, height = self.size
        stride = width + 1
        begins, below = _across(rows, mask_height, height)
        parts, to_right = np.divmod(np.arange(mask_width) * width, mask_width)
        place = np.take((begins - top + 1) * stride, row) + np.take(parts, column)
        right = np.take(to_right, column).astype(np.float64)
        left = mask_width - right
        low = np.take(below.astype(np.float64), row)
        both = np.flatnonzero(low)
        high, low = height - low, low[both]
        places = np.concatenate([place, place + 1, place[both] + stride, place[both] + (stride + 1)])
        shares = np.concatenate([high * left, high * right, low * left[both], low * right[both]])
        return places, shares, both


def _across(
    rows: npt.NDArray[np.int64], mask_height: int, height: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the preview row that each mask row begins in, and how many height-ths of it lie in the next one."""
    begins = rows * height // mask_height
    return begins, np.maximum((rows + 1) * height - (begins + 1) * mask_height, 0)


def _changes(paint: npt.NDArray[np.float64], inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Give by how much each run differs from the one before it in its row, the first in a row from nothing."""
    change = paint.copy()
    change[1:] -= paint[:-1] * inside[1:]
    return change
