"""Painted segmentation masks at the size of the preview."""

from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from mattebox_renderer.render.outline import near_border
from mattebox_renderer.render.reduction import ReducedLayer
from mattebox_renderer.render.runs import Runs, expand, find_runs
from mattebox_renderer.render.scale import Size, stretch
from mattebox_renderer.render.segmentation import Segmented
from mattebox_renderer.render.strips import Stretches, Strip, average_units, count_units
from mattebox_renderer.render.values import Table
from mattebox_runtime.colors import parse_color


class Layer(Protocol):
    """What can be painted over a picture."""

    def strip(self, top: int, bottom: int) -> Strip:
        """Give the paint of some rows."""
        ...

    def rows_at_once(self) -> int:
        """Give how many rows to ask for so that a strip takes a few megabytes at most."""
        ...


class Style(NamedTuple):
    """How the spec wants a mask painted."""

    opacity: float
    unmapped: str | None
    outline: int


class ExactLayer(NamedTuple):
    """A layer at the size of its mask."""

    runs: Runs
    codes: npt.NDArray[Any]
    """(runs,) columns of `paint`"""
    paint: npt.NDArray[np.float64]
    """(4, codes), as Paint"""

    def strip(self, top: int, bottom: int) -> Stretches:
        """Look up the paint of some rows."""
        runs, begin = self.runs.of_rows(top, bottom), top * self.runs.shape[1]
        paint = average_units(count_units(self.paint), area=1)
        return Stretches(np.take(paint, self.codes[runs], axis=1), self.runs.bounds(runs) - begin, self.runs.shape[1])

    def rows_at_once(self) -> int:
        """As Layer."""
        return self.runs.rows_at_once(self.runs.shape[0])


PaintedMask = ExactLayer | ReducedLayer


def paint_mask(segmented: Segmented, table: Table, style: Style, source: Size, preview: Size) -> PaintedMask:
    """Paint a mask: exactly at the source's full size, else reduced from the mask's own pixels."""
    runs, codes = segmented.runs, segmented.entries + 1
    paint = paint_table(table, style)
    codes = codes.astype(np.min_scalar_type(2 * paint.shape[1]))
    mask_size = runs.shape[::-1]
    if style.outline:
        stretched = stretch(expand(runs, codes), source)
        outlined = near_border(stretched, style.outline)
        stretched = np.where(outlined, stretched + paint.shape[1], stretched).astype(codes.dtype)
        return _scaled(stretched, _with_outline(paint, table), preview)
    fits = preview[0] <= mask_size[0] and preview[1] <= mask_size[1]
    if mask_size == preview:
        return ExactLayer(runs, codes, paint)
    if preview == source or not fits:
        return _scaled(expand(runs, codes), paint, preview, exact=preview == source)
    return ReducedLayer(runs, codes, paint, preview)


def _scaled(
    codes: npt.NDArray[Any], paint: npt.NDArray[np.float64], preview: Size, *, exact: bool = False
) -> PaintedMask:
    height, width = codes.shape
    codes = stretch(codes, preview if exact else (max(width, preview[0]), max(height, preview[1])))
    runs = find_runs(lambda top, bottom: codes[top:bottom], codes.shape)
    if codes.shape == preview[::-1]:
        return ExactLayer(runs, runs.values, paint)
    return ReducedLayer(runs, runs.values, paint, preview)


def paint_table(table: Table, style: Style) -> npt.NDArray[np.float64]:
    """Give the paint of each code: 0 is unmapped, i + 1 is entry i."""
    opacities = np.zeros(len(table.values) + 1)
    opacities[1:] = np.where(table.ignored | table.hidden, 0, table.opacities) * style.opacity
    colors = np.zeros((len(opacities), 3))
    colors[1:] = table.colors
    if style.unmapped is not None:
        colors[0], opacities[0] = parse_color(style.unmapped), style.opacity
    return _premultiplied(colors, opacities)


def _with_outline(paint: npt.NDArray[np.float64], table: Table) -> npt.NDArray[np.float64]:
    """Append the paint of each code where it is outlined."""
    outlined = paint.copy()
    shown = ~(table.ignored | table.hidden)
    outlined[:, 1:][:, shown] = _premultiplied(table.colors[shown].astype(np.float64), np.ones(int(shown.sum())))
    return np.concatenate([paint, outlined], axis=1)


def _premultiplied(colors: npt.NDArray[np.float64], opacities: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.concatenate([colors.T * opacities, opacities[None, :]])
