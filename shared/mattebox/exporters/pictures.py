"""The pictures that exported masks belong to: the bytes that were registered, or the frame as it is drawn."""

from asyncio import to_thread
from pathlib import Path, PurePosixPath
from shutil import copyfile
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from mattebox.aio import Client
from mattebox.errors import InputError, NotFound
from mattebox.importers.bundle import upload_digest
from mattebox.importers.files import CONTENT_TYPES
from mattebox.uris import media_type

EXTENSIONS = {kind: extension for extension, kind in reversed(CONTENT_TYPES.items())}
"""By media type, the usual one."""


class Picture(NamedTuple):
    """A source of a stored frame."""

    version_id: str
    frame_id: str
    source_id: str
    source: dict[str, Any]

    def extension(self) -> str | None:
        """Give the extension of the picture that was registered; None where it is a video, or nothing tells."""
        name = self.source.get("path") or self.source["uri"]
        kind = self.source.get("content_type") or media_type(str(name)) or media_type(self.frame_id)
        named = PurePosixPath(unquote(urlsplit(str(name)).path)).suffix.lower()
        if not str(kind).startswith("image/"):
            return None
        return named if CONTENT_TYPES.get(named) == kind else EXTENSIONS.get(str(kind))


async def download_picture(client: Client, picture: Picture, file: Path) -> bool:
    """Write the bytes that were registered, where this machine gets at them; tell whether it did.

    Raises:
        OSError: the file cannot be written.
    """
    uri = str(picture.source["uri"])
    scheme = urlsplit(uri).scheme
    if scheme == "file":
        return await to_thread(_copied, Path(unquote(urlsplit(uri).path)), file)
    if upload_digest(uri) or scheme in ("http", "https"):
        try:
            await client.download(uri, file)
        except (NotFound, InputError):
            return False
        return True
    return False


async def draw_picture(client: Client, picture: Picture, file: Path) -> None:
    """Write the source as it is drawn without masks, as PNG in its full size.

    Raises:
        NotFound, PreviewFailed, PreviewPending: there is no such picture.
        OSError: the file cannot be written.
    """
    drawn = await client.preview(
        picture.version_id, picture.frame_id, source=picture.source_id, masks=[], size="full", format="png"
    )
    await to_thread(file.write_bytes, drawn.body)


def _copied(local: Path, file: Path) -> bool:
    if not local.is_file():
        return False
    copyfile(local, file)
    return True
