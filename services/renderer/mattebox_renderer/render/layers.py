"""Painted segmentation masks at the size of the preview.

A layer holds premultiplied colour and coverage in four planes: red, green and blue times opacity (0..255), and opacity
(0..1).
"""

from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.outline import near_border
from mattebox_renderer.render.reduction import Planes, ReducedLayer
from mattebox_renderer.render.runs import expand, find_runs
from mattebox_renderer.render.scale import Size, stretch
from mattebox_renderer.render.segmentation import Segmented
from mattebox_renderer.render.values import Table
from mattebox_runtime.colors import parse_color


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
    paint: npt.NDArray[np.float64]
    """(4, codes)"""

    def rows(self, top: int, bottom: int) -> Planes:
        """Look up the paint of some rows."""
        return np.take(self.paint.astype(np.float32), self.codes[top:bottom], axis=1)

    def as_image(self) -> Image.Image | None:
        """Give the layer as an RGBA image where a palette can hold its paint, in 8 bits and not premultiplied.

        A lone layer of up to 256 codes is so looked up and blended by Pillow, several times faster than here.
        """
        if self.codes.dtype != np.uint8 or self.paint.shape[1] > 256:
            return None
        opacity = self.paint[3]
        colors = self.paint[:3] / np.where(opacity > 0, opacity, 1)
        palette = np.rint(np.concatenate([colors, opacity[None] * 255])).astype(np.uint8)
        image = Image.fromarray(self.codes)
        image.putpalette(palette.T.tobytes(), "RGBA")
        return image.convert("RGBA")


def paint_mask(segmented: Segmented, table: Table, style: Style, source: Size, preview: Size) -> Layer:
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
    if preview == source or not fits:
        return _scaled(expand(runs, codes), paint, preview, exact=preview == source)
    return ReducedLayer(runs, codes, paint, preview)


def _scaled(codes: npt.NDArray[Any], paint: npt.NDArray[np.float64], preview: Size, *, exact: bool = False) -> Layer:
    height, width = codes.shape
    if exact:
        return ExactLayer(stretch(codes, preview), paint)
    codes = stretch(codes, (max(width, preview[0]), max(height, preview[1])))
    if codes.shape == preview[::-1]:
        return ExactLayer(codes, paint)
    runs = find_runs(lambda top, bottom: codes[top:bottom], codes.shape)
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
