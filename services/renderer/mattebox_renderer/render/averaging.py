"""Pictures reduced by area: each pixel of the smaller one is the average of exactly what lies under it.

Pillow's BOX gives each pixel wholly to the one that its middle lies in. Between whole factors that is no average: at
3/2 every second row would be twice another. FFmpeg's scaler shares them out, by vector instructions.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.arrow import borrow_pixels
from mattebox_renderer.render.scale import Size

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_MANY: Final = 64
"""Pixels along a side that are averaged exactly; of more, BOX leaves so many first."""
_FEW: Final = 4
"""Pixels along a side below which FFmpeg's scaler is not exact."""
_FRAME_BORDER: Final = 128
_MAX_FRAME_PIXELS: Final = 1 << 28
"""FFmpeg refuses frames of so many pixels, counted with a border."""
_MAX_SPLIT_PIXELS: Final = 1 << 22
"""Channels of larger pictures are copied out one after the other: that takes four times as long, and less memory."""

_DEEP: Final = f"gray16{sys.byteorder[0]}e"

_PLANAR: Final = {"RGB": ("gbrp", (2, 0, 1)), "RGBa": ("gbrap", (2, 0, 1, 3))}
"""FFmpeg's names of images in planes, and which of these is red, green, blue and alpha."""

Plane = npt.NDArray[Any]
"""(h, w) uint8 or uint16"""


def average_area(image: Image.Image, size: Size) -> Image.Image:
    """Reduce an RGB or RGBA image, colour weighted by alpha, to one within 2 of the exact average.

    Beyond _MANY pixels to one, half a pixel more or less at the ends is not seen.
    """
    factors = image.width // size[0], image.height // size[1]
    if (factors[0] * size[0], factors[1] * size[1]) == image.size:
        return image.reduce(factors)
    least = min(image.width, size[0] * _MANY), min(image.height, size[1] * _MANY)
    if not _is_frame(least, size):
        return image.resize(size, Image.Resampling.BOX)
    if least != image.size:
        image = image.resize(least, Image.Resampling.BOX)
    if image.mode == "RGBA":
        return _average(image.convert("RGBa"), size).convert("RGBA")
    return _average(image, size)


def _is_frame(size: Size, target: Size) -> bool:
    width, height = (length * count + _FRAME_BORDER for length, count in zip(size, _copies(target), strict=True))
    return width * height < _MAX_FRAME_PIXELS


def _average(image: Image.Image, size: Size) -> Image.Image:
    planes = [Image.fromarray(plane) for plane in average_planes(split_channels(image), size)]
    return Image.merge(image.mode, planes)


def can_average(size: Size, target: Size) -> bool:
    """Tell whether `average_planes` takes planes of this size."""
    few = all(length <= _MANY * least for length, least in zip(size, target, strict=True))
    return few and _is_frame(size, target)


def average_planes(planes: Iterable[Plane], size: Size) -> Iterator[Plane]:
    """Reduce planes of one size and type, 8-bit ones to within 1 of the average.

    FFmpeg tells positions in 65536ths of a pixel: at the end of 640 pixels they may be off by 0.005, which is 1 more.
    """
    from av.video.frame import VideoFrame  # noqa: PLC0415 (what is not reduced goes without FFmpeg)
    from av.video.reformatter import Interpolation, VideoReformatter  # noqa: PLC0415

    exactly = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.BITEXACT
    scaler, copies = VideoReformatter(), _copies(size)
    width, height = (length * count for length, count in zip(size, copies, strict=True))
    for plane in planes:
        tiled = plane if copies == (1, 1) else np.tile(plane, copies[::-1])
        frame = VideoFrame.from_numpy_buffer(tiled, "gray" if plane.dtype == np.uint8 else _DEEP)
        reduced = scaler.reformat(frame, width, height, interpolation=exactly, threads=1)
        yield _plane(reduced, 0, plane.dtype)[: size[1], : size[0]]


def _copies(size: Size) -> tuple[int, int]:
    """Give how many copies of a plane are reduced side by side and one above the other."""
    return -(-_FEW // size[0]), -(-_FEW // size[1])


def split_channels(image: Image.Image) -> Iterator[npt.NDArray[np.uint8]]:
    """Give the planes of an RGB or RGBa image."""
    pixels = borrow_pixels(image) if image.width * image.height <= _MAX_SPLIT_PIXELS else None
    if pixels is None:
        yield from (np.asarray(image.getchannel(channel)) for channel in image.getbands())
        return
    from av.video.frame import VideoFrame  # noqa: PLC0415

    frame = VideoFrame.from_numpy_buffer(pixels.view(np.uint8).reshape(*pixels.shape, 4), "rgba")
    layout, places = _PLANAR[image.mode]
    split = frame.reformat(format=layout, threads=1)
    yield from (_plane(split, place, np.dtype(np.uint8)) for place in places)


def _plane(frame: "VideoFrame", place: int, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    plane = frame.planes[place]
    lines = np.frombuffer(memoryview(plane), dtype).reshape(plane.height, plane.line_size // dtype.itemsize)
    return lines[:, : plane.width]
