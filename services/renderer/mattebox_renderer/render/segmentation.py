"""Segmentation masks: which entry each pixel belongs to, and how many pixels each entry has."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mattebox.models import MaskEncoding
from mattebox_renderer.outcome import MAX_UNMAPPED_VALUES
from mattebox_renderer.render import lossy
from mattebox_renderer.render.masks import Pixels
from mattebox_renderer.render.runs import Runs, find_runs
from mattebox_renderer.render.values import (
    NO_KEY,
    UNMAPPED,
    Keys,
    Reading,
    Table,
    Value,
    color_keys,
    entry_keys,
    key_colors,
    key_value,
    match_keys,
    pixel_keys,
    reading_of,
)


class Snapping(NamedTuple):
    """How a lossy mask came to its entries."""

    pixels: int
    """Mapped pixels whose value was not exactly a declared one."""
    distance: float
    """Their distances summed up."""
    least_declared: float
    """Distance of the two nearest declared values."""
    too_many: bool
    """Too many declared values to tell apart: only exact ones were taken."""


class Segmented(NamedTuple):
    """A mask whose runs are mapped to the entries of a table."""

    runs: Runs
    entries: npt.NDArray[np.int32]
    """(runs,) entry of each run, or UNMAPPED."""
    encoding: MaskEncoding
    counts: npt.NDArray[np.int64]
    """(entries of the table,) pixels of each."""
    unmapped_pixels: int
    unmapped_values: list[tuple[Value, int]]
    """Value and pixels, most first, at most MAX_UNMAPPED_VALUES."""
    snapping: Snapping | None


class _Mapping(NamedTuple):
    """One way to read a mask: distinct native values and what they map to."""

    encoding: MaskEncoding
    reading: Reading
    keys: Keys
    entries: npt.NDArray[np.int32]
    distances: npt.NDArray[np.float32] | None
    declared: Keys
    exact_only: bool

    def rank(self, pixels: npt.NDArray[np.int64]) -> tuple[int, int, float]:
        """Order readings: more mapped pixels first, of lossy masks then more exact ones, then nearer ones."""
        mapped = self.entries != UNMAPPED
        if self.distances is None:
            return int(pixels[mapped].sum()), 0, 0.0
        exact = mapped & (self.distances == 0)
        distance = float((pixels[mapped] * self.distances[mapped]).sum())
        return int(pixels[mapped].sum()), int(pixels[exact].sum()), -distance


def segment(pixels: Pixels, table: Table, encoding: MaskEncoding, *, is_lossy: bool) -> Segmented:
    """Map a mask to a table; `auto` takes, of rgb and index, what maps more pixels, rgb on a tie."""
    runs = find_runs(pixels.rows, (pixels.image.height, pixels.image.width))
    values, places, counts = _distinct(runs)
    encodings: tuple[MaskEncoding, ...] = (encoding,)
    if encoding == "auto":
        encodings = ("rgb", "index") if pixels.form == "palette" else ("rgb",)
    mappings = [_map(pixels, values, table, each, is_lossy=is_lossy) for each in encodings]
    best = max(mappings, key=lambda mapping: mapping.rank(counts))
    per_entry = np.bincount(best.entries + 1, weights=counts, minlength=len(table.values) + 1).astype(np.int64)
    return Segmented(
        runs=runs,
        entries=np.take(best.entries, places),
        encoding=best.encoding,
        counts=per_entry[1:],
        unmapped_pixels=int(per_entry[0]),
        unmapped_values=_unmapped(best, values, counts),
        snapping=_snapping(best, counts),
    )


def _distinct(runs: Runs) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Give the distinct values of the runs, each run's place among them, and the pixels of each value."""
    if runs.values.dtype.itemsize <= 2:
        size = 1 << 8 * runs.values.dtype.itemsize
        counts = np.bincount(runs.values, weights=runs.lengths, minlength=size).astype(np.int64)
        found = np.flatnonzero(counts)
        numbers = np.zeros(size, np.intp)
        numbers[found] = np.arange(len(found))
        return found.astype(runs.values.dtype), np.take(numbers, runs.values), counts[found]
    values = np.unique(runs.values)
    places = np.searchsorted(values, runs.values)
    return values, places, np.bincount(places, weights=runs.lengths, minlength=len(values)).astype(np.int64)


def _map(pixels: Pixels, values: npt.NDArray[Any], table: Table, encoding: MaskEncoding, *, is_lossy: bool) -> _Mapping:
    reading = reading_of(pixels, encoding)
    colors, keys = None, pixel_keys(pixels, values, reading)
    if pixels.space is not None and reading == "color":
        colors = pixels.space.greys(values) if pixels.form == "palette" else pixels.space.colors(values)
        keys = color_keys(colors)
    declared = entry_keys(table, pixels, reading, encoding)
    exact_only = is_lossy and len(declared) > lossy.MAX_SNAP_VALUES
    if not is_lossy or exact_only or reading == "color_alpha":
        return _Mapping(encoding, reading, keys, match_keys(keys, declared), None, declared, exact_only)
    usable = np.flatnonzero((declared != NO_KEY) & ((declared < 256) | (reading == "color")))
    snapped = lossy.snap(key_colors(keys, reading) if colors is None else colors, key_colors(declared[usable], reading))
    found = snapped.entries != UNMAPPED
    entries = np.full(len(keys), UNMAPPED, np.int32)
    entries[found] = usable[snapped.entries[found]]
    return _Mapping(encoding, reading, keys, entries, snapped.distances, declared[usable], exact_only)


def _unmapped(mapping: _Mapping, values: npt.NDArray[Any], counts: npt.NDArray[np.int64]) -> list[tuple[Value, int]]:
    places = np.flatnonzero((mapping.entries == UNMAPPED) & (counts > 0))
    keys = mapping.keys[places]
    if mapping.reading == "integer" and values.dtype.kind == "f":
        most = places[np.argsort(-counts[places], kind="stable")[:MAX_UNMAPPED_VALUES]]
        return [(_number(float(values[place])), int(counts[place])) for place in most]
    # Values that differ only in what this reading leaves out (alpha, the index behind a colour) are one value.
    distinct, where = np.unique(keys, return_inverse=True)
    pixels = np.bincount(where, weights=counts[places]).astype(np.int64)
    most = np.argsort(-pixels, kind="stable")[:MAX_UNMAPPED_VALUES]
    return [(key_value(int(distinct[i]), mapping.reading), int(pixels[i])) for i in most]


def _number(value: float) -> Value:
    if not np.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def _snapping(mapping: _Mapping, counts: npt.NDArray[np.int64]) -> Snapping | None:
    if mapping.exact_only:
        return Snapping(0, 0.0, 0.0, too_many=True)
    if mapping.distances is None:
        return None
    inexact = (mapping.entries != UNMAPPED) & (mapping.distances > 0)
    declared = key_colors(np.unique(mapping.declared), mapping.reading)
    return Snapping(
        pixels=int(counts[inexact].sum()),
        distance=float((counts[inexact] * mapping.distances[inexact]).sum()),
        least_declared=lossy.least_distance(declared),
        too_many=False,
    )
