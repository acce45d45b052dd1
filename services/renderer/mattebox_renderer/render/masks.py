"""Decoding of masks: pixel values in their native form, never through a conversion that loses them."""

from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.arrow import borrow_pixels
from mattebox_renderer.render.images import TURNS, decoding, is_lossy, load_pixels, open_image, orientation, upright
from mattebox_renderer.render.limits import ContentRefused, Limits
from mattebox_renderer.render.scale import Size
from mattebox_renderer.render.sniff import Buffer, sniff
from mattebox_renderer.render.video import Purpose, read_frame
from mattebox_renderer.render.yuv import YuvSpace
from mattebox_runtime.spec import MaskSpec

Form = Literal["grey", "palette", "color", "color_alpha", "integer", "float"]

_FORMS: Final[dict[str, Form]] = {"L": "grey", "RGB": "color", "RGBA": "color_alpha", "I": "integer", "F": "float"}


class Mask(NamedTuple):
    """A decoded mask, upright by its own EXIF orientation, or turned with its source."""

    image: Image.Image
    size: Size
    """Width and height before it was turned with its source."""
    format: str
    lossy: bool
    narrowed: bool = False
    """The file has 16 bits per colour channel, of which the upper 8 were read."""
    turned: bool = False
    space: YuvSpace | None = None
    """What the samples of the image stand for where they are Y, Cb and Cr, or luma alone."""


class Pixels(NamedTuple):
    """The values of a mask, as numbers."""

    form: Form
    image: Image.Image
    palette: npt.NDArray[np.uint32] | None = None
    """(256,) packed colours of a palette mask."""
    space: YuvSpace | None = None
    """Of a mask whose values are y + 2⁸·cb + 2¹⁶·cr, or luma with a palette of the greys it stands for."""

    def rows(self, top: int, bottom: int) -> npt.NDArray[Any]:
        """Give (rows, width) values.

        uint8 of grey and palette; uint32 r + 2⁸·g + 2¹⁶·b + 2²⁴·a of colour (the highest byte means nothing without
        alpha); uint16 or uint32 integers; float32.
        """
        whole = borrow_pixels(self.image)
        if whole is not None:
            return whole[top:bottom]
        band = self.image.crop((0, top, self.image.width, bottom))
        pixels = borrow_pixels(band)
        return _copied(band) if pixels is None else pixels


def _copied(image: Image.Image) -> npt.NDArray[Any]:
    if image.mode in {"RGB", "RGBA"}:
        layout = "RGBA" if image.mode == "RGBA" else "RGBX"
        return np.frombuffer(image.tobytes("raw", layout), "<u4").reshape(image.height, image.width)
    values = np.asarray(image)
    if values.dtype.kind == "i":
        return values.view(np.uint32)
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def decode_mask(data: Buffer, spec: MaskSpec, limits: Limits) -> Mask:
    """Decode a mask.

    Raises:
        ContentRefused: the file cannot be drawn.
    """
    kind = sniff(data, spec.content_type)
    if kind == "unsupported":
        raise ContentRefused("unsupported_type")
    if kind != "image":
        purpose: Purpose = "matte" if spec.mode == "alpha" else "values"
        picture = read_frame(data, kind, spec.timestamp, limits, purpose=purpose)
        return Mask(picture.image, picture.image.size, kind.upper(), picture.lossy, space=picture.space)
    image = open_image(data, limits)
    with decoding():
        narrowed = ";16" in str(image.tile[0].args) and not image.mode.startswith("I") if image.tile else False
        pixels = upright(load_pixels(image, data), image.format, orientation(image, data))
    return Mask(pixels, pixels.size, image.format or "", is_lossy(image, data), narrowed)


def turn_with_source(mask: Mask, orientation: int, source_size: Size) -> Mask:
    """Turn a mask in the stored geometry of an EXIF-turned source: one whose size agrees only before the turn."""
    agrees_only_before = mask.size == source_size[::-1] and mask.size != source_size
    if orientation < 5 or not agrees_only_before:
        return mask
    return mask._replace(image=mask.image.transpose(TURNS[orientation]), turned=True)


def read_pixels(mask: Mask) -> Pixels:
    """Tell what the values of a decoded mask are.

    Raises:
        ContentRefused: the colour model has no RGB values (L*a*b).
    """
    image = mask.image
    if image.mode in _FORMS:
        return Pixels(_FORMS[image.mode], image, space=mask.space)
    if image.mode == "P":
        return Pixels("palette", image, _packed_palette(image), mask.space)
    if image.mode.startswith("I;16"):
        return Pixels("integer", image)
    if image.mode == "1":
        return Pixels("grey", image.convert("L"))
    with decoding():
        if image.has_transparency_data:
            return Pixels("color_alpha", image.convert("RGBA"))
        return Pixels("color", image.convert("RGB"))


def _packed_palette(image: Image.Image) -> npt.NDArray[np.uint32]:
    channels = np.zeros((256, 3), np.uint32)
    stored = np.array(image.getpalette("RGB") or [], np.uint32).reshape(-1, 3)[:256]
    channels[: len(stored)] = stored
    return channels @ np.array([1, 1 << 8, 1 << 16], np.uint32)
