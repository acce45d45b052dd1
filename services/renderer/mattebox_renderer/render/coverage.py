"""Which codes of a mask cover each pixel of a preview, and how much of it: paint of any colours is then a look-up.

Nearly all pixels have one code. Where runs meet there are a few, with the areas that they share; sums of paint over
those are the whole numbers that `ReducedLayer` comes to, so that both paint the same bits.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mattebox_renderer.render.layers import ExactLayer, PaintedMask
from mattebox_renderer.render.reduction import ReducedLayer
from mattebox_renderer.render.runs import expand
from mattebox_renderer.render.strips import Paint, Values, average_units, count_units

Integers = npt.NDArray[np.int64]

_MIXED_AT_ONCE: Final = 1 << 16


class Coverage(NamedTuple):
    """What lies under each pixel."""

    codes: npt.NDArray[Any]
    """(h, w) the code of each pixel that has one alone"""
    area: int
    """What the shares of a pixel sum up to."""
    pixels: npt.NDArray[np.int32]
    """(k,) positions of the others in reading order"""
    firsts: npt.NDArray[np.int32]
    """(k,) the first of each pixel's shares"""
    share_codes: npt.NDArray[Any]
    """(m,) as `codes`"""
    shares: npt.NDArray[np.int32]
    """(m,)"""


class CoveredStrip(NamedTuple):
    """Paint looked up by what covers each pixel."""

    paint: Paint
    """That of each code, then that of each pixel with several."""
    codes: npt.NDArray[Any]
    """(rows, w)"""
    pixels: npt.NDArray[np.int32]
    """Positions of pixels with several codes, in reading order."""

    def spread(self, values: Values, top: int, bottom: int) -> Values:
        """As Strip."""
        width = self.codes.shape[1]
        spread = np.take(values, self.codes[top:bottom].reshape(-1), axis=1)
        ends = np.array([top * width, bottom * width], self.pixels.dtype)
        first, last = np.searchsorted(self.pixels, ends)
        mixed = values[:, self.paint.shape[1] - len(self.pixels) :]
        spread[:, self.pixels[first:last] - ends[0]] = mixed[:, first:last]
        return spread


