"""Decoding of sources: whatever the file holds becomes 8-bit RGB, or RGBA where it has transparency."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.images import TURNED_BY_PILLOW, decoding, load_pixels, open_image, orientation, upright
from mattebox_renderer.render.limits import ContentRefused, Limits
from mattebox_renderer.render.scale import Size, preview_size
from mattebox_renderer.render.sniff import Buffer, sniff
from mattebox_renderer.render.video import read_frame
from mattebox_runtime.spec import SourceSpec

_DEEP_MODES: Final = ("I;16", "I", "F")


class Source(NamedTuple):
    """A decoded source, upright."""

    image: Image.Image
    """RGB or RGBA, of the source's own size or reduced by the decoder."""
    size: Size
    """Width and height of the whole source, upright."""
    orientation: int
    """EXIF orientation of the stored pixels, 1..8; of a video what its container says, in the same terms."""
    format: str
    mode: str
    """Pillow's mode of the stored pixels, or FFmpeg's pixel format."""


def decode_source(data: Buffer, spec: SourceSpec, longest: int | None, limits: Limits) -> Source:
    """Decode a source; a JPEG may come out reduced, its longest side still at least `longest`.

    Raises:
        ContentRefused: the file cannot be drawn.
    """
    kind = sniff(data, spec.content_type)
    if kind == "unsupported":
        raise ContentRefused("unsupported_type")
    if kind != "image":
        picture = read_frame(data, kind, spec.timestamp, limits, purpose="picture")
        image = _opaque_if_full(picture.image)
        return Source(image, image.size, picture.orientation, kind.upper(), picture.pixel_format)
    return _decode_still(data, longest, limits)


def measure_source(data: Buffer, spec: SourceSpec, limits: Limits) -> tuple[Size, int]:
    """Give the size of the whole source, upright, and its EXIF orientation; of a still only the header is read.

    Raises:
        ContentRefused: the file cannot be drawn.
    """
    if sniff(data, spec.content_type) != "image":
        decoded = decode_source(data, spec, None, limits)
        return decoded.size, decoded.orientation
    image = open_image(data, limits)
    turn = orientation(image, data)
    return _upright_size(image, turn), turn


def _decode_still(data: Buffer, longest: int | None, limits: Limits) -> Source:
    image = open_image(data, limits)
    stored_format, mode, stored_size = image.format or "", image.mode, image.size
    turn = orientation(image, data)
    size = _upright_size(image, turn)
    with decoding():
        if longest is not None:
            # Only the JPEG decoder heeds this: it can decode at 1/2, 1/4 and 1/8 for a fraction of the time.
            image.draft(None, preview_size(stored_size, longest))
        picture = upright(_eight_bit(load_pixels(image, data)), stored_format, turn)
    return Source(picture, size, turn, stored_format, mode)


def _upright_size(image: Image.Image, turn: int) -> Size:
    swapped = turn >= 5 and image.format not in TURNED_BY_PILLOW
    return image.size[::-1] if swapped else image.size


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith(_DEEP_MODES):
        return Image.fromarray(eight_bit_grey(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        return _opaque_if_full(image.convert("RGBA"))
    return image if image.mode == "RGB" else image.convert("RGB")


def _opaque_if_full(image: Image.Image) -> Image.Image:
    """Drop an alpha channel that hides nothing."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image if image.mode in {"RGB", "RGBA"} else image.convert("RGB")


def eight_bit_grey(samples: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Scale an (h, w) array of deep grey to 0..255, nothing clipped.

    16-bit samples by 1/257. 32-bit integers as they are where all fit 8 bits, by 1/257 where all fit 16 bits, else
    from their least to their greatest. Floats by 255 where all lie in 0..1, else from their least to their greatest;
    not-a-number and infinities are black.
    """
    return np.rint(unit_grey(samples) * 255).astype(np.uint8)


def unit_grey(samples: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    """Scale an (h, w) array of deep grey to 0..1 by the rule of `eight_bit_grey`."""
    if samples.dtype.kind == "u" and samples.dtype.itemsize == 2:
        return samples.astype(np.float32) / np.float32(65535)
    values = samples.astype(np.float64)
    finite = np.isfinite(values)
    if not finite.all():
        values = np.where(finite, values, values[finite].min() if finite.any() else 0.0)
    least, greatest = float(values.min()), float(values.max())
    if samples.dtype.kind == "f":
        fitting = 1.0 if least >= 0 and greatest <= 1 else None
    else:
        fitting = next((top for top in (255.0, 65535.0) if least >= 0 and greatest <= top), None)
    if fitting is not None:
        return (values / fitting).astype(np.float32)
    # A constant outside those ranges has no scale of its own: black.
    span = (greatest - least) or 1.0
    return ((values - least) / span).astype(np.float32)
