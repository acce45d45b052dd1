"""A mask as runs: stretches of equal value along its rows.

Real masks have a run for every fifty pixels or so, so whatever is done once per run, and not once per pixel, is nearly
free: mapping, exact counts, and the reduction of painted colour.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

_BAND_PIXELS: Final = 1 << 19
"""Pixels compared at a time: what a band needs stays in the processor's cache."""
_WORD_BYTES: Final = 8
_FEW: Final = 4
"""One word in so many, up to which it pays to look at words first."""
_RUNS_AT_ONCE: Final = 1 << 16
"""What is made of so many runs takes a few megabytes."""


class Runs(NamedTuple):
    """The runs of an (h, w) array in reading order; every row begins a new one."""

    shape: tuple[int, int]
    starts: npt.NDArray[np.int32]
    """(n,) flat positions"""
    lengths: npt.NDArray[np.int32]
    values: npt.NDArray[Any]
    """(n,) of the array's dtype"""

    def of_rows(self, top: int, bottom: int) -> slice:
        """Tell which runs lie in some rows."""
        # Keys of the same type, or the search would first convert all runs.
        ends = np.array([top * self.shape[1], bottom * self.shape[1]], self.starts.dtype)
        return slice(*np.searchsorted(self.starts, ends).tolist())

    def bounds(self, runs: slice) -> npt.NDArray[np.int32]:
        """Give the positions at which some runs start, and that at which the last of them ends."""
        end = self.starts[runs.stop : runs.stop + 1]
        return np.append(self.starts[runs], end if len(end) else np.int32(self.shape[0] * self.shape[1]))

    def rows_at_once(self, rows: int) -> int:
        """Give how many of `rows` rows, of this size or another, have about as many runs as should be held at once."""
        return max(1, rows * _RUNS_AT_ONCE // len(self.starts))


def find_runs(rows: Callable[[int, int], npt.NDArray[Any]], shape: tuple[int, int]) -> Runs:
    """Find the runs of an (h, w) array of at least one pixel, of which `rows` gives any stretch of rows."""
    height, width = shape
    step = max(1, _BAND_PIXELS // width)
    starts, values = [], []
    for top in range(0, height, step):
        band = rows(top, min(top + step, height))
        found = _starts(band)
        values.append(np.take(band, found))
        found += top * width
        starts.append(found.astype(np.int32))
    starts_of_all = np.concatenate(starts)
    lengths = np.diff(starts_of_all, append=np.int32(height * width))
    return Runs(shape, starts_of_all, lengths, np.concatenate(values))


def _starts(band: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    pixels = band.reshape(-1)
    starts = no_flags(len(pixels))
    np.not_equal(pixels[1:], pixels[:-1], out=starts[1 : len(pixels)])
    starts[: len(pixels) : band.shape[1]] = True
    return find_flags(starts)


def no_flags(count: int) -> npt.NDArray[np.bool_]:
    """Give at least `count` flags that are not set, for `find_flags`."""
    return np.zeros(-(-count // _WORD_BYTES) * _WORD_BYTES, np.bool_)


def find_flags(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Give what `np.flatnonzero` does, where few flags are set in half the time."""
    words = flags.view(np.uint64)
    some = np.flatnonzero(words != 0)
    if len(some) > len(words) // _FEW:
        return np.flatnonzero(flags)
    inside = np.flatnonzero(words[some].view(np.bool_))
    return some[inside // _WORD_BYTES] * _WORD_BYTES + inside % _WORD_BYTES


def expand(runs: Runs, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Give the (h, w) array that has `values[i]` all along run i."""
    return np.repeat(values, runs.lengths).reshape(runs.shape)
