"""Sources and masks as files of this machine: what is elsewhere is downloaded once and kept in a cache."""

import os
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from mattebox.errors import InputError
from mattebox.uris import is_local

if TYPE_CHECKING:
    from mattebox.client import Client

BLOB = "blob:"


def local_file(location: str, client: "Client | None", cache: Path, *, fresh: bool = False) -> Path:
    """Give a file with the bytes of a location; `client` is needed for uploads, `fresh` downloads again.

    Raises:
        InputError: it cannot be had from here.
        MatteboxError: the registry or the server does not hand it out.
    """
    if is_local(location):
        return _existing(Path(location))
    scheme = urlsplit(location).scheme
    if scheme == "file":
        return _existing(Path(unquote(urlsplit(location).path)))
    if scheme not in ("http", "https", "blob"):
        raise InputError(f"{scheme}:// is not downloaded by Mattebox: read {location!r} with the tool of that store.")
    kept = cache / sha256(location.encode()).hexdigest()[:32] / _name(location)
    if kept.is_file() and not fresh:
        return kept
    if client is None:
        raise InputError(f"{location!r} is not of this machine, and its frame is in no version: add the frame first.")
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, part = mkstemp(dir=kept.parent)
    os.close(handle)
    try:
        client.run(lambda calls: calls.download(location, Path(part)))
        Path(part).replace(kept)
    finally:
        Path(part).unlink(missing_ok=True)
    return kept


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}.")
    return path.absolute()


def _name(location: str) -> str:
    return Path(unquote(urlsplit(location).path)).name[-100:] or "file"
