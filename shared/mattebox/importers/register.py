"""Carry out a planned import: upload the files, add the frames, and tell how their previews ended."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct

from mattebox._batches import in_batches
from mattebox._parallel import in_parallel
from mattebox.aio import Client
from mattebox.errors import Invalid
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

    With `upload` the files go to the registry, those it has already excepted; else frames point to them by
    `file://` URIs, which the renderers must be allowed to read.
    """
    store = _Uploads(client, progress.on_file).uri if upload else _file_uri
    registered = Registered()
    async for batch in in_batches(plan.frames, BATCH_FRAMES):
        described = await in_parallel([_describe(frame, store) for frame in batch], "describe-frame")
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

    async def uri(self, file: Path) -> str:
        async with self._slots:
            blob = await self._client.upload(file)
        self._on_file()
        return blob.uri


async def _file_uri(file: Path) -> str:
    return (await asyncio.to_thread(file.resolve)).as_uri()


async def _describe(
    frame: PlannedFrame, store: Callable[[Path], Coroutine[Any, Any, str]]
) -> Frame | dict[str, Any] | LeftOut:
    """Give the document of a frame, or why there is none."""
    uris: dict[Path, str] = {}
    for file in frame.files():
        try:
            uris[file] = await store(file)
        except OSError as error:
            return LeftOut(frame.id, "frame", f"{str(file)!r} cannot be read: {error.strerror}")
        except Invalid as refusal:
            return LeftOut(frame.id, "frame", f"{str(file)!r} was not taken: {refusal}")
    return frame.describe(uris.__getitem__)


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