class CoverageLayer(NamedTuple):
    """The paint of a mask, looked up by what covers each pixel."""

    coverage: Coverage
    paint: npt.NDArray[np.float64]
    """(4, codes), as Paint"""

    def strip(self, top: int, bottom: int) -> CoveredStrip:
        """Look up the paint of some rows."""
        coverage = self.coverage
        width = coverage.codes.shape[1]
        units = count_units(self.paint)
        ends = np.array([top * width, bottom * width], coverage.pixels.dtype)
        first, last = np.searchsorted(coverage.pixels, ends)
        sums = np.concatenate([units * coverage.area, self._mixed(units, first, last)], axis=1)
        pixels = coverage.pixels[first:last] - ends[0]
        return CoveredStrip(average_units(sums, coverage.area), coverage.codes[top:bottom], pixels)

    def rows_at_once(self) -> int:
        """As Layer."""
        return max(1, len(self.coverage.codes) * _MIXED_AT_ONCE // (1 + len(self.coverage.pixels)))

    def _mixed(self, units: npt.NDArray[np.float64], first: int, last: int) -> npt.NDArray[np.float64]:
        coverage = self.coverage
        if first == last:
            return np.empty((4, 0))
        firsts = np.append(coverage.firsts, np.int32(len(coverage.shares)))[first : last + 1]
        shares = slice(firsts[0], firsts[-1])
        codes, parts = coverage.share_codes[shares].astype(np.intp), coverage.shares[shares].astype(np.float64)
        pixels = np.repeat(np.arange(last - first), np.diff(firsts))
        return np.stack([np.bincount(pixels, np.take(unit, codes) * parts) for unit in units])


def cover(mask: PaintedMask) -> Coverage:
    """Find what covers each pixel that a mask is painted to."""
    if isinstance(mask, ExactLayer):
        nothing = np.empty(0, np.int32)
        return Coverage(expand(mask.runs, mask.codes), 1, nothing, nothing, mask.codes[:0], nothing)
    return _cover_reduced(mask)


def _cover_reduced(layer: ReducedLayer) -> Coverage:
    width, height = layer.size
    area = layer.runs.shape[0] * layer.runs.shape[1]
    stretches = _stretches(layer)
    whole = stretches.shares == area
    codes = np.zeros(width * height, layer.codes.dtype)
    alone = _Stretches(*(each[whole] for each in stretches))
    codes[_pixels_of(alone)] = np.repeat(alone.codes, alone.lengths)
    mixed = _Stretches(*(each[~whole] for each in stretches))
    pixels = _pixels_of(mixed)
    order = np.argsort(pixels, kind="stable")
    pixels, firsts = np.unique(pixels[order], return_index=True)
    return Coverage(
        codes.reshape(height, width),
        area,
        pixels.astype(np.int32),
        firsts.astype(np.int32),
        np.repeat(mixed.codes, mixed.lengths)[order].astype(layer.codes.dtype),
        np.repeat(mixed.shares, mixed.lengths)[order].astype(np.int32),
    )


class _Stretches(NamedTuple):
    """Stretches along the rows of a preview of which a code covers the same share of each pixel."""

    starts: Integers
    lengths: Integers
    codes: Integers
    shares: Integers


def _pixels_of(stretches: _Stretches) -> Integers:
    """List the pixels of one stretch after another."""
    starts, lengths = stretches.starts, stretches.lengths
    places: Integers = np.arange(lengths.sum()) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
    return places


def _stretches(layer: ReducedLayer) -> _Stretches:
    width = layer.size[0]
    rows, codes, columns, changes = _changes(layer)
    groups = rows * layer.paint.shape[1] + codes
    keys = groups * (width + 1) + columns
    order = np.argsort(keys)
    firsts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    changes = np.add.reduceat(changes[order], firsts)
    picked = order[firsts]
    columns, groups = columns[picked], groups[picked]
    # Summed up along each row by itself, code by code.
    is_first = np.diff(groups, prepend=-1) != 0
    group_firsts = np.flatnonzero(is_first)
    totals = np.cumsum(changes)
    sizes = np.diff(group_firsts, append=len(groups))
    shares = totals - np.repeat((totals - changes)[group_firsts], sizes)
    ends = np.where(np.append(is_first[1:], True), width, np.append(columns[1:], 0))
    covered = np.flatnonzero((shares > 0) & (ends > columns))
    picked, columns = picked[covered], columns[covered]
    return _Stretches(rows[picked] * width + columns, ends[covered] - columns, codes[picked], shares[covered])


def _changes(layer: ReducedLayer) -> tuple[Integers, Integers, Integers, Integers]:
    """Give row, code and column of every change of a share in the preview, and by how much it changes."""
    mask_height, mask_width = layer.runs.shape
    width, height = layer.size
    row, column = np.divmod(layer.runs.starts, np.int32(mask_width))
    places, shares, both = layer.spread(row, column, np.arange(mask_height), 0, width + 1)
    rows, columns = np.divmod(places, width + 1)
    runs = np.arange(len(row))
    runs = np.concatenate([runs, runs, both, both])
    inside = np.flatnonzero(column[runs] > 0)
    codes = layer.codes.astype(np.int64)
    begun, ended = codes[runs], codes[runs[inside] - 1]
    rows, columns = np.concatenate([rows, rows[inside]]) - 1, np.concatenate([columns, columns[inside]])
    changes = shares.astype(np.int64)
    wanted = np.flatnonzero(rows < height)
    all_codes, all_changes = np.concatenate([begun, ended]), np.concatenate([changes, -changes[inside]])
    return rows[wanted], all_codes[wanted], columns[wanted], all_changes[wanted]
