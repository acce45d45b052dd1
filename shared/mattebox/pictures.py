"""Previews as things to look at: pictures of Pillow where it is installed, else bytes that a notebook shows."""

import base64
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Union

from mattebox.answers import Preview

if TYPE_CHECKING:
    from PIL.Image import Image

Picture = Union["Image", "PreviewBytes"]


class PreviewBytes(bytes):
    """An encoded preview, for those who have no Pillow."""

    content_type: str

    def __new__(cls, body: bytes, content_type: str) -> Self:
        """Take the bytes as they are."""
        made = super().__new__(cls, body)
        made.content_type = content_type
        return made

    def __getnewargs__(self) -> tuple[bytes, str]:  # type: ignore[override]  # pickle takes any arguments
        return bytes(self), self.content_type

    def save(self, file: str | Path) -> None:
        """Write the bytes to a file; unlike a picture's own `save` this converts nothing."""
        Path(file).write_bytes(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.content_type}, {len(self):,} bytes>"

    def _repr_mimebundle_(self, **_asked: Any) -> dict[str, str]:
        encoded = base64.b64encode(self).decode()
        # Some notebooks show WebP within HTML alone.
        page = f'<img src="data:{self.content_type};base64,{encoded}">'
        return {self.content_type: encoded, "text/html": page, "text/plain": repr(self)}


def picture_of(preview: Preview) -> Picture:
    """Decode a preview with Pillow, or give its bytes where there is no Pillow."""
    try:
        pillow = import_module("PIL.Image")
    except ImportError:
        return PreviewBytes(preview.body, preview.content_type)
    picture: Image = pillow.open(BytesIO(preview.body))
    picture.load()
    return picture
