"""Flat shapes, and the two painters of one list of them: the picture smooth, the labels exact."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Point = tuple[float, float]
Fill = tuple[int, int, int] | tuple[int, int, int, int]

SUPERSAMPLING = 2


class Shape(NamedTuple):
    """A filled polygon in pixels of the frame; later shapes cover earlier ones."""

    points: list[Point]
    fill: Fill
    """RGB, or RGBA for a translucent shape."""
    code: int | None = None
    """What the label painter writes; None: a detail that belongs to what lies under it."""


def paint_picture(shapes: Iterable[Shape], canvas: Image.Image) -> None:
    """Paint onto an RGB canvas of SUPERSAMPLING times the frame's size."""
    opaque = ImageDraw.Draw(canvas)
    translucent = ImageDraw.Draw(canvas, "RGBA")
    for points, fill, _code in shapes:
        (opaque if len(fill) == 3 else translucent).polygon(_enlarged(points), fill)


def paint_codes(shapes: Iterable[Shape], size: tuple[int, int], background: int) -> npt.NDArray[np.int32]:
    """Give the codes as (height, width): each pixel has the code of the shape over its centre, none are mixed."""
    width, height = size
    canvas = Image.new("I", (width * SUPERSAMPLING, height * SUPERSAMPLING), background)
    draw = ImageDraw.Draw(canvas)
    for points, _fill, code in shapes:
        if code is not None:
            draw.polygon(_enlarged(points), code)
    first = SUPERSAMPLING // 2
    return np.asarray(canvas)[first::SUPERSAMPLING, first::SUPERSAMPLING]


def _enlarged(points: list[Point]) -> list[Point]:
    return [(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in points]
