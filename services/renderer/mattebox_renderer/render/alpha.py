"""Alpha masks: how much of the source each pixel lets through."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.averaging import average_planes, split_channels
from mattebox_renderer.render.scale import Size, stretch
from mattebox_renderer.render.source import unit_grey
from mattebox_runtime.colors import Color

_TINT_SHARE: Final = np.float32(0.5)
_STRIPE_ROWS: Final = 64
_TABLE_PAYS_FROM_PX: Final = 4 * 256 * 256
"""Tables of all alphas and values cost as much as 256 x 256 pixels."""
_LEAST_ALPHA: Final = np.float32(1 / 65535)

Samples = npt.NDArray[np.uint8]


class AlphaMask(NamedTuple):
    """One alpha mask at the size it is applied in."""

    alpha: Samples
    """(h, w), 255 lets everything through"""
    opacity: float
    tint: Color | None


def read_alpha(image: Image.Image) -> Image.Image:
    """Give the alpha of a decoded mask, mode L: its luma (ITU-R 601) times its alpha channel where that varies.

    A mask of one colour whose alpha channel varies (a cut-out) is that channel.
    """
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(np.rint(unit_grey(np.asarray(image)) * 255).astype(np.uint8))
    if not image.has_transparency_data:
        return _luma(image)
    pixels = image.convert("RGBA")
    *colors, channel = pixels.split()
    if _is_constant(channel):
        return _luma(pixels.convert("RGB"))
    if all(_is_constant(color) for color in colors):
        return channel
    product = np.asarray(_luma(pixels.convert("RGB")), np.float32) * np.asarray(channel, np.float32)
    return Image.fromarray(np.rint(product / 255).astype(np.uint8))


def _is_constant(channel: Image.Image) -> bool:
    least, greatest = channel.getextrema()
    return least == greatest


def _luma(image: Image.Image) -> Image.Image:
    if image.mode in {"L", "1", "RGB", "P"}:
        return image.convert("L")
    return image.convert("RGB").convert("L")


def fit_alpha(alpha: Image.Image, size: Size, *, exact: bool) -> Samples:
    """Bring an alpha plane to `size`: stretched by nearest where `exact` or where it is smaller, else area-averaged."""
    if not exact:
        least = (min(alpha.width, size[0]), min(alpha.height, size[1]))
        alpha = alpha.resize(least, Image.Resampling.BOX)
    return stretch(np.asarray(alpha), size).astype(np.uint8, copy=False)


def apply_alpha(image: Image.Image, masks: list[AlphaMask], background: Color | None) -> Image.Image:
    """Show an RGB or RGBA source through alpha masks of its size; several let through what any of them does.

    Gives RGB over a background colour, RGBA without one.
    """
    bands = [np.asarray(band) for band in image.split()]
    if len(bands) == 3 and len(masks) == 1 and image.width * image.height > _TABLE_PAYS_FROM_PX:
        shown: Iterable[Samples] = _look_up(bands, masks[0], background)
    else:
        shown = _blend(bands, masks, background)
    return Image.merge("RGB" if background else "RGBA", [Image.fromarray(band) for band in shown])


def reduce_shown(image: Image.Image, mask: AlphaMask, background: Color | None, size: Size) -> Image.Image:
    """Show an RGB source through one alpha mask of its size, and reduce it to a size that `can_average`.

    What is shown, and how much of it, are averaged apart, in 16 bits: nothing takes colour from behind the mask. Gives
    RGB over a background colour, RGBA without one.
    """
    levels = np.arange(256) / 255
    through = 1 - mask.opacity * (1 - levels)
    tinted = through * levels * float(_TINT_SHARE)
    alpha = _average_share(_by_level(mask.alpha, through), size)
    weight = _by_level(mask.alpha, through - tinted if mask.tint else through).astype(np.uint16)
    products = (np.multiply(channel, weight, dtype=np.uint16) for channel in split_channels(image))
    # Over transparency a colour is what it is where it shows.
    whole = np.float32(255) * (np.float32(1) if background else np.maximum(alpha, _LEAST_ALPHA))
    color = np.stack(list(average_planes(products, size))).astype(np.float32)
    color /= whole
    if mask.tint:
        color += _column(mask.tint) * (_average_share(_by_level(mask.alpha, tinted), size) * 255 / whole)
    if background:
        return _merged("RGB", color + _column(background) * (1 - alpha))
    return _merged("RGBA", np.concatenate([color, alpha[None] * 255]))


def _by_level(alpha: Samples, shares: npt.NDArray[np.float64]) -> Samples:
    levels = np.rint(shares * 255).astype(np.uint8)
    if levels.tolist() == list(range(256)):
        return alpha
    return np.asarray(Image.fromarray(alpha).point(levels.tolist()))


def _average_share(share: Samples, size: Size) -> npt.NDArray[np.float32]:
    (average,) = average_planes([np.multiply(share, 257, dtype=np.uint16)], size)
    shares = average.astype(np.float32)
    shares /= 65535
    return shares


def _merged(mode: str, planes: npt.NDArray[np.float32]) -> Image.Image:
    samples = np.minimum(np.rint(planes), 255).astype(np.uint8)
    return Image.merge(mode, [Image.fromarray(plane) for plane in samples])


def _look_up(bands: list[Samples], mask: AlphaMask, background: Color | None) -> list[Samples]:
    """Give the bands of `_blend`, of an opaque source under one mask, by tables of all alphas and all values."""
    alphas = np.repeat(np.arange(256, dtype=np.uint8), 256).reshape(256, 256)
    tables = [table.reshape(-1) for table in _blend([alphas.T] * 3, [mask._replace(alpha=alphas)], background)]
    first = 3 if background is None and mask.tint is None else 0
    out = [np.empty_like(mask.alpha) for _ in tables[first:]]
    for top in range(0, len(mask.alpha), _STRIPE_ROWS):
        rows = slice(top, top + _STRIPE_ROWS)
        begins = mask.alpha[rows].astype(np.uint16) << 8
        for band, table, shown in zip([*bands, None][first:], tables[first:], out, strict=False):
            np.take(table, begins if band is None else begins | band[rows], out=shown[rows], mode="clip")
    return [*bands[:first], *out]


def _blend(bands: list[Samples], masks: list[AlphaMask], background: Color | None) -> Samples:
    """Give the (bands, h, w) of the result."""
    height, width = bands[0].shape
    out = np.empty((3 if background else 4, height, width), np.uint8)
    for top in range(0, height, _STRIPE_ROWS):
        rows = slice(top, top + _STRIPE_ROWS)
        color = np.stack([band[rows] for band in bands[:3]]).astype(np.float32)
        through = np.full(color.shape[1:], 0 if masks else 1, np.float32)
        for mask in masks:
            alpha = mask.alpha[rows] / np.float32(255)
            np.maximum(through, 1 - np.float32(mask.opacity) * (1 - alpha), out=through)
            if mask.tint is not None:
                color += (_column(mask.tint) - color) * (alpha * _TINT_SHARE)
        if len(bands) == 4:
            through *= bands[3][rows] / np.float32(255)
        if background:
            color = color * through + _column(background) * (1 - through)
        else:
            out[3, rows] = np.rint(through * 255)
        out[:3, rows] = np.rint(color)
    return out


def _column(color: Color) -> npt.NDArray[np.float32]:
    return np.array(color, np.float32).reshape(3, 1, 1)
