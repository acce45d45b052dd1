"""Carry out a planned import: upload the files, add the frames, and tell how their previews ended."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import IO, Any, NamedTuple
from urllib.parse import quote

from msgspec import Struct

from mattebox._batches import in_batches
from mattebox._parallel import beside, in_parallel
from mattebox.aio import Client
from mattebox.answers import AddedFrames, Blob
from mattebox.errors import Invalid
from mattebox.frame_sending import why_not_taken
from mattebox.importers.files import resolved
from mattebox.importers.places import Place
from mattebox.importers.plan import ImportPlan, LeftOut, PlannedFrame
from mattebox.models import Frame
from mattebox.reasons import PreviewState

BATCH_FRAMES = 1000
UPLOADED_FRAMES = 100
"""In a batch whose files are uploaded: what was uploaded is soon registered."""
PARALLEL_UPLOADS = 8
EXAMPLES = 3


Described = Frame | dict[str, Any] | LeftOut
"""The document of a frame, or why there is none."""


class Registered(Struct):
    """What came of the frames of an import."""

    created: int = 0
    updated: int = 0
    faults: list[LeftOut] = []
    """Frames that were not stored: a file cannot be read, or the registry refused the frame."""

    def count(self, described: Sequence[Described], added: AddedFrames) -> None:
        """Count a batch."""
        self.created += added.created
        self.updated += added.updated
        self.faults += [fault for fault in described if isinstance(fault, LeftOut)]
        self.faults += [
            LeftOut(rejected.id or str(rejected.index), "frame", "; ".join(map(str, rejected.errors)))
            for rejected in added.rejected
        ]


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
    files = _Files(client, progress.on_file)
    registered = Registered()

    async def send(described: Sequence[Described]) -> None:
        added = await client.add_frames(version_id, [frame for frame in described if not isinstance(frame, LeftOut)])
        registered.count(described, added)
        progress.on_frames(len(described))

    described: list[Described] = []
    size = UPLOADED_FRAMES if uploads_files(plan, upload=upload) else BATCH_FRAMES
    async for batch in in_batches(plan.frames, size):
        async with beside(send(described), "add-frames"):
            described = await _describe_all(batch, files, upload=upload)
    await send(described)
    return registered


async def _describe_all(frames: Sequence[PlannedFrame], files: "_Files", *, upload: bool) -> list[Described]:
    if any(_is_uploaded(frame, file, upload=upload) for frame in frames for file in frame.files()):
        return await in_parallel([_describe(frame, files, upload=upload) for frame in frames], "describe-frame")
    return await asyncio.to_thread(lambda: [frame.describe(files.located.uri) for frame in frames])


class _Files:
    """Gets the files of frames to the registry, or says where they lie."""

    def __init__(self, client: Client, on_file: Callable[[], None]) -> None:
        self._client = client
        self._on_file = on_file
        self._slots = asyncio.Semaphore(PARALLEL_UPLOADS)
        self.located = _Located()

    async def upload(self, file: Place) -> str:
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


def uploads_files(plan: ImportPlan, *, upload: bool) -> bool:
    """Tell whether files of a plan go to the registry, judged by its first frame."""
    first = next(iter(plan.frames))
    return any(_is_uploaded(first, file, upload=upload) for file in first.files())


def _is_uploaded(frame: PlannedFrame, file: Place, *, upload: bool) -> bool:
    return not frame.by_uri or (upload and isinstance(file, Path))


async def _describe(frame: PlannedFrame, files: _Files, *, upload: bool) -> Described:
    uris: dict[Place, str] = {}
    for file in frame.files():
        try:
            if _is_uploaded(frame, file, upload=upload):
                uris[file] = await files.upload(file)
            else:
                uris[file] = files.located.uri(file)
        except OSError as error:
            return LeftOut(frame.id, "frame", f"{str(file)!r} cannot be read: {error.strerror}")
        except Invalid as refusal:
            return LeftOut(frame.id, "frame", f"{str(file)!r} was not taken: {why_not_taken(refusal)}")
    return frame.describe(uris.__getitem__)


class _Located:
    """URIs of files where they lie.

    To follow the links of every folder for each of 100,000 files would be most of the work: it is done once for each.
    """

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def uri(self, file: Place) -> str:
        # Of text: `Path` takes as long for each of these steps as for the rest of a frame.
        path = os.fspath(file) if isinstance(file, Path) else None
        if path is None or os.path.islink(path):  # noqa: PTH114
            return resolved(file).as_uri()
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = Path(folder).resolve().as_uri().rstrip("/")
        return f"{self._folders[folder]}/{quote(name)}"


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
