"""Encoding of finished previews: no EXIF, ICC profile or text goes out."""

import io

from PIL import Image

from mattebox_runtime.spec import PreviewFormat

# Measured at 640x320: WebP's default method 4 costs four times method 0 for a fifth less bytes. PNG level 1 costs
# two thirds of level 3, a quarter of level 6.
_WEBP_METHOD = 0
_PNG_LEVEL = 1


def encode(image: Image.Image, image_format: PreviewFormat) -> bytes:
    """Encode an RGB, RGBX or RGBA image; JPEG, which has no transparency, lays it over black."""
    image.info.clear()
    body = io.BytesIO()
    match image_format:
        case "webp":
            image.save(body, "WEBP", quality=80, method=_WEBP_METHOD)
        case "jpeg":
            _opaque(image).save(body, "JPEG", quality=85)
        case "png":
            exact = image.convert("RGB") if image.mode == "RGBX" else image
            exact.save(body, "PNG", compress_level=_PNG_LEVEL)
    return body.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    black = Image.new("RGB", image.size)
    black.paste(image, mask=image.getchannel("A"))
    return black
