"""Send frames to a version: upload their local files, register them, and say which failed and why."""

import asyncio
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from mattebox._parallel import in_parallel
from mattebox._requests import FrameLine
from mattebox.aio import Client
from mattebox.aio._deliveries import Deliveries
from mattebox.errors import Invalid, ServerUnavailable
from mattebox.frame_batches import AnyFrame, Batch, FailedFrame, describe, files_of, invalid
from mattebox.uris import media_type

PARALLEL_UPLOADS = 8


class Sending(NamedTuple):
    """How frames are sent."""

    version_id: str
    root: Path | None
    """Folder that holds the local files; uploads are named by their path below it."""
    upload: bool
    upload_attempts: int


class _Lost(Exception):
    """A file that could not be uploaded."""


class Sender:
    """Sends batches of frames; of frames with one id the last given is kept."""

    def __init__(self, how: Sending) -> None:
        self._how = how
        self._deliveries = Deliveries()
        self._in_turn = asyncio.Lock()

    async def send(self, client: Client, batch: Batch) -> list[FailedFrame]:
        """Send a batch; all of it is stored when this returns, but for what is given back.

        Another batch may be given meanwhile.

        Raises:
            NotFound, Conflict: no such version, or it is published.
            Unauthorized, Forbidden, ServerUnavailable: nothing more can be sent.
        """
        async with self._in_turn:
            await self._describe_rest(client, batch)
            lines = [line for line in batch.lines if isinstance(line, FrameLine)]
            failed = [line for line in batch.lines if isinstance(line, dict)]
            if not lines:
                return failed
            arriving = self._deliveries.begin(partial(client.add_lines, self._how.version_id), lines)
        added = await arriving
        if added.rejected:
            sent = [frame for frame, line in zip(*batch, strict=True) if isinstance(line, FrameLine)]
            failed += [
                invalid(sent[rejected.index], "; ".join(map(str, rejected.errors))) for rejected in added.rejected
            ]
        return failed

    async def _describe_rest(self, client: Client, batch: Batch) -> None:
        """Upload the files of frames that are not described yet, and describe them."""
        waiting = {position: batch.frames[position] for position, line in enumerate(batch.lines) if line is None}
        files = await self._upload(client, {file for frame in waiting.values() for file in files_of(frame)})
        for position, frame in waiting.items():
            batch.lines[position] = _describe_uploaded(frame, files)

    async def _upload(self, client: Client, files: Collection[str]) -> "_Files":
        slots = asyncio.Semaphore(PARALLEL_UPLOADS)

        async def upload(file: str) -> dict[str, Any] | _Lost:
            async with slots:
                return await _upload(client, file, self._how)

        return dict(zip(files, await in_parallel([upload(file) for file in files], "upload"), strict=True))


_Files = Mapping[str, dict[str, Any] | _Lost]


def _describe_uploaded(frame: AnyFrame, files: _Files) -> FrameLine | FailedFrame:
    def uri_of(location: str) -> Mapping[str, Any]:
        found = files.get(location, {"uri": location})
        if isinstance(found, _Lost):
            raise found
        return found

    try:
        return describe(frame, uri_of)
    except _Lost as lost:
        return {"frame": frame, "error": str(lost), "error_type": "upload"}


async def _upload(client: Client, file: str, how: Sending) -> dict[str, Any] | _Lost:
    path = Path(file)
    try:
        uri = (await client.upload(path, attempts=how.upload_attempts)).uri if how.upload else _file_uri(path)
    except OSError as error:
        return _Lost(f"{file!r} cannot be read: {error.strerror or error}.")
    except Invalid as refusal:
        return _Lost(f"{file!r} was not taken: {why_not_taken(refusal)}")
    except ServerUnavailable as broken:
        if broken.refused:
            raise
        return _Lost(f"{file!r} did not arrive: {broken}")
    kind = media_type(file)
    name = _name_below(how.root, path)
    return {"uri": uri, **({"content_type": kind} if kind else {}), **({"path": name} if how.upload else {})}


def why_not_taken(refusal: Invalid) -> str:
    """Say why the registry does not take a file."""
    return "it is empty." if refusal.code == "empty_body" else str(refusal)


def _file_uri(path: Path) -> str:
    return path.resolve(strict=True).as_uri()


def _name_below(root: Path | None, path: Path) -> str:
    """Name an upload as people know it, and no folder of the uploading machine above `root`."""
    if root is not None and path.absolute().is_relative_to(root.absolute()):
        return path.absolute().relative_to(root.absolute()).as_posix()
    return PurePath(path).name
