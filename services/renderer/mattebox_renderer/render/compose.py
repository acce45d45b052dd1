"""Layers over a picture: out = picture · (1 - opacity) + colour · opacity, in the order of the layers, rounded once."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.layers import ExactLayer, Layer

_STRIPE_ROWS: Final = 64


def paint_layers(picture: Image.Image, layers: Sequence[Layer]) -> Image.Image:
    """Paint layers of the picture's size over an RGB or RGBA picture, in stripes that fit the processor's cache."""
    overlay = layers[0].as_image() if len(layers) == 1 and isinstance(layers[0], ExactLayer) else None
    if overlay is not None and picture.mode == "RGB":
        painted = picture.copy()
        painted.paste(overlay, mask=overlay)
        return painted
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
