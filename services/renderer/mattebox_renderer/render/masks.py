"""Decoding of masks: pixel values in their native form, never through a conversion that loses them."""

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.images import TURNS, decoding, is_lossy, open_image
from mattebox_renderer.render.limits import ContentRefused, Limits
from mattebox_renderer.render.scale import Size
from mattebox_renderer.render.sniff import Buffer, sniff
from mattebox_renderer.render.video import read_frame
from mattebox_runtime.spec import MaskSpec

Form = Literal["grey", "palette", "color", "color_alpha", "integer", "float"]


class Mask(NamedTuple):
    """A decoded mask in its stored geometry, or turned with its source."""

    image: Image.Image
    size: Size
    """Width and height as stored."""
    format: str
    lossy: bool
    narrowed: bool = False
    """The file has 16 bits per colour channel, of which the upper 8 were read."""
    turned: bool = False


class Pixels(NamedTuple):
    """The values of a mask, as numbers."""

    form: Form
    values: npt.NDArray[Any]
    """(h, w): uint8 of grey and palette; uint32 r + 2⁸·g + 2¹⁶·b + 2²⁴·a of colour (the highest byte means nothing
    without alpha); uint16 or uint32 integers; float32."""
    palette: npt.NDArray[np.uint32] | None = None
    """(256,) packed colours of a palette mask."""


def decode_mask(data: Buffer, spec: MaskSpec, limits: Limits) -> Mask:
    """Decode a mask.

    Raises:
        ContentRefused: the file cannot be drawn.
    """
    kind = sniff(data, spec.content_type)
    if kind == "unsupported":
        raise ContentRefused("unsupported_type")
    if kind != "image":
        picture = read_frame(data, kind, spec.timestamp, limits, as_mask=True)
        return Mask(picture.image, picture.image.size, kind.upper(), picture.lossy)
    image = open_image(data, limits)
    with decoding():
        narrowed = ";16" in str(image.tile[0].args) and not image.mode.startswith("I") if image.tile else False
        image.load()
    return Mask(image, image.size, image.format or "", is_lossy(image, data), narrowed)


def turn_with_source(mask: Mask, orientation: int, source_size: Size) -> Mask:
    """Turn a mask in the stored geometry of an EXIF-turned source: one whose size agrees only before the turn."""
    agrees_only_before = mask.size == source_size[::-1] and mask.size != source_size
    if orientation < 5 or not agrees_only_before:
        return mask
    return mask._replace(image=mask.image.transpose(TURNS[orientation]), turned=True)


def read_pixels(image: Image.Image) -> Pixels:  # noqa: C901, PLR0911 (one line for each mode)
    """Give the values of a decoded mask.

    Raises:
        ContentRefused: the colour model has no RGB values (L*a*b).
    """
    match image.mode:
        case "L":
            return Pixels("grey", np.asarray(image))
        case "1":
            return Pixels("grey", np.asarray(image.convert("L")))
        case "LA":
            return Pixels("color_alpha", _packed(image.convert("RGBA")))
        case "P":
            return Pixels("palette", np.asarray(image), _packed_palette(image))
        case "RGB" | "RGBX":
            return Pixels("color", _packed(image))
        case "RGBA":
            return Pixels("color_alpha", _packed(image))
        case "I":
            return Pixels("integer", np.asarray(image).view(np.uint32))
        case "F":
            return Pixels("float", np.asarray(image))
        case mode if mode.startswith("I;16"):
            return Pixels("integer", np.asarray(image).astype(np.uint16, copy=False))
    with decoding():
        if image.has_transparency_data:
            return Pixels("color_alpha", _packed(image.convert("RGBA")))
        return Pixels("color", _packed(image.convert("RGB")))


def _packed(image: Image.Image) -> npt.NDArray[np.uint32]:
    # Four bytes a pixel is how Pillow holds RGB too: copying the unused byte is faster than leaving it out.
    layout = "RGBX" if image.mode == "RGB" else image.mode
    packed = np.frombuffer(image.tobytes("raw", layout), dtype="<u4")
    return packed.reshape(image.height, image.width)


def _packed_palette(image: Image.Image) -> npt.NDArray[np.uint32]:
    channels = np.zeros((256, 3), np.uint32)
    stored = np.array(image.getpalette("RGB") or [], np.uint32).reshape(-1, 3)[:256]
    channels[: len(stored)] = stored
    return channels @ np.array([1, 1 << 8, 1 << 16], np.uint32)
