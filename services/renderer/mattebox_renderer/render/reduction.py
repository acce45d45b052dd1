"""Painted masks smaller than the mask: colour and coverage averaged by area, never ids."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mattebox_renderer.render.runs import Runs
from mattebox_renderer.render.scale import Size

Planes = npt.NDArray[np.float32]
"""(4, rows, width): red, green and blue times opacity (0..255), opacity (0..1)."""

UNITS: Final = np.array([[1 << 8], [1 << 8], [1 << 8], [1 << 16]], np.float64)
"""What paint is counted in, per plane. Sums of units over areas of a mask are whole numbers that a float64 holds."""


class _Segments(NamedTuple):
    """The stretches of the buffer in which no run begins, in reading order: along each the average is the same."""

    lengths: npt.NDArray[np.int64]
    """Pixels of the rows wanted that each has; 0 where it lies outside of them."""
    row_firsts: npt.NDArray[np.int64]
    """Of each, the first segment in its row."""

    def sum_up(self, changes: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Give what the changes at the beginnings of segments come to along each row."""
        # Whole numbers: what the rows above came to is taken off again without a trace.
        totals = np.concatenate([[0.0], np.cumsum(changes)])
        sums: npt.NDArray[np.float64] = totals[1:] - np.take(totals, self.row_firsts)
        return sums


class ReducedLayer(NamedTuple):
    """The average of a mask's paint over the exact area of each pixel of a smaller image.

    Paint is constant along a run, so its average changes only where a run starts. As font rasterisers do with the
    outlines of glyphs, each start adds its change of paint to the pixels of an accumulation buffer that it touches: to
    two neighbours in a row, and to those below where its row of the mask lies across two rows. A running sum along the
    rows gives the averages. The cost is by run, not by pixel, until they are written down.
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
        places, shares, both = self.spread(row - first, column, np.arange(first, last), top)
        segments, order = _find_segments(places, bottom - top, width)
        planes = np.empty((4, bottom - top, width), np.float32)
        for plane, paint, units in zip(planes, np.rint(self.paint * UNITS), UNITS[:, 0], strict=True):
            change = _changes(np.take(paint, self.codes[wanted]), inside)
            split = change[both]
            weights = np.concatenate([change, change, split, split])
            weights *= shares
            averages = segments.sum_up(np.bincount(order, weights)).astype(np.float32)
            averages *= np.float32(1 / (units * mask_width * mask_height))
            plane[:] = np.repeat(averages, segments.lengths).reshape(plane.shape)
        return planes

    def spread(
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


def _find_segments(places: npt.NDArray[np.int64], rows: int, width: int) -> tuple[_Segments, npt.NDArray[np.int64]]:
    """Find the segments of a buffer that changes at `places`, and the segment that begins at each place.

    The buffer has a row before the rows wanted and one after them, and each row a column after its last. Every row
    wanted changes at its first column, because a row of the mask begins there.
    """
    stride = width + 1
    changed = np.zeros((rows + 2) * stride + 1, np.bool_)
    changed[places] = True
    starts = np.flatnonzero(changed)
    numbers = np.empty(len(changed), np.int64)
    numbers[starts] = np.arange(len(starts))
    row, column = np.divmod(starts, stride)
    pixels = np.clip((row - 1) * width + column, 0, rows * width)
    counts = np.bincount(row)
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    return _Segments(np.diff(pixels, append=rows * width), firsts), np.take(numbers, places)


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
