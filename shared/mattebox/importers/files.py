"""Images, masks and videos in a folder."""

import os
from collections.abc import Iterator
from pathlib import Path

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


def content_type(name: str) -> str:
    """Tell the media type of a file that has one of these extensions."""
    return CONTENT_TYPES[name[name.rfind(".") :].lower()]


def split_name(name: str) -> tuple[str, str, str]:
    """Give folder, stem and suffix of a relative path, as `pathlib` tells them, in a tenth of its time."""
    folder, _, last = name.rpartition("/")
    dot = last.rfind(".")
    return (folder, last[:dot], last[dot:]) if 0 < dot < len(last) - 1 else (folder, last, "")


def is_text(name: str) -> bool:
    """Tell whether a name is text, as documents are: on Linux it may be any bytes."""
    return readable(name) == name


def readable(name: str) -> str:
    """Write what is no text of a name by its numbers."""
    return name if name.isascii() else name.encode(errors="backslashreplace").decode()


def find_media(folder: Place, *, recursive: bool, without: Place | None = None) -> list[str]:
    """List the images and videos of a folder by their relative paths; hidden files and the folder `without` excepted.

    Raises:
        InputError: the folder is not there, is no folder, or cannot be read.
    """
    files = find_files(folder, recursive=recursive, without=without)
    return [file for file in files if split_name(file)[2].lower() in CONTENT_TYPES]


def find_files(folder: Place, *, recursive: bool, without: Place | None = None) -> Iterator[str]:
    """Give all files of a folder in the same way, whatever they are, in order. Raises InputError."""
    if not folder.exists():
        raise InputError(f"There is no folder {str(folder)!r}.")
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is not a folder: give the folder that holds the files.")
    excluded = resolved(without) if without else None
    if isinstance(folder, Path):
        return _walk(folder, "", recursive, excluded)
    return _walk_glob(folder, "", recursive, excluded)


def resolved(place: Place) -> Place:
    """Give the one place that links of this machine lead to."""
    return place.resolve() if isinstance(place, Path) else place


def _walk(folder: Path, prefix: str, recursive: bool, excluded: Place | None) -> Iterator[str]:
    folders: set[str] = set()
    try:
        names = sorted(_visible(folder, folders))
    except OSError as error:
        raise InputError(f"The folder {str(folder)!r} cannot be read: {error.strerror}.") from error
    for name in names:
        if name not in folders:
            yield prefix + name
        elif recursive and (folder / name).resolve() != excluded:
            yield from _walk(folder / name, f"{prefix}{name}/", recursive, excluded)


def _visible(folder: Path, folders: set[str]) -> Iterator[str]:
    """Give the names of files and folders that are not hidden, and note which are folders. Raises OSError."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.add(entry.name)
                yield entry.name
            elif entry.is_file(follow_symlinks=False) or (entry.is_symlink() and _is_file_link(entry.path)):
                yield entry.name


def _is_file_link(path: str) -> bool:
    """Tell whether a link is to be read as a file: one that leads nowhere is, and is told as one that cannot be read.

    Links to folders could lead in a circle.
    """
    return os.path.isfile(path) or not os.path.exists(path)  # noqa: PTH110, PTH113 - of text, as all names here


def _walk_glob(folder: Place, prefix: str, recursive: bool, excluded: Place | None) -> Iterator[str]:
    for entry in folder.glob("*"):
        if entry.name.startswith("."):
            continue
        if entry.is_file():
            yield prefix + entry.name
        elif recursive and entry != excluded:
            yield from _walk_glob(entry, f"{prefix}{entry.name}/", recursive, excluded)
