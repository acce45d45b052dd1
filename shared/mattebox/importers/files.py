"""Images, masks and videos in a folder."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from mattebox.errors import InputError
from mattebox.importers.places import Place

CONTENT_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".avif": "image/avif",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".avi": "video/x-msvideo",
}
"""What is taken for an image, mask or video, by extension."""


def content_type(file: Place) -> str:
    """Tell the media type by the extension."""
    return CONTENT_TYPES[file.suffix.lower()]


def find_media(folder: Place, *, recursive: bool, without: Place | None = None) -> list[PurePosixPath]:
    """List the images and videos of a folder by their relative paths; hidden files and the folder `without` excepted.

    Raises:
        InputError: the folder is not there, is no folder, or cannot be read.
    """
    files = find_files(folder, recursive=recursive, without=without)
    return [file for file in files if file.suffix.lower() in CONTENT_TYPES]


def find_files(folder: Place, *, recursive: bool, without: Place | None = None) -> list[PurePosixPath]:
    """List all files of a folder in the same way, whatever they are. Raises InputError."""
    if not folder.exists():
        raise InputError(f"There is no folder {str(folder)!r}.")
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is not a folder: give the folder that holds the files.")
    excluded = resolved(without) if without else None
    names = _walk(folder, "", recursive, excluded)
    return [PurePosixPath(name) for name in sorted(names, key=lambda name: name.split("/"))]


def resolved(place: Place) -> Place:
    """Give the one place that links of this machine lead to."""
    return place.resolve() if isinstance(place, Path) else place


def _walk(folder: Place, prefix: str, recursive: bool, excluded: Place | None) -> Iterator[str]:
    if not isinstance(folder, Path):
        yield from _walk_glob(folder, prefix, recursive, excluded)
        return
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        raise InputError(f"The folder {str(folder)!r} cannot be read: {error.strerror}.") from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            # Links to folders could lead in a circle.
            if recursive and not entry.is_symlink() and Path(entry.path).resolve() != excluded:
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/", recursive, excluded)
        elif entry.is_file() or entry.is_symlink():
            # A link that leads nowhere is a file that cannot be read, and is told as one.
            yield prefix + entry.name


def _walk_glob(folder: Place, prefix: str, recursive: bool, excluded: Place | None) -> Iterator[str]:
    for entry in folder.glob("*"):
        if entry.name.startswith("."):
            continue
        if entry.is_file():
            yield prefix + entry.name
        elif recursive and entry != excluded:
            yield from _walk_glob(entry, f"{prefix}{entry.name}/", recursive, excluded)
