"""Painted masks smaller than the mask: colour and coverage averaged by area, never ids."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mattebox_renderer.render.runs import Runs, find_flags, no_flags
from mattebox_renderer.render.scale import Size
from mattebox_renderer.render.strips import Stretches, average_units, count_units

Places = npt.NDArray[np.intp]


class _Segments(NamedTuple):
    """The stretches of the buffer in which nothing changes, in reading order: along each the average is the same."""

    starts: Places
    order: Places
    """Of each change, the segment that begins there."""
    wanted: slice
    """Those of the rows wanted."""


class ReducedLayer(NamedTuple):
    """The average of a mask's paint over the exact area of each pixel of a smaller image.

    Paint is constant along a run, so its average changes only where a run starts. As font rasterisers do with the
    outlines of glyphs, each start adds its change of paint to the pixels of an accumulation buffer that it touches: to
    two neighbours in a row, and to those below where its row of the mask lies across two rows. The end of a row takes
    off what the row came to. A running sum gives the averages. The cost is by run, not by pixel.
    """

    runs: Runs
    codes: npt.NDArray[Any]
    """(runs,) columns of `paint`"""
    paint: npt.NDArray[np.float64]
    """(4, codes), as Paint"""
    size: Size
    """Width and height, neither above that of the mask."""

    def strip(self, top: int, bottom: int) -> Stretches:
        """Average the paint of some rows."""
        mask_height, mask_width = self.runs.shape
        width, height = self.size
        first, last = top * mask_height // height, -(-bottom * mask_height // height)
        wanted = self.runs.of_rows(first, last)
        row, column = np.divmod(self.runs.starts[wanted], np.int32(mask_width))
        firsts = np.flatnonzero(column == 0)
        lasts = np.append(firsts[1:], len(column)) - 1
        rows = np.arange(last - first)
        row, column = np.concatenate([row - first, rows]), np.append(column, np.full(len(rows), mask_width))
        places, shares, both = self.spread(row, column, rows + first, top, width)
        segments = _find_segments(places, bottom - top, width)
        sums = []
        for paint in count_units(self.paint):
            painted = np.take(paint, self.codes[wanted])
            change = np.concatenate([painted, -painted[lasts]])
            change[1 : len(painted)] -= painted[:-1]
            change[firsts] = painted[firsts]
            split = change[both]
            weights = np.concatenate([change, change, split, split])
            weights *= shares
            # Whole numbers: at the end of a row nothing is left of what it came to.
            sums.append(np.cumsum(np.bincount(segments.order, weights))[segments.wanted])
        return Stretches(average_units(np.stack(sums), mask_width * mask_height), segments.starts, width)

    def rows_at_once(self) -> int:
        """As Layer."""
        return self.runs.rows_at_once(self.size[1])

    def spread(
        self,
        row: npt.NDArray[np.integer],
        column: npt.NDArray[np.integer],
        rows: npt.NDArray[np.integer],
        top: int,
        stride: int,
    ) -> tuple[Places, npt.NDArray[np.float64], Places]:
        """Give the places in a buffer that runs change, the area shares of each, and the runs across two rows.

        The buffer has a row before those from `top` on, and `stride` places from row to row. Each run has two places
        side by side; those across two rows, which come last, two more in the row below.
        """
        mask_height, mask_width = self.runs.shape
        width, height = self.size
        begins, below = _across(rows, mask_height, height)
        parts, to_right = np.divmod(np.arange(mask_width + 1) * width, mask_width)
        place = np.take((begins - top + 1) * stride, row) + np.take(parts, column)
        right = np.take(to_right.astype(np.float64), column)
        left = mask_width - right
        low = np.take(below.astype(np.float64), row)
        both = np.flatnonzero(low)
        high, low = height - low, low[both]
        below_place = place[both] + stride
        places = np.concatenate([place, place + 1, below_place, below_place + 1])
        shares = np.concatenate([high * left, high * right, low * left[both], low * right[both]])
        return places, shares, both


def _find_segments(places: Places, rows: int, width: int) -> _Segments:
    """Find the segments of a buffer that changes at `places`.

    It has a row before the rows wanted and one after them. Every row wanted changes at its first column, because a row
    of the mask begins there.
    """
    first, last = width, (rows + 1) * width
    changed = no_flags((rows + 2) * width + 2)
    changed[places] = changed[first] = changed[last] = True
    starts = find_flags(changed)
    numbers = np.empty(len(changed), np.intp)
    numbers[starts] = np.arange(len(starts))
    begin, end = numbers[first], numbers[last]
    return _Segments(starts[begin : end + 1] - first, np.take(numbers, places), slice(begin, end))


def _across(
    rows: npt.NDArray[np.integer], mask_height: int, height: int
) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]:
    """Give the preview row that each mask row begins in, and how many height-ths of it lie in the next one."""
    begins = rows * height // mask_height
    return begins, np.maximum((rows + 1) * height - (begins + 1) * mask_height, 0)
