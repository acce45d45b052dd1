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


class Runs(NamedTuple):
    """The runs of an (h, w) array in reading order; every row begins a new one."""

    shape: tuple[int, int]
    starts: npt.NDArray[np.int32]
    """(n,) flat positions"""
    lengths: npt.NDArray[np.int32]
    values: npt.NDArray[Any]
    """(n,) of the array's dtype"""


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


def _starts(band: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    starts = np.empty(band.shape, np.bool_)
    starts[:, 0] = True
    np.not_equal(band[:, 1:], band[:, :-1], out=starts[:, 1:])
    return np.flatnonzero(starts)


def expand(runs: Runs, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Give the (h, w) array that has `values[i]` all along run i."""
    return np.repeat(values, runs.lengths).reshape(runs.shape)
