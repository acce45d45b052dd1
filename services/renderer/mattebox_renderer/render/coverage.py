"""Which codes of a mask cover each pixel of a preview, and how much of it: paint of any colours is then a look-up.

Nearly all pixels have one code. Where runs meet there are a few, with the areas that they share; sums of paint over
those are the whole numbers that `ReducedLayer` comes to, so that both paint the same bits.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mattebox_renderer.render.reduction import UNITS, Planes, ReducedLayer

Integers = npt.NDArray[np.int64]


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


class CoverageLayer(NamedTuple):
    """The paint of a mask, looked up by what covers each pixel."""

    coverage: Coverage
    paint: npt.NDArray[np.float64]
    """(4, codes), as Planes"""

    def rows(self, top: int, bottom: int) -> Planes:
        """Look up the paint of some rows."""
        codes = self.coverage.codes[top:bottom]
        planes = np.empty((4, *codes.shape), np.float32)
        wanted = codes.astype(np.intp)
        for plane, paint in zip(planes, self.of_codes(), strict=True):
            np.take(paint, wanted, out=plane, mode="clip")
        pixels, mixed = self._mixed(top, bottom)
        planes.reshape(4, -1)[:, pixels] = mixed
        return planes

    def of_codes(self) -> Planes:
        """Give the (4, codes) paint of pixels that have one code alone."""
        # Rounded as the sum of shares is.
        return self._averages(np.rint(self.paint * UNITS) * self.coverage.area)

    def of_mixed(self) -> Planes:
        """Give the (4, k) paint of the pixels that have several."""
        return self._mixed(0, self.coverage.codes.shape[0])[1]

    def _mixed(self, top: int, bottom: int) -> tuple[npt.NDArray[np.int32], Planes]:
        coverage = self.coverage
        width = coverage.codes.shape[1]
        ends = np.array([top * width, bottom * width], coverage.pixels.dtype)
        first, last = np.searchsorted(coverage.pixels, ends)
        if first == last:
            return coverage.pixels[:0], np.empty((4, 0), np.float32)
        firsts = np.append(coverage.firsts, np.int32(len(coverage.shares)))[first : last + 1]
        shares = slice(firsts[0], firsts[-1])
        codes, parts = coverage.share_codes[shares].astype(np.intp), coverage.shares[shares].astype(np.float64)
        begins = firsts[:-1].astype(np.intp) - firsts[0]
        sums = [np.add.reduceat(np.take(paint, codes) * parts, begins) for paint in np.rint(self.paint * UNITS)]
        return coverage.pixels[first:last] - np.int32(top * width), self._averages(np.stack(sums))

    def _averages(self, sums: npt.NDArray[np.float64]) -> Planes:
        averages = sums.astype(np.float32)
        averages *= (1 / (UNITS * self.coverage.area)).astype(np.float32)
        return averages


def cover(layer: ReducedLayer) -> Coverage:
    """Find what covers each pixel that a layer is reduced to."""
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
    places, shares, both = layer.spread(row, column, np.arange(mask_height), 0)
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
