"""One picture with its mask as a benchmark needs them: some detail, a known set of values."""

import io

from PIL import Image

from mattebox_runtime.demo.street import draw_street_frame


def street_pair(size: tuple[int, int], *, source_format: str = "JPEG") -> tuple[bytes, bytes]:
    """A street frame and its label mask as (source bytes, PNG mask bytes)."""
    street = draw_street_frame(0, size)
    return _encoded(street.picture, source_format), _encoded(Image.fromarray(street.labels), "PNG")


def _encoded(image: Image.Image, image_format: str) -> bytes:
    out = io.BytesIO()
    image.save(out, image_format, **({"quality": 90} if image_format == "JPEG" else {}))
    return out.getvalue()
