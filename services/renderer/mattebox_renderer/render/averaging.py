"""Pictures reduced by area: each pixel of the smaller one is the average of exactly what lies under it.

Pillow's BOX gives each pixel wholly to the one that its middle lies in. Between whole factors that is no average: at
3/2 every second row would be twice another.
"""

from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.arrow import borrow_pixels
from mattebox_renderer.render.scale import Size

_ONE: Final = 1 << 8
"""What the shares of a pixel sum up to: 255 times as much still fits 16 bits."""
_MANY: Final = 8
"""Pixels to average along a side from which on BOX, there twice as fast, is good enough: half a pixel off at an end."""
_STRIPE_ROWS: Final = 32
_BYTES: Final = 4
"""Of a packed pixel."""


class _Taps(NamedTuple):
    """Which pixels along a side each pixel of the smaller one takes, and their shares."""

    places: npt.NDArray[np.int64]
    """(taps, target)"""
    shares: npt.NDArray[np.uint16]
    """(taps, target), each column summing up to _ONE"""


def average_area(image: Image.Image, size: Size) -> Image.Image:
    """Reduce an RGB or RGBA image, colour weighted by alpha; below _MANY to one within 2 of the exact average."""
    factors = [Fraction(length, target) for length, target in zip(image.size, size, strict=True)]
    if all(factor.denominator == 1 or factor >= _MANY for factor in factors):
        return image.resize(size, Image.Resampling.BOX)
    if image.mode == "RGBA":
        return _average(image.convert("RGBa"), size).convert("RGBA")
    return _average(image, size)


def _average(image: Image.Image, size: Size) -> Image.Image:
    layout = "RGBX" if image.mode == "RGB" else image.mode
    pixels = borrow_pixels(image)
    if pixels is None:
        pixels = np.frombuffer(image.tobytes("raw", layout), "<u4").reshape(image.height, image.width)
    columns, rows = (_taps(*each) for each in zip(image.size, size, strict=True))
    averaged = np.empty(size[::-1], np.uint32)
    for top in range(0, size[1], _STRIPE_ROWS):
        stripe = slice(top, top + _STRIPE_ROWS)
        lower = _weighted(pixels, _Taps(rows.places[:, stripe], rows.shares[:, stripe]), axis=0)
        averaged[stripe] = _weighted(lower, columns, axis=1)
    return Image.frombytes(image.mode, size, averaged.tobytes(), "raw", layout)


def _taps(length: int, target: int) -> _Taps:
    # In units of a target-th of a pixel.
    begins = np.arange(target) * length
    first = begins // target
    taps = int((-(-(begins + length) // target) - first).max())
    places = first + np.arange(taps + 1)[:, None]
    covered = np.clip(places * target - begins, 0, length)
    # Rounded as they add up, shares sum up to _ONE.
    shares = np.diff((2 * covered * _ONE + length) // (2 * length), axis=0)
    return _Taps(np.minimum(places[:-1], length - 1), shares.astype(np.uint16))


def _weighted(pixels: npt.NDArray[np.uint32], taps: _Taps, axis: int) -> npt.NDArray[np.uint32]:
    """Sum up the shares of packed (h, w) pixels along one axis."""
    count = taps.places.shape[1]
    height, width = (count, pixels.shape[1]) if axis == 0 else (pixels.shape[0], count)
    total, part = np.zeros((2, height, width * _BYTES), np.uint16)
    for places, shares in zip(taps.places, taps.shares, strict=True):
        samples = np.take(pixels, places, axis=axis, mode="clip").view(np.uint8)
        np.multiply(samples, shares[:, None] if axis == 0 else np.repeat(shares, _BYTES), out=part)
        total += part
    total += _ONE // 2
    # The upper byte of each sum.
    averaged: npt.NDArray[np.uint32] = (total >> 8).astype(np.uint8).view(np.uint32)
    return averaged
