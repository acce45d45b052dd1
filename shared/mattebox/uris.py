"""What a source or mask may be given as: a URI, or a file of this machine."""

import os
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from mattebox.importers.files import CONTENT_TYPES

Location = str | os.PathLike[str]
"""A URI, or the path of a local file."""


def spell(location: Location) -> str:
    """Write a location as text."""
    return os.fspath(location)


def is_local(location: str) -> bool:
    """Tell a local path from a URI; `file://` is a URI, for renderers that see the same disks."""
    return "://" not in location and not location.startswith("blob:")


def absolute(location: str) -> str:
    """Name a place the same way wherever the program was started."""
    return str(Path(location).absolute()) if is_local(location) else location


def media_type(location: str) -> str | None:
    """Guess the media type by the extension; None where that tells nothing."""
    path = location if is_local(location) else unquote(urlsplit(location).path)
    return CONTENT_TYPES.get(PurePosixPath(path).suffix.lower())
