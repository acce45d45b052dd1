"""Carry out a planned import: upload the files, add the frames, and tell how their previews ended."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from mattebox._parallel import in_parallel
from mattebox._requests import FrameLine
from mattebox.aio import Client
from mattebox.aio._deliveries import ON_WAY, Deliveries
from mattebox.answers import AddedFrames
from mattebox.errors import Invalid
from mattebox.frame_sending import why_not_taken
from mattebox.importers.file_uris import Located, Uploads
from mattebox.importers.outcome import Described, FailureGroup, Progress, Registered, lines_of
from mattebox.importers.plan import DatasetFile, ImportPlan, LeftOut, PlannedFrame
from mattebox.reasons import PreviewState

BATCH_FRAMES = 1000
UPLOADED_FRAMES = 100
"""In a batch whose files are uploaded: what was uploaded is soon registered."""
EXAMPLES = 3


async def register(
    client: Client, version_id: str, plan: ImportPlan, progress: Progress, *, upload: bool
) -> Registered:
    """Add the frames of a plan to a version, batch by batch; a second time changes nothing.

    With `upload` the files of this machine go to the registry, those it has already excepted; else frames point to
    them by `file://` URIs, as they do to the files of object stores. The renderers must be allowed to read them.
    """
    registered = Registered()
    deliveries = Deliveries()
    send = partial(client.add_lines, version_id)
    on_way: deque[tuple[list[Described], asyncio.Task[AddedFrames]]] = deque()

    async def arrive() -> None:
        described, arriving = on_way[0]
        registered.count(described, await arriving)
        progress.on_frames(len(described))
        on_way.popleft()

    describer = _Describer(plan, Uploads(client, progress.on_file), upload=upload)
    try:
        while described := await describer.batch():
            if len(on_way) == ON_WAY:
                await arrive()
            on_way.append((described, deliveries.begin(send, lines_of(described))))
        while on_way:
            await arrive()
    finally:
        for _, arriving in on_way:
            arriving.cancel()
        await asyncio.gather(*(arriving for _, arriving in on_way), return_exceptions=True)
    return registered


class _Describer:
    """Draws the frames of a plan, and uploads the files of those that need it."""

    def __init__(self, plan: ImportPlan, uploads: Uploads, *, upload: bool) -> None:
        self._frames: Iterator[PlannedFrame] = iter(plan.frames)
        self._uploads = uploads
        self._located = Located()
        self._upload = upload
        self._size = UPLOADED_FRAMES if uploads_files(plan, upload=upload) else BATCH_FRAMES

    async def batch(self) -> list[Described]:
        """Give the next frames; none at the end. Raises InputError, MatteboxError."""
        # Drawing them reads files and folders.
        drawn = await asyncio.to_thread(lambda: [self._draw(frame) for frame in islice(self._frames, self._size)])
        waiting = [frame for frame in drawn if not isinstance(frame, Described)]
        uploaded = iter(await in_parallel([self._upload_files(frame) for frame in waiting], "describe-frame"))
        return [frame if isinstance(frame, FrameLine | LeftOut) else next(uploaded) for frame in drawn]

    def _draw(self, frame: PlannedFrame) -> Described | PlannedFrame:
        """Describe a frame, unless files have to be uploaded first."""
        if _needs_upload(frame, upload=self._upload):
            return frame
        try:
            return FrameLine(frame.id, frame.describe(self._located.uri))
        except OSError as error:
            return LeftOut(frame.id, "frame", f"its files cannot be found: {error.strerror}")

    async def _upload_files(self, frame: PlannedFrame) -> Described:
        uris: dict[DatasetFile, str] = {}
        for file in frame.files():
            try:
                uploaded = _is_uploaded(frame, file, upload=self._upload)
                uris[file] = await self._uploads.upload(file) if uploaded else self._located.uri(file)
            except OSError as error:
                return LeftOut(frame.id, "frame", f"{str(file)!r} cannot be read: {error.strerror}")
            except Invalid as refusal:
                return LeftOut(frame.id, "frame", f"{str(file)!r} was not taken: {why_not_taken(refusal)}")
        return FrameLine(frame.id, frame.describe(uris.__getitem__))


def uploads_files(plan: ImportPlan, *, upload: bool) -> bool:
    """Tell whether files of a plan go to the registry, judged by its first frame."""
    return _needs_upload(next(iter(plan.frames)), upload=upload)


def _needs_upload(frame: PlannedFrame, *, upload: bool) -> bool:
    if frame.by_uri and not upload:
        return False
    return any(_is_uploaded(frame, file, upload=upload) for file in frame.files())


def _is_uploaded(frame: PlannedFrame, file: DatasetFile, *, upload: bool) -> bool:
    return not frame.by_uri or (upload and isinstance(file.root, Path))


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
