"""Datasets in object stores, and on web servers that list their folders (WebDAV), through obstore."""

import errno
import io
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import total_ordering
from itertools import pairwise
from pathlib import PurePath, PurePosixPath
from typing import IO, TYPE_CHECKING, Literal, Self
from urllib.parse import quote, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import AzureStore, GCSStore, HTTPStore, ObjectStore, S3Store

from mattebox.errors import InputError

if TYPE_CHECKING:
    # Only its stubs have them.
    from obstore import ReadableFile
    from obstore.store import ClientConfig, RetryConfig

_STORES = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}
_WEB = ("http", "https")
_HINTS = {
    "s3": "Are AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION right, or AWS_SKIP_SIGNATURE=true if it is public?",
    "gs": "Is GOOGLE_APPLICATION_CREDENTIALS right, or GOOGLE_SKIP_SIGNATURE=true if it is public?",
    "az": "Are AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY right?",
    **dict.fromkeys(_WEB, "Does the server list its folders (WebDAV)?"),
}
_PAGE = 1000
_ROOT = PurePosixPath()

# The library's own default is ten retries within three minutes; somebody sits in front of it.
_RETRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
# Only the user names endpoints: one with http:// is meant.
_CLIENT: "ClientConfig" = {
    "allow_http": True,
    "connect_timeout": timedelta(seconds=10),
    "timeout": timedelta(seconds=60),
}


def open_place(uri: str) -> "RemotePlace":
    """Give the place that a URI names: `s3://bucket/prefix`, `gs://`, `az://`, `https://host/folder`.

    Endpoint, region and credentials come from the environment, as obstore reads it (AWS_..., GOOGLE_..., AZURE_...).

    Raises:
        InputError: the URI is of another kind, or the environment lacks what its store needs.
    """
    scheme, _, rest = uri.partition("://")
    host, _, key = rest.partition("/")
    if scheme not in (*_STORES, *_WEB) or not host:
        raise InputError(
            f"{uri!r} cannot be listed: give a folder of this machine, or s3://BUCKET/PREFIX, gs://, az://, https://."
        )
    root = f"{scheme}://{host}"
    try:
        if scheme in _WEB:
            store: ObjectStore = HTTPStore(root, client_options=_CLIENT, retry_config=_RETRIES)
            key = unquote(urlsplit(uri).path)
        else:
            store = _STORES[scheme](host, client_options=_CLIENT, retry_config=_RETRIES)
    except (BaseError, ValueError) as error:
        raise InputError(f"{root!r} cannot be opened: {_first_line(error)}") from error
    path = PurePosixPath(key.strip("/"))
    return RemotePlace(_Listed(root, store, path), path)


class _Listed:
    """A store, and what is known to lie in it."""

    def __init__(self, root: str, store: ObjectStore, begin: PurePosixPath) -> None:
        self.root = root
        self.store = store
        self._begin = begin
        """What was asked for: the first question about something below it lists it as a whole."""
        self._whole: set[PurePosixPath] = set()
        """Folders of which everything is known."""
        self._files: set[PurePosixPath] = set()
        self._children: dict[PurePosixPath, set[PurePosixPath]] = defaultdict(set)

    def children(self, folder: PurePosixPath) -> set[PurePosixPath]:
        """Give what lies in a folder; the first question lists everything below it. Raises InputError."""
        if not self._knows(folder):
            self._list(self._begin if self._begin in folder.parents else folder)
        return self._children.get(folder, set())

    def is_file(self, path: PurePosixPath) -> bool:
        """Tell whether it is a file; what is none of a listed folder is asked for itself. Raises InputError."""
        if path == _ROOT:
            return False
        if self._knows(path):
            # Some tools mark folders by empty objects of their names.
            return path in self._files and path not in self._children
        try:
            obstore.head(self.store, str(path))
        except FileNotFoundError:
            return False
        except BaseError as error:
            hint = _HINTS[self.root.partition("://")[0]]
            raise InputError(f"{self.uri(path)!r} cannot be looked at. {hint} ({_first_line(error)})") from error
        return True

    def uri(self, path: PurePosixPath) -> str:
        """Write keys as they are, and the paths of web servers as URLs have them."""
        name = "" if path == _ROOT else str(path)
        return f"{self.root}/{quote(name) if self.root.startswith(_WEB) else name}"

    def _knows(self, path: PurePosixPath) -> bool:
        return path in self._whole or any(parent in self._whole for parent in path.parents)

    def _list(self, folder: PurePosixPath) -> None:
        try:
            for page in obstore.list(self.store, None if folder == _ROOT else str(folder), chunk_size=_PAGE):
                for item in page:
                    if (file := PurePosixPath(item["path"])) != folder:
                        self._add(file, folder)
        except (BaseError, FileNotFoundError) as error:
            hint = _HINTS[self.root.partition("://")[0]]
            raise InputError(f"{self.uri(folder)!r} cannot be listed. {hint} ({_first_line(error)})") from error
        self._whole.add(folder)

    def _add(self, file: PurePosixPath, folder: PurePosixPath) -> None:
        self._files.add(file)
        for child, parent in pairwise([file, *file.parents]):
            known = child in self._children[parent]
            self._children[parent].add(child)
            if known or parent == folder:
                return


