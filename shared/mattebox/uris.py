"""What a source or mask may be given as: a URI, or a file of this machine."""

import os
from pathlib import Path
from posixpath import splitext
from urllib.parse import unquote

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
    # Splitting a URL with the library takes longer than everything else about a frame.
    plain = CONTENT_TYPES.get(location[location.rfind(".") :])
    if plain is not None and "?" not in location and "#" not in location:
        return plain
    if not is_local(location):
        path = location.partition("#")[0].partition("?")[0].partition("://")[2].partition("/")[2]
        location = unquote(path)
    return CONTENT_TYPES.get(splitext(location)[1].lower())
