"""Carry out a planned import: upload the files, add the frames, and tell how their previews ended."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import IO, Any, NamedTuple

from msgspec import Struct

from mattebox._batches import in_batches
from mattebox._parallel import in_parallel
from mattebox.aio import Client
from mattebox.answers import Blob
from mattebox.errors import Invalid
from mattebox.importers.files import resolved
from mattebox.importers.places import Place
from mattebox.importers.plan import ImportPlan, LeftOut, PlannedFrame
from mattebox.models import Frame
from mattebox.reasons import PreviewState

BATCH_FRAMES = 100
PARALLEL_UPLOADS = 8
EXAMPLES = 3


class Registered(Struct):
    """What came of the frames of an import."""

    created: int = 0
    updated: int = 0
    faults: list[LeftOut] = []
    """Frames that were not stored: a file cannot be read, or the registry refused the frame."""


class Progress(NamedTuple):
    """Told while an import goes on."""

    on_file: Callable[[], None]
    on_frames: Callable[[int], None]


async def register(
    client: Client, version_id: str, plan: ImportPlan, progress: Progress, *, upload: bool
) -> Registered:
    """Add the frames of a plan to a version, batch by batch; a second time changes nothing.

    With `upload` the files of this machine go to the registry, those it has already excepted; else frames point to
    them by `file://` URIs, as they do to the files of object stores. The renderers must be allowed to read them.
    """
    uploads = _Uploads(client, progress.on_file)
    registered = Registered()
    async for batch in in_batches(plan.frames, BATCH_FRAMES):
        if any(to_upload(frame, file, upload=upload) for frame in batch for file in frame.files()):
            described = await in_parallel(
                [_describe(frame, uploads, upload=upload) for frame in batch], "describe-frame"
            )
        else:
            described = await asyncio.to_thread(lambda frames: [frame.describe(_uri) for frame in frames], batch)
        added = await client.add_frames(version_id, [frame for frame in described if not isinstance(frame, LeftOut)])
        registered.created += added.created
        registered.updated += added.updated
        registered.faults += [fault for fault in described if isinstance(fault, LeftOut)]
        registered.faults += [
            LeftOut(rejected.id or str(rejected.index), "frame", "; ".join(map(str, rejected.errors)))
            for rejected in added.rejected
        ]
        progress.on_frames(len(batch))
    return registered


class _Uploads:
    def __init__(self, client: Client, on_file: Callable[[], None]) -> None:
        self._client = client
        self._on_file = on_file
        self._slots = asyncio.Semaphore(PARALLEL_UPLOADS)

    async def uri(self, file: Place) -> str:
        async with self._slots:
            if isinstance(file, Path):
                blob = await self._client.upload(file)
            else:
                blob = await self._pass_on(file)
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


def to_upload(frame: PlannedFrame, file: Place, *, upload: bool) -> bool:
    """Tell whether a file of a frame goes to the registry."""
    return not frame.by_uri or (upload and isinstance(file, Path))


Described = Frame | dict[str, Any] | LeftOut
"""The document of a frame, or why there is none."""


async def _describe(frame: PlannedFrame, uploads: _Uploads, *, upload: bool) -> Described:
    uris: dict[Place, str] = {}
    for file in frame.files():
        try:
            uris[file] = await uploads.uri(file) if to_upload(frame, file, upload=upload) else _uri(file)
        except OSError as error:
            return LeftOut(frame.id, "frame", f"{str(file)!r} cannot be read: {error.strerror}")
        except Invalid as refusal:
            return LeftOut(frame.id, "frame", f"{str(file)!r} was not taken: {refusal}")
    return frame.describe(uris.__getitem__)


def _uri(file: Place) -> str:
    return resolved(file).as_uri()


class FailureGroup(Struct, frozen=True):
    """Frames whose previews ended alike."""

    state: PreviewState
    code: str
    count: int
    examples: list[str]
    """Ids of the first of the frames."""


async def failures_by_reason(client: Client, version_id: str) -> list[FailureGroup]:
    """Group the version's frames that are not `ready` by state and reason, the largest group first."""
    groups: dict[tuple[PreviewState, str], list[str]] = defaultdict(list)
    states: tuple[PreviewState, ...] = ("failed", "partial", "unsupported")
    for state in states:
        ids = [frame.id async for frame in client.frames(version_id, state=state)]
        for frame_id, status in (await client.preview_statuses(version_id, ids)).items():
            groups[state, status.error.code if status.error else "unknown"].append(frame_id)
    return sorted(
        (FailureGroup(state, code, len(ids), ids[:EXAMPLES]) for (state, code), ids in groups.items()),
        key=lambda group: -group.count,
    )