@total_ordering
class RemotePlace:
    """A file or folder of a store."""

    def __init__(self, listed: _Listed, path: PurePosixPath) -> None:
        self._listed = listed
        self._path = path

    def __str__(self) -> str:
        return self.as_uri()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.as_uri()!r})"

    def __hash__(self) -> int:
        return hash(self._path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemotePlace) and self.as_uri() == other.as_uri()

    def __lt__(self, other: "RemotePlace") -> bool:
        return self._path < other._path

    def __truediv__(self, below: str | PurePath) -> Self:
        return self._at(self._path / below)

    @property
    def name(self) -> str:
        """Last part of its path."""
        return self._path.name

    @property
    def stem(self) -> str:
        """The name without its extension."""
        return self._path.stem

    @property
    def suffix(self) -> str:
        """The extension with its dot."""
        return self._path.suffix

    @property
    def parent(self) -> Self:
        """The folder it lies in."""
        return self._at(self._path.parent)

    def with_name(self, name: str) -> Self:
        """Give what lies beside it."""
        return self._at(self._path.with_name(name))

    def relative_to(self, other: "RemotePlace") -> PurePosixPath:
        """Give its path below another place of the same store."""
        return self._path.relative_to(other._path)  # noqa: SLF001 - of its own class

    def exists(self) -> bool:
        """Tell whether there is something. Raises InputError."""
        return self.is_dir() or self.is_file()

    def is_dir(self) -> bool:
        """Tell whether something lies below. Raises InputError."""
        return bool(self._listed.children(self._path))

    def is_file(self) -> bool:
        """Tell whether it is a file. Raises InputError."""
        return self._listed.is_file(self._path)

    def glob(self, pattern: str) -> Iterator[Self]:
        """Find what lies below by a pattern without `**`, in order. Raises InputError."""
        found = [self._path]
        for part in PurePosixPath(pattern).parts:
            children = (child for folder in found for child in self._listed.children(folder))
            found = sorted(child for child in children if fnmatchcase(child.name, part))
        yield from map(self._at, found)

    def read_bytes(self) -> bytes:
        """Read the file. Raises OSError."""
        with self.open("rb") as content:
            return content.read()

    def open(self, mode: Literal["rb"]) -> IO[bytes]:
        """Open the file, to be read as it comes. Raises OSError."""
        del mode
        try:
            return io.BufferedReader(_Content(obstore.open_reader(self._listed.store, str(self._path)), self.as_uri()))
        except (BaseError, FileNotFoundError) as error:
            raise _as_os_error(error, self.as_uri()) from error

    def as_uri(self) -> str:
        """Give its URI."""
        return self._listed.uri(self._path)

    def _at(self, path: PurePosixPath) -> Self:
        return type(self)(self._listed, path)


class _Content(io.RawIOBase):
    """What obstore reads, as files are read."""

    def __init__(self, reader: "ReadableFile", uri: str) -> None:
        super().__init__()
        self._reader = reader
        self._uri = uri

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # of what the library gives
        try:
            content = self._reader.read(len(buffer))
        except (BaseError, FileNotFoundError) as error:
            raise _as_os_error(error, self._uri) from error
        buffer[: len(content)] = memoryview(content)
        return len(content)


def _as_os_error(error: Exception, uri: str) -> OSError:
    match error:
        case FileNotFoundError():
            return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), uri)
        case PermissionDeniedError() | UnauthenticatedError():
            return PermissionError(errno.EACCES, os.strerror(errno.EACCES), uri)
        case _:
            return OSError(errno.EIO, _first_line(error), uri)


def _first_line(error: Exception) -> str:
    """Shorten what the library says, which goes on for pages, with all of the answer's XML."""
    line = str(error).strip().partition("\n")[0].partition("<")[0].rstrip(": ")
    return re.sub(r"\s+", " ", line)[:300]
