"""Some rows of a painted mask: which paints there are, and where they lie."""

from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Paint = npt.NDArray[np.float32]
"""(4, n): red, green and blue times opacity (0..255), opacity (0..1)."""

Values = npt.NDArray[Any]

UNITS: Final = np.array([[1 << 8], [1 << 8], [1 << 8], [1 << 16]], np.float64)
"""What paint is counted in, per plane. Sums of units over areas of a mask are whole numbers that a float64 holds."""


class Strip(Protocol):
    """Paint over some rows."""

    @property
    def paint(self) -> Paint:
        """The n paints."""
        ...

    def spread(self, values: Values, top: int, bottom: int) -> Values:
        """Give (k, pixels) of some rows of the strip, in reading order, for (k, n) values of its paints."""
        ...


class Stretches(NamedTuple):
    """Paint that is the same along stretches of a row."""

    paint: Paint
    starts: npt.NDArray[np.integer]
    """(n + 1,) positions in reading order, and the end; each row begins a new one"""
    width: int

    def spread(self, values: Values, top: int, bottom: int) -> Values:
        """As Strip."""
        # Keys of the same type, or the search would first convert all starts.
        ends = np.array([top * self.width, bottom * self.width], self.starts.dtype)
        first, last = np.searchsorted(self.starts, ends)
        starts = self.starts[first : last + 1]
        return np.repeat(values[:, first:last], starts[1:] - starts[:-1], axis=1)


def count_units(paint: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give (4, n) paint in whole units."""
    return np.rint(paint * UNITS)


def average_units(sums: npt.NDArray[np.float64], area: int) -> Paint:
    """Give the paint of (4, n) units summed up over an area."""
    averages = sums.astype(np.float32)
    averages *= (1 / (UNITS * area)).astype(np.float32)
    return averages
