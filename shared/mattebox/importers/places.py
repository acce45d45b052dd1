"""Where a dataset lies: the part of `pathlib.Path` that importers use, which folders of object stores have as well."""

from collections.abc import Iterator
from os import scandir
from pathlib import Path, PurePath
from typing import IO, Any, Literal, Protocol, Self

from mattebox.errors import InputError


class Place(Protocol):
    """A file or folder. A `Path` is one, a `RemotePlace` another."""

    @property
    def name(self) -> str:
        """Last part of its path."""

    @property
    def stem(self) -> str:
        """The name without its extension."""

    @property
    def suffix(self) -> str:
        """The extension with its dot."""

    @property
    def parent(self) -> Self:
        """The folder it lies in."""

    def __truediv__(self, below: str | PurePath, /) -> Self:
        """Give what lies below."""

    def __lt__(self, other: Any, /) -> bool:
        """Tell what comes first by its path."""

    def with_name(self, name: str, /) -> Self:
        """Give what lies beside it."""

    def relative_to(self, other: Any, /) -> PurePath:
        """Give its path below another place."""

    def exists(self) -> bool:
        """Tell whether there is something."""

    def is_dir(self) -> bool:
        """Tell whether it is a folder."""

    def is_file(self) -> bool:
        """Tell whether it is a file."""

    def glob(self, pattern: str, /) -> Iterator[Self]:
        """Find what lies below by a pattern without `**`."""

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """Open a file. Raises OSError."""

    def read_bytes(self) -> bytes:
        """Read a file. Raises OSError."""

    def as_uri(self) -> str:
        """Give the URI that a renderer gets at it by."""


def place_of(location: str) -> Place:
    """Give the place of a path of this machine, or of a URI.

    Raises:
        InputError: there is nothing at the path, it may not be read, or the URI is of a kind that cannot be listed.
        ModuleNotFoundError: it is of one that can, but obstore is not installed.
    """
    if "://" not in location:
        return _readable(Path(location))
    # It is an extra of the SDK.
    from mattebox.importers.remote import open_place  # noqa: PLC0415

    return open_place(location)


def _readable(path: Path) -> Path:
    """Look at a path first: `glob` takes a folder that may not be read for an empty one."""
    try:
        if path.is_dir():
            with scandir(path):
                return path
        if path.exists():
            return path
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    raise InputError(f"There is no file or folder {str(path)!r}.")
