"""Opening still images: allow-listed formats, limits checked on the header, every decoder failure translated."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from mmap import mmap
from typing import BinaryIO, Final, cast

from PIL import Image, ImageFile

from mattebox_renderer.render.limits import DECODE_ERRORS, ContentRefused, Limits
from mattebox_renderer.render.png import decode_png, pixel_chunks
from mattebox_renderer.render.sniff import Buffer, is_lossy_webp, jpeg_scans
from mattebox_renderer.render.tiff import keep_byte_order, know_deep_tiffs

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
_ORIENTATION_TAG: Final = 0x0112
_LOSSY_TIFF: Final = frozenset({"jpeg", "tiff_jpeg", "webp"})

TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes an image of each EXIF orientation upright."""

TURNED_BY_PILLOW: Final = frozenset({"TIFF"})
"""Formats that Pillow turns by itself while it loads them."""


def as_file(data: Buffer) -> BinaryIO:
    """Give a nameless seekable file over the bytes; a mapped file is not copied."""
    if isinstance(data, mmap):
        data.seek(0)
        return cast("BinaryIO", data)
    return io.BytesIO(data)


@contextmanager
def decoding() -> Iterator[None]:
    """Translate whatever a decoder raises.

    Raises:
        ContentRefused: `too_many_pixels` or `not_an_image`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise ContentRefused("too_many_pixels") from error
        except DECODE_ERRORS as error:
            raise ContentRefused("not_an_image") from error


def open_image(data: Buffer, limits: Limits) -> ImageFile.ImageFile:
    """Read the header of a still image, or of the first frame or page of several; nothing is decoded yet.

    Raises:
        ContentRefused: not one of FORMATS, over `limits`, or damaged.
    """
    know_deep_tiffs()
    with decoding():
        image = Image.open(as_file(data), formats=FORMATS)
        keep_byte_order(image)
    check_pixels(image.width, image.height, limits)
    # Of other JPEGs each scan takes as many bits as it has blocks to decode.
    if "progressive" in image.info and jpeg_scans(data) > limits.max_jpeg_scans:
        raise ContentRefused("not_an_image")
    return image


def check_pixels(width: int, height: int, limits: Limits) -> None:
    """Refuse a size that is over the limit, or empty.

    Raises:
        ContentRefused: `too_many_pixels` or `not_an_image`.
    """
    if width * height > limits.max_pixels:
        raise ContentRefused("too_many_pixels")
    if width < 1 or height < 1:
        raise ContentRefused("not_an_image")


def load_pixels(image: ImageFile.ImageFile, data: Buffer) -> Image.Image:
    """Decode what `open_image` opened; within `decoding`. A new image, or the same one."""
    pixels = decode_png(image, data)
    if pixels is None:
        image.load()
        return image
    return pixels


def orientation(image: ImageFile.ImageFile, data: Buffer) -> int:
    """Give the EXIF orientation, 1..8; 1 where it is absent or unreadable, since the pixels are still good."""
    with suppress(ContentRefused), decoding():
        # Of a PNG, Pillow would decode all pixels first, in search of what may lie behind them.
        all_read = image.format == "PNG" and pixel_chunks(image, data) is not None
        exif = Image.Image.getexif(image) if all_read else image.getexif()
        value = exif.get(_ORIENTATION_TAG)
        if value in TURNS:
            return int(value)
    return 1


def upright(pixels: Image.Image, image_format: str | None, turn: int) -> Image.Image:
    """Turn decoded pixels by their EXIF orientation, unless Pillow did."""
    if turn in TURNS and image_format not in TURNED_BY_PILLOW:
        return pixels.transpose(TURNS[turn])
    return pixels


def is_lossy(image: Image.Image, data: Buffer) -> bool:
    """Tell whether the file's codec may have changed pixel values."""
    if image.format == "WEBP":
        return is_lossy_webp(data)
    if image.format == "TIFF":
        return image.info.get("compression") in _LOSSY_TIFF
    return image.format in {"JPEG", "MPO", "AVIF"}
