"""Send frames to a version: upload their local files, register them, and say which failed and why."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

import msgspec

from mattebox._parallel import in_parallel
from mattebox.errors import Invalid, ServerUnavailable, UsageError
from mattebox.frame import SingleFrame
from mattebox.frame_group import FrameGroup
from mattebox.models import Frame
from mattebox.uris import media_type

if TYPE_CHECKING:
    from mattebox.aio import Client

AnyFrame = SingleFrame | FrameGroup | Frame | Mapping[str, Any]
"""A frame, a group, or the document of either."""

PARALLEL_UPLOADS = 8


class FailedFrame(TypedDict):
    """A frame that was not stored."""

    frame: AnyFrame
    error: str
    error_type: Literal["upload", "validation"]
    """A local file that did not arrive, or a document that the registry does not take."""


class Sending(NamedTuple):
    """How frames are sent."""

    version_id: str
    root: Path | None
    """Folder that holds the local files; uploads are named by their path below it."""
    upload: bool
    upload_attempts: int


Sent = Future[list[FailedFrame]]
"""A batch on its way: what comes of it."""


class _Lost(Exception):
    """A file that could not be uploaded."""


async def send_frames(
    client: "Client", frames: Sequence[AnyFrame], how: Sending, before: Sent | None = None
) -> list[FailedFrame]:
    """Send one batch; all of it is stored when this returns, but for what is given back.

    It is described while the batch `before` is on its way, and sent when that has arrived: in their order, so that of
    frames with one id the last is kept.

    Raises:
        NotFound, Conflict: no such version, or it is published.
        Unauthorized, Forbidden, ServerUnavailable: nothing more can be sent.
    """
    files = await _upload_all(client, {file for frame in frames for file in _files(frame)}, how)
    failed: list[FailedFrame] = []
    ready: list[tuple[AnyFrame, dict[str, Any]]] = []
    for frame in frames:
        try:
            ready.append((frame, _document(frame, files)))
        except _Lost as lost:
            failed.append({"frame": frame, "error": str(lost), "error_type": "upload"})
        except (UsageError, TypeError, ValueError) as fault:
            failed.append({"frame": frame, "error": str(fault), "error_type": "validation"})
    if before is not None:
        await asyncio.wrap_future(before)
    if ready:
        added = await client.add_frames(how.version_id, [document for _, document in ready])
        for rejected in added.rejected:
            error = "; ".join(map(str, rejected.errors))
            failed.append({"frame": ready[rejected.index][0], "error": error, "error_type": "validation"})
    return failed


def _files(frame: AnyFrame) -> list[str]:
    return frame.files() if isinstance(frame, SingleFrame | FrameGroup) else []


def _document(frame: AnyFrame, files: Mapping[str, dict[str, Any] | _Lost]) -> dict[str, Any]:
    def uri_of(location: str) -> Mapping[str, Any]:
        found = files.get(location, {"uri": location})
        if isinstance(found, _Lost):
            raise found
        return found

    if isinstance(frame, SingleFrame | FrameGroup):
        document = frame.document(uri_of)
    else:
        document = msgspec.to_builtins(frame) if isinstance(frame, Frame) else dict(frame)
    # What JSON cannot hold fails here, where it is this frame's fault and no other's.
    msgspec.json.encode(document)
    return document


async def _upload_all(client: "Client", files: Iterable[str], how: Sending) -> dict[str, dict[str, Any] | _Lost]:
    slots = asyncio.Semaphore(PARALLEL_UPLOADS)
    wanted = list(files)

    async def upload(file: str) -> dict[str, Any] | _Lost:
        async with slots:
            return await _upload(client, file, how)

    return dict(zip(wanted, await in_parallel([upload(file) for file in wanted], "upload"), strict=True))


async def _upload(client: "Client", file: str, how: Sending) -> dict[str, Any] | _Lost:
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
