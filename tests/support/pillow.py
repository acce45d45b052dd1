"""Pictures as Pillow alone reads them, to compare with."""

import io
from typing import Any

from PIL import Image

from mattebox_renderer.render.images import load_pixels, open_image
from mattebox_renderer.render.limits import DECODE_ERRORS, Limits
from mattebox_renderer.render.png import decode_png


def by_pillow(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def seen(image: Image.Image) -> tuple[Any, ...]:
    return image.mode, image.size, image.getpalette(), image.tobytes()


def assert_as_pillow_has_it(data: bytes) -> None:
    """The same pixels, or no pixels at all."""
    image = open_image(data, Limits())
    try:
        wanted = seen(by_pillow(data))
    except DECODE_ERRORS:
        assert decode_png(image, data) is None
        return
    assert seen(load_pixels(image, data)) == wanted
