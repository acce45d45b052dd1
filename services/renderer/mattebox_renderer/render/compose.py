"""Layers over a picture: out = picture · (1 - opacity) + colour · opacity, in the order of the layers, rounded once."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.coverage import CoverageLayer
from mattebox_renderer.render.layers import ExactLayer, Layer

_STRIPE_ROWS: Final = 64
_MAX_TABLED_CODES: Final = 256
"""Code and value of a pixel fit 16 bits."""


def paint_layers(picture: Image.Image, layers: Sequence[Layer]) -> Image.Image:
    """Paint layers of the picture's size over an RGB or RGBA picture, in stripes that fit the processor's cache."""
    overlay = layers[0].as_image() if len(layers) == 1 and isinstance(layers[0], ExactLayer) else None
    if overlay is not None and picture.mode == "RGB":
        painted = picture.copy()
        painted.paste(overlay, mask=overlay)
        return painted
    layer = layers[0] if len(layers) == 1 and picture.mode == "RGB" else None
    if isinstance(layer, CoverageLayer) and layer.paint.shape[1] <= _MAX_TABLED_CODES:
        return _paint_coverage(picture, layer)
    bands = [np.asarray(band) for band in picture.split()]
    out = np.empty((len(bands), picture.height, picture.width), np.uint8)
    for top in range(0, picture.height, _STRIPE_ROWS):
        bottom = min(top + _STRIPE_ROWS, picture.height)
        stripe = np.stack([band[top:bottom] for band in bands]).astype(np.float32)
        planes = [layer.rows(top, bottom) for layer in layers]
        blended = _over_opaque(stripe, planes) if len(bands) == 3 else _over_transparent(stripe, planes)
        blended += np.float32(0.5)
        out[:, top:bottom] = blended
    return Image.merge(picture.mode, [Image.fromarray(band) for band in out])


def _paint_coverage(picture: Image.Image, layer: CoverageLayer) -> Image.Image:
    """Paint a lone layer over RGB by tables of what becomes of each value under each code: the same bits, sooner."""
    bands = [np.asarray(band) for band in picture.split()]
    values = np.arange(256, dtype=np.float32)
    codes, pixels = layer.coverage.codes, layer.coverage.pixels
    *paints, opacity = layer.of_codes()[..., None]
    tables = [_blend(values, paint, opacity).reshape(-1) for paint in paints]
    out = np.empty((3, *codes.shape), np.uint8)
    for top in range(0, picture.height, _STRIPE_ROWS):
        rows = slice(top, top + _STRIPE_ROWS)
        begins = codes[rows].astype(np.uint16) << 8
        for band, table, painted in zip(bands, tables, out, strict=True):
            np.take(table, begins | band[rows], out=painted[rows], mode="clip")
    *paints, opacity = layer.of_mixed()
    for band, paint, painted in zip(bands, paints, out, strict=True):
        below = np.take(band, pixels).astype(np.float32)
        painted.reshape(-1)[pixels] = _blend(below, paint, opacity)
    return Image.merge("RGB", [Image.fromarray(band) for band in out])


def _blend(
    values: npt.NDArray[np.float32], paint: npt.NDArray[np.float32], opacity: npt.NDArray[np.float32]
) -> npt.NDArray[np.uint8]:
    """Blend one channel as `_over_opaque` does."""
    blended = values * (1 - opacity)
    blended += paint
    blended += np.float32(0.5)
    return blended.astype(np.uint8)


def _over_opaque(color: npt.NDArray[np.float32], layers: list[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    for planes in layers:
        color *= 1 - planes[3]
        color += planes[:3]
    return color


def _over_transparent(rgba: npt.NDArray[np.float32], layers: list[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    """Porter-Duff over: where the picture is opaque this is `_over_opaque`."""
    alpha = rgba[3] / np.float32(255)
    color = rgba[:3] * alpha
    for planes in layers:
        color *= 1 - planes[3]
        color += planes[:3]
        alpha = alpha * (1 - planes[3]) + planes[3]
    shown = np.maximum(alpha, np.float32(1e-6))
    straight: npt.NDArray[np.float32] = np.concatenate([color / shown, alpha[None] * 255])
    return np.minimum(straight, np.float32(255))
