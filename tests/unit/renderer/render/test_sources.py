"""Whatever a source is stored as, its preview is 8-bit RGB, upright, and within the limits."""

from typing import Any

import numpy as np
import pytest
from PIL import Image, features

from mattebox_renderer.outcome import DrawRefused
from mattebox_renderer.render import Limits
from support.masks import drawn, encoded, matte, noise, pixels

PHOTO = noise(20, 12)
GREY = noise(20, 12, 1)


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF", "GIF"])
def test_lossless_formats_come_through_unchanged(image_format: str) -> None:
    """A full-size PNG preview without masks is the source."""
    image = Image.fromarray(PHOTO) if image_format != "GIF" else Image.fromarray(PHOTO).quantize(64)
    assert (pixels(drawn(encoded(image, image_format))) == np.asarray(image.convert("RGB"))).all()


@pytest.mark.parametrize("image_format", ["JPEG", "WEBP", *(["AVIF"] if features.check("avif") else [])])
def test_lossy_formats_are_drawn(image_format: str) -> None:
    """Their own decoder decides the pixels."""
    data = encoded(PHOTO, image_format)
    assert drawn(data).report["source"]["format"] == image_format


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (encoded(GREY), GREY),
        (encoded(GREY.astype(np.uint16) * 257), GREY),
        (encoded(GREY.astype(np.uint16) * 257, "TIFF"), GREY),
        (encoded((GREY / np.float32(255)).astype(np.float32), "TIFF"), GREY),
        (encoded(GREY.astype(np.int32), "TIFF"), GREY),
        (encoded(GREY.astype(np.int32) * 257, "TIFF"), GREY),
        (encoded(Image.fromarray(GREY > 99)), (GREY > 99) * 255),
    ],
)
def test_grey_of_every_depth_is_scaled_and_not_clipped(stored: bytes, expected: np.ndarray) -> None:
    """16 bits by 1/257, floats by 255 where they lie in 0..1."""
    assert (pixels(drawn(stored)) == np.asarray(expected)[..., None]).all()


def test_floats_outside_the_unit_range_are_spread_from_least_to_greatest() -> None:
    """What is no number is black."""
    values = np.linspace(-3, 5, 240, dtype=np.float32).reshape(12, 20)
    values[0, 1] = np.nan
    preview = pixels(drawn(encoded(values, "TIFF")))
    assert (preview.min(), preview.max(), preview[0, 1, 0]) == (0, 255, 0)


def test_cmyk_is_converted() -> None:
    """A CMYK JPEG gives an RGB preview."""
    preview = drawn(encoded(Image.fromarray(PHOTO).convert("CMYK"), "JPEG"))
    assert pixels(preview).shape == (12, 20, 3)
    assert preview.report["source"]["mode"] == "CMYK"


def test_a_transparent_source_lies_over_the_background_or_stays_transparent() -> None:
    """The background is black unless told otherwise; without one, WebP and PNG keep the alpha channel."""
    data = encoded(np.dstack([PHOTO, GREY]))
    over_white = pixels(drawn(data, background="#ffffff"))
    share = GREY[..., None] / 255
    assert np.abs(over_white - np.rint(PHOTO * share + 255 * (1 - share))).max() <= 1
    assert (pixels(drawn(data, background=None))[..., 3] == GREY).all()
    assert pixels(drawn(data, background=None, format="jpeg")).shape == (12, 20, 3)


def test_an_alpha_mask_without_background_gives_a_transparent_preview() -> None:
    """The source's colours stay, its alpha is the mask."""
    preview = pixels(drawn(encoded(PHOTO), matte(encoded(GREY)), background=None))
    assert (preview[..., 3] == GREY).all()
    assert (preview[..., :3] == PHOTO).all()


def test_the_first_frame_or_page_is_the_picture() -> None:
    """Of animations and multi-page files nothing else is decoded."""
    pages = [Image.fromarray(PHOTO), Image.new("RGB", (20, 12), "red")]
    for image_format in ("TIFF", "WEBP", "PNG"):
        options = {"lossless": True} if image_format == "WEBP" else {}
        data = encoded(pages[0], image_format, save_all=True, append_images=pages[1:], **options)
        assert (pixels(drawn(data)) == PHOTO).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "TIFF"])
def test_every_exif_orientation_is_made_upright(orientation: int, image_format: str) -> None:
    """The report gives the upright size, and a reduced preview is upright as well."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(np.full((40, 80, 3), 90, np.uint8), image_format, exif=exif)
    turned = orientation >= 5
    preview = drawn(data, size=20)
    assert (preview.width, preview.height) == ((10, 20) if turned else (20, 10))
    source = preview.report["source"]
    assert (source["width"], source["height"]) == ((40, 80) if turned else (80, 40))


@pytest.mark.parametrize(
    ("data", "fields", "code", "state"),
    [
        (b"", {}, "not_an_image", "failed"),
        (b"plain text", {}, "not_an_image", "failed"),
        (encoded(PHOTO)[:-40], {}, "not_an_image", "failed"),
        (encoded(PHOTO, "JPEG")[:-90], {}, "not_an_image", "failed"),
        (encoded(PHOTO, "PPM"), {}, "not_an_image", "failed"),
        (b"glTF\2\0\0\0", {}, "unsupported_type", "unsupported"),
        (b"RIFF\0\0\0\0WAVEfmt ", {}, "unsupported_type", "unsupported"),
        (b"ply\nformat ascii 1.0", {}, "unsupported_type", "unsupported"),
        (b"anything", {"content_type": "audio/mpeg"}, "unsupported_type", "unsupported"),
        (b"anything", {"content_type": "model/gltf-binary"}, "unsupported_type", "unsupported"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_code(
    data: bytes, fields: dict[str, Any], code: str, state: str
) -> None:
    """Damage is a failure; sound and 3D are types that are never drawn."""
    with pytest.raises(DrawRefused) as refusal:
        drawn(data, source_fields=fields)
    assert (refusal.value.code, refusal.value.state) == (code, state)


def test_pixels_are_limited_before_they_are_decoded() -> None:
    """A file of a few bytes may declare a picture of gigabytes."""
    with pytest.raises(DrawRefused, match="too_many_pixels"):
        drawn(encoded(PHOTO), limits=Limits(max_pixels=239))
    mask = matte(encoded(Image.new("1", (3000, 3000))))
    failure = drawn(encoded(PHOTO), mask, limits=Limits(max_pixels=10_000)).failure
    assert failure is not None
    assert failure.code == "mask_too_many_pixels"


def test_a_jpeg_with_more_scans_than_allowed_is_refused() -> None:
    """Each scan walks the whole image once more."""
    data = encoded(noise(64, 64), "JPEG", progressive=True)
    assert drawn(data).state == "ready"
    with pytest.raises(DrawRefused, match="not_an_image"):
        drawn(data, limits=Limits(max_jpeg_scans=3))


def test_nothing_of_the_source_but_its_pixels_goes_out() -> None:
    """No EXIF, ICC profile or comment."""
    exif = Image.Exif()
    exif[0x010E] = "secret"
    for image_format in ("jpeg", "webp", "png"):
        body = drawn(encoded(PHOTO, "JPEG", exif=exif, icc_profile=b"secret", comment=b"secret"), format=image_format)
        assert b"secret" not in body.body
