"""Layers over a picture: out = picture · (1 - opacity) + colour · opacity, in the order of the layers, rounded once."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.arrow import borrow_pixels
from mattebox_renderer.render.layers import Layer
from mattebox_renderer.render.strips import Paint

_STRIP_PIXELS: Final = 1 << 18
_CACHED_PIXELS: Final = 1 << 15
"""What is made of so many pixels stays in the processor's cache."""
_OPAQUE: Final = 256

Lanes = npt.NDArray[np.uint64]
"""(1, n) fours of 16 bits: what is added to red, green and blue, and what they are multiplied by before."""


def paint_layers(picture: Image.Image, layers: Sequence[Layer]) -> Image.Image:
    """Paint layers of the picture's size over an RGB, RGBX or RGBA picture; RGB may come out as RGBX."""
    if picture.mode != "RGBA" and len(layers) == 1:
        return _paint_one(picture, layers[0])
    return _paint_several(picture.convert("RGB") if picture.mode == "RGBX" else picture, layers)


def _strips(picture: Image.Image, layers: Sequence[Layer]) -> Iterator[tuple[int, int]]:
    """Cut a picture into rows that are painted at once."""
    rows = min(layer.rows_at_once() for layer in layers)
    return _cut(picture.height, min(rows, _STRIP_PIXELS // picture.width))


def _cut(height: int, rows: int) -> Iterator[tuple[int, int]]:
    rows = max(1, rows)
    return ((top, min(top + rows, height)) for top in range(0, height, rows))


def _paint_one(picture: Image.Image, layer: Layer) -> Image.Image:
    """Paint one layer over RGB or RGBX, in steps of 1/256 of opacity; gives RGBX."""
    below = borrow_pixels(picture)
    if below is None:
        below = np.frombuffer(picture.tobytes("raw", "RGBX"), np.uint32).reshape(picture.height, picture.width)
    below = below.view(np.uint8).reshape(picture.height, -1)
    painted = np.empty_like(below)
    for top, bottom in _strips(picture, [layer]):
        strip = layer.strip(top, bottom)
        lanes = _lanes(strip.paint)
        for first, last in _cut(bottom - top, _CACHED_PIXELS // picture.width):
            rows = slice(top + first, top + last)
            blended = below[rows].astype(np.uint16)
            pixels = blended.reshape(-1).view(np.uint64)
            spread = strip.spread(lanes, first, last)[0]
            # No channel carries into the next one: 16 bits are enough for 255 times 256.
            pixels *= spread.view(np.uint16)[3::4].astype(np.uint64)
            pixels += spread
            blended >>= 8
            painted[rows] = blended
    return Image.frombuffer("RGBX", picture.size, painted, "raw", "RGBX", 0, 1)


def _lanes(paint: Paint) -> Lanes:
    opacity = np.rint(paint[3] * _OPAQUE)
    lanes = np.empty((paint.shape[1], 4), np.uint16)
    lanes[:, 3] = _OPAQUE - opacity
    # What opacity lost or won by rounding must not carry white beyond 16 bits.
    most = 2**16 - 1 - 255 * (_OPAQUE - opacity)
    for channel, color in enumerate(paint[:3]):
        lanes[:, channel] = np.minimum(np.rint(color * _OPAQUE) + _OPAQUE // 2, most)
    return lanes.view(np.uint64).T


def _paint_several(picture: Image.Image, layers: Sequence[Layer]) -> Image.Image:
    bands = [np.asarray(band) for band in picture.split()]
    out = np.empty((len(bands), picture.height, picture.width), np.uint8)
    for top, bottom in _strips(picture, layers):
        strips = [layer.strip(top, bottom) for layer in layers]
        for first, last in _cut(bottom - top, _CACHED_PIXELS // picture.width):
            rows = slice(top + first, top + last)
            stripe = np.stack([band[rows] for band in bands]).astype(np.float32)
            planes = [strip.spread(strip.paint, first, last).reshape(4, *stripe.shape[1:]) for strip in strips]
            blended = _over_opaque(stripe, planes) if len(bands) == 3 else _over_transparent(stripe, planes)
            blended += np.float32(0.5)
            out[:, rows] = blended
    return Image.merge(picture.mode, [Image.fromarray(band) for band in out])


def _over_opaque(color: Paint, layers: list[Paint]) -> Paint:
    for planes in layers:
        color *= 1 - planes[3]
        color += planes[:3]
    return color


def _over_transparent(rgba: Paint, layers: list[Paint]) -> Paint:
    """Porter-Duff over: where the picture is opaque this is `_over_opaque`."""
    alpha = rgba[3] / np.float32(255)
    color = rgba[:3] * alpha
    for planes in layers:
        color *= 1 - planes[3]
        color += planes[:3]
        alpha = alpha * (1 - planes[3]) + planes[3]
    shown = np.maximum(alpha, np.float32(1e-6))
    straight: Paint = np.concatenate([color / shown, alpha[None] * 255])
    return np.minimum(straight, np.float32(255))
