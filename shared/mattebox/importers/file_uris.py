"""What a frame calls its files: where they lie, or the uploads they have become."""

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import IO, NamedTuple
from urllib.parse import quote

from mattebox.aio import Client
from mattebox.answers import Blob
from mattebox.importers.files import resolved
from mattebox.importers.places import Place
from mattebox.importers.plan import DatasetFile

PARALLEL_UPLOADS = 8

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.~-]+")
"""What stands in a URI as it is."""


class Uploads:
    """Gets files to the registry, a few at a time."""

    def __init__(self, client: Client, on_file: Callable[[], None]) -> None:
        self._client = client
        self._on_file = on_file
        self._slots = asyncio.Semaphore(PARALLEL_UPLOADS)

    async def upload(self, file: DatasetFile) -> str:
        """Give the URI of the upload. Raises OSError, MatteboxError."""
        place = file.place
        async with self._slots:
            blob = await (self._client.upload(place) if isinstance(place, Path) else self._pass_on(place))
        self._on_file()
        return blob.uri

    async def _pass_on(self, file: Place) -> Blob:
        with NamedTemporaryFile() as copy:
            await asyncio.to_thread(_copy, file, copy)
            return await self._client.upload(Path(copy.name))


def _copy(file: Place, target: IO[bytes]) -> None:
    with file.open("rb") as content:
        copyfileobj(content, target)
    target.flush()


class _Folder(NamedTuple):
    """What is known of a folder of this machine."""

    uri: str
    links: set[str] | None
    """Names of what are links in it; None where it cannot be listed."""


class Located:
    """URIs of files where they lie.

    To look at each of 100,000 files, and to follow the links of every folder above it, would be most of the work: each
    folder is looked at once.
    """

    def __init__(self) -> None:
        self._folders: dict[str, _Folder] = {}

    def uri(self, file: DatasetFile) -> str:
        """Give the URI of a file, links of this machine followed. Raises OSError."""
        root = file.root
        if not isinstance(root, Path):
            return file.place.as_uri()
        # Of text: `Path` takes as long for each of these steps as for the rest of a frame.
        path = f"{os.fspath(root)}/{file.name}"
        folder, _, name = path.rpartition("/")
        known = self._folders.get(folder) or self._look_at(folder)
        if os.path.islink(path) if known.links is None else name in known.links:  # noqa: PTH114
            return resolved(file.place).as_uri()
        return f"{known.uri}/{name if _PLAIN_NAME.fullmatch(name) else quote(name)}"

    def _look_at(self, folder: str) -> _Folder:
        try:
            with os.scandir(folder) as entries:
                links: set[str] | None = {entry.name for entry in entries if entry.is_symlink()}
        except OSError:
            links = None
        self._folders[folder] = found = _Folder(Path(folder).resolve().as_uri().rstrip("/"), links)
        return found
