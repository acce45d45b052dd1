"""Painted segmentation masks at the size of the preview.

A layer holds premultiplied colour and coverage in four planes: red, green and blue times opacity (0..255), and opacity
(0..1).
"""

from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from mattebox_renderer.render.colors import parse_color
from mattebox_renderer.render.outline import near_border
from mattebox_renderer.render.runs import Runs, expand, find_runs
from mattebox_renderer.render.scale import Size, stretch
from mattebox_renderer.render.segmentation import Segmented
from mattebox_renderer.render.values import Table

Planes = npt.NDArray[np.float32]
"""(4, rows, width)"""

_CHUNK_RUNS: Final = 1 << 20


class Layer(Protocol):
    """What can be painted over a picture."""

    def rows(self, top: int, bottom: int) -> Planes:
        """Give the planes of some rows."""
        ...


class Style(NamedTuple):
    """How the spec wants a mask painted."""

    opacity: float
    unmapped: str | None
    outline: int


class ExactLayer(NamedTuple):
    """A layer at the size of its mask."""

    codes: npt.NDArray[Any]
    """(h, w) columns of `paint`"""
    paint: npt.NDArray[np.float32]
    """(4, codes)"""

    def rows(self, top: int, bottom: int) -> Planes:
        """Look up the paint of some rows."""
        return self.paint[:, self.codes[top:bottom]]


class ReducedLayer(NamedTuple):
    """A layer smaller than its mask."""

    planes: Planes

    def rows(self, top: int, bottom: int) -> Planes:
        """Cut out some rows."""
        return self.planes[:, top:bottom]


def paint_mask(segmented: Segmented, table: Table, style: Style, source: Size, preview: Size) -> Layer:
    """Paint a mask: exactly at the source's full size, else reduced from the mask's own pixels."""
    runs, codes = segmented.runs, segmented.entries + 1
    paint = _paint_table(table, style)
    codes = codes.astype(np.min_scalar_type(2 * paint.shape[1]))
    mask_size = runs.shape[::-1]
    if style.outline:
        stretched = stretch(expand(runs, codes), source)
        outlined = near_border(stretched, style.outline)
        stretched = np.where(outlined, stretched + paint.shape[1], stretched).astype(codes.dtype)
        return _scaled(stretched, _with_outline(paint, table), preview)
    if preview == source or preview[0] > mask_size[0] or preview[1] > mask_size[1]:
        return _scaled(expand(runs, codes), paint, preview, exact=preview == source)
    return ReducedLayer(reduce_paint(runs, codes, paint, preview))


def _scaled(codes: npt.NDArray[Any], paint: npt.NDArray[np.float32], preview: Size, *, exact: bool = False) -> Layer:
    height, width = codes.shape
    if exact:
        return ExactLayer(stretch(codes, preview), paint)
    codes = stretch(codes, (max(width, preview[0]), max(height, preview[1])))
    if codes.shape == preview[::-1]:
        return ExactLayer(codes, paint)
    runs = find_runs(codes)
    return ReducedLayer(reduce_paint(runs, runs.values, paint, preview))


def _paint_table(table: Table, style: Style) -> npt.NDArray[np.float32]:
    """Give the paint of each code: 0 is unmapped, i + 1 is entry i."""
    opacities = np.zeros(len(table.values) + 1)
    opacities[1:] = np.where(table.ignored | table.hidden, 0, table.opacities) * style.opacity
    colors = np.zeros((len(opacities), 3))
    colors[1:] = table.colors
    if style.unmapped is not None:
        colors[0], opacities[0] = parse_color(style.unmapped), style.opacity
    return _premultiplied(colors, opacities)


def _with_outline(paint: npt.NDArray[np.float32], table: Table) -> npt.NDArray[np.float32]:
    """Append the paint of each code where it is outlined."""
    outlined = paint.copy()
    shown = ~(table.ignored | table.hidden)
    outlined[:, 1:][:, shown] = _premultiplied(table.colors[shown].astype(np.float64), np.ones(int(shown.sum())))
    return np.concatenate([paint, outlined], axis=1)


def _premultiplied(colors: npt.NDArray[np.float64], opacities: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.concatenate([colors.T * opacities, opacities[None, :]]).astype(np.float32)


def reduce_paint(runs: Runs, codes: npt.NDArray[Any], paint: npt.NDArray[np.float32], size: Size) -> Planes:
    """Average the paint of an (h, w) mask over the area of each pixel of a smaller image.

    Paint is constant along a run, so its average changes only where a run starts. As font rasterisers do with glyph
    outlines, each start adds its change of paint to two neighbouring pixels of an accumulation buffer, split by where
    between them it lies, and a running sum along the rows gives the averages: exact area coverage, at a cost by run.

    Args:
        runs: Runs of the mask.
        codes: (runs,) column of `paint` of each run.
        paint: (4, codes)
        size: Width and height of the result, neither above those of the mask.
    """
    width, height = size
    buffer = np.zeros((4, (height + 1) * (width + 1)))
    nothing = paint.shape[1]
    padded = np.concatenate([paint.astype(np.float64), np.zeros((4, 1))], axis=1)
    for start in range(0, len(codes), _CHUNK_RUNS):
        chunk = slice(start, start + _CHUNK_RUNS)
        column = runs.starts[chunk] % runs.shape[1]
        before = np.concatenate([codes[max(start - 1, 0) : start] if start else codes[:1], codes[chunk][:-1]])
        before = np.where(column == 0, nothing, before)
        _accumulate(buffer, _Changes(runs.starts[chunk], codes[chunk], before), padded, runs.shape, size)
    planes = buffer.reshape(4, height + 1, width + 1)[:, :height, :width]
    return np.cumsum(planes, axis=2, dtype=np.float32)


class _Changes(NamedTuple):
    """Where paint changes: flat positions, the code that starts there and the one that ends."""

    positions: npt.NDArray[np.int32]
    codes: npt.NDArray[Any]
    before: npt.NDArray[Any]


def _accumulate(
    buffer: npt.NDArray[np.float64],
    changes: _Changes,
    paint: npt.NDArray[np.float64],
    mask_shape: tuple[int, int],
    size: Size,
) -> None:
    stride, row_height = size[0] + 1, size[1] / mask_shape[0]
    row, column = np.divmod(changes.positions, np.int32(mask_shape[1]))
    x, y = column * (size[0] / mask_shape[1]), row * row_height
    left, top = x.astype(np.int32), y.astype(np.int32)
    right_part = x - left
    # A row of the mask may reach into the next row of the preview.
    lower_part = np.maximum(y + row_height - (top + 1), 0)
    upper_part = row_height - lower_part
    place = top * stride + left
    spilled = np.flatnonzero(lower_part > 0)
    places = np.concatenate([place, place[spilled] + stride])
    shares = np.concatenate([upper_part, lower_part[spilled]])
    to_right = np.concatenate([right_part, right_part[spilled]]) * shares
    places, shares = np.concatenate([places, places + 1]), np.concatenate([shares - to_right, to_right])
    for plane, values in enumerate(paint):
        change = values[changes.codes] - values[changes.before]
        change = np.concatenate([change, change[spilled]])
        weights = shares * np.concatenate([change, change])
        buffer[plane] += np.bincount(places, weights=weights, minlength=buffer.shape[1])
