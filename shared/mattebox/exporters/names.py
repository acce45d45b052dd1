"""File names for what is exported: like those of the sources, and safe wherever they come from."""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import PurePosixPath
from re import sub
from typing import Any
from urllib.parse import unquote, urlsplit

from mattebox.importers.bundle import upload_digest
from mattebox.importers.files import CONTENT_TYPES
from mattebox.moments import spell_moment
from mattebox.uris import media_type

MAX_PART_BYTES = 200
"""Longest part of a name in UTF-8: with what is added it stays below the 255 that file systems take."""


class Names:
    """Gives each source of a version a name of its own, without extension.

    Of a path below the folder `below` it is the rest; a name without a folder goes to `home`.
    """

    def __init__(self, below: str = "", home: str = "") -> None:
        self._below = below
        self._home = home
        self._taken: set[str] = set()

    def name(self, document: Mapping[str, Any], source: Mapping[str, Any]) -> str:
        """Name a source of a frame: by its path where the upload has one, by its URI, or by the frame's id.

        Moments of a video carry their timestamp; a name that is taken is numbered.
        """
        path = PurePosixPath(safe_path(_below(self._below, _called(document, source))))
        if len(path.parts) == 1:
            path = self._home / path
        stem = (path.with_suffix("") if path.suffix.lower() in CONTENT_TYPES else path).as_posix()
        timestamp = source.get("timestamp", document.get("timestamp"))
        kind = source.get("content_type") or media_type(str(source.get("uri")))
        if isinstance(timestamp, int | float) and str(kind).startswith("video/"):
            stem = f"{stem}_{spell_moment(timestamp)}ms"
        name = next(one for one in _numbered(stem) if one not in self._taken)
        self._taken.add(name)
        return name


def safe_path(name: str) -> str:
    """Make a relative path of a name: no part leads up or is hidden, none has what a file system refuses."""
    parts = (sub(r'[\x00-\x1f\x7f\\:*?"<>|]', "_", part) for part in name.split("/") if part.strip("."))
    return "/".join(_ending(part).lstrip(".") or "_" for part in parts) or "_"


def _ending(part: str) -> str:
    return part.encode(errors="replace")[-MAX_PART_BYTES:].decode(errors="ignore")


def _called(document: Mapping[str, Any], source: Mapping[str, Any]) -> str:
    path, uri = source.get("path"), str(source.get("uri"))
    if isinstance(path, str) and path:
        return path
    frame_id = str(document["id"])
    name = "" if upload_digest(uri) else PurePosixPath(unquote(urlsplit(uri).path)).name
    # An id that ends with the file's name is its path in the dataset, which says more.
    return frame_id if not name or PurePosixPath(frame_id).name == name else name


def _below(folder: str, name: str) -> str:
    return name.rpartition(f"/{folder}/")[2].removeprefix(f"{folder}/") if folder else name


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    for number in count(2):
        yield f"{stem}_{number}"
