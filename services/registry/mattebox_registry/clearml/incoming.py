"""Frames of ClearML's SDK made into documents: a file that was uploaded here becomes its blob, a path its URI."""

import re
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import msgspec

from mattebox.region_labels import label_masks
from mattebox_registry.errors import StorageBusy
from mattebox_runtime.blobs import SCHEME, BlobMissing, Blobs, BlobStoreFailed

FILES = "/files/"
"""Path below which files are uploaded."""

_OF_A_VERSION = re.compile(r"/[0-9a-f]{32}/[0-9a-f]{32}/[^/]+")
"""Path that the SDK makes for a source where the registry itself is its files server."""

BLOBS_OF_FILES = "/files/sha256/"
"""Path below which every blob is found under its digest."""

UPLOADED_AS = "uploaded_as"
"""Field of a source or mask: the URL under which ClearML's SDK knows the file."""


def is_file(path: str) -> bool:
    """Tell whether files can be uploaded under a path."""
    return (path.startswith(FILES) and path != FILES) or _OF_A_VERSION.fullmatch(path) is not None


class Uploads:
    """The files that were uploaded here, by the URL under which the SDK registers them."""

    def __init__(self, blobs: Blobs, origin: str) -> None:
        self._blobs = blobs
        self._netloc = urlsplit(origin).netloc
        self._known: dict[str, str | None] = {}

    async def sha256(self, uri: str) -> str | None:
        """Give the digest of a file by its URL; None where it was not uploaded here. Raises StorageBusy."""
        if not uri.startswith(("http://", "https://")):
            return None
        try:
            parts = urlsplit(uri)
        except ValueError:
            return None
        # Another host's file of the same path is another file.
        path = unquote(parts.path)
        if parts.netloc != self._netloc or not is_file(path):
            return None
        if path not in self._known:
            self._known[path] = await self._look_up(path)
        return self._known[path]

    async def _look_up(self, path: str) -> str | None:
        if path.startswith(BLOBS_OF_FILES):
            return path.removeprefix(BLOBS_OF_FILES)
        try:
            return await self._blobs.named(path)
        except BlobMissing:
            return None
        except BlobStoreFailed as error:
            raise StorageBusy from error


async def to_document(frame: bytes, uploads: Uploads) -> bytes:
    """Give the document of a frame, the bytes that came where nothing is to be changed, for the rules to check."""
    try:
        document = msgspec.json.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return frame
    changed = [_follow(source) for source in _objects(document, "sources")]
    changed += [await _translate(place, uploads) for place in places_of(document)]
    changed += [isinstance(document, dict) and label_masks(document)]
    return msgspec.json.encode(document) if any(changed) else frame


def places_of(document: Any) -> list[dict[str, Any]]:
    """Give the sources and masks of what may be a frame, as far as they are any."""
    sources = _objects(document, "sources")
    return [*sources, *(mask for source in sources for mask in _objects(source, "masks"))]


def _objects(holder: Any, field: str) -> list[dict[str, Any]]:
    items = holder.get(field) if isinstance(holder, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _follow(source: dict[str, Any]) -> bool:
    """Let masks be of the moment of their source, where the SDK, which knows no moment of a mask, writes 0."""
    moment = source.get("timestamp")
    masks = [mask for mask in _objects(source, "masks") if moment and mask.get("timestamp") == 0]
    for mask in masks:
        mask["timestamp"] = moment
    return bool(masks)


async def _translate(place: dict[str, Any], uploads: Uploads) -> bool:
    uri = place.get("uri")
    if not isinstance(uri, str):
        return False
    if uri.startswith("/"):
        # A path on the machine of the SDK, which is this one or one that has the same folder.
        place["uri"] = f"file://{quote(uri)}"
        return True
    sha256 = await uploads.sha256(uri)
    if sha256 is None:
        return False
    place["uri"] = f"{SCHEME}:{sha256}"
    place[UPLOADED_AS] = uri
    return True
