"""The demo's way into a registry: through the public API, as any other dataset."""

import asyncio
from collections.abc import Callable

from mattebox.aio import Client
from mattebox.answers import AddedFrames
from mattebox_runtime.demo.dataset import DemoSet, Document

DATASET = "Demo street"
VERSION = "drive"
_UPLOADS_AT_A_TIME = 4


def files_of(demo_set: DemoSet) -> list[str]:
    """List the files that the frames name, each once, as they are named there."""
    sources = [source for frame in demo_set.frames for source in frame["sources"]]
    uris = [part["uri"] for source in sources for part in (source, *source["masks"])]
    return list(dict.fromkeys(uris))


async def register(
    client: Client, demo_set: DemoSet, progress: Callable[[], None] = lambda: None
) -> tuple[str, AddedFrames]:
    """Upload the files and register the frames; give the version's id and what became of the frames.

    Doing it again changes nothing. `progress` is called after each of `files_of`.
    """
    dataset = await client.ensure_dataset(DATASET, description="Drawn by `mattebox demo`.", tags=["demo"])
    version = await client.ensure_version(dataset.id, VERSION)
    uris = await _upload(client, demo_set, progress)
    if version.metadata.get("mask_labels") != demo_set.mask_labels:
        await client.set_mask_labels(version.id, demo_set.mask_labels)
    added = await client.add_frames(version.id, [_with_uris(frame, uris) for frame in demo_set.frames])
    return version.id, added


async def _upload(client: Client, demo_set: DemoSet, progress: Callable[[], None]) -> dict[str, str]:
    turns = asyncio.Semaphore(_UPLOADS_AT_A_TIME)
    uris: dict[str, str] = {}

    async def upload(name: str) -> None:
        async with turns:
            uris[name] = (await client.upload(demo_set.directory / name)).uri
        progress()

    async with asyncio.TaskGroup() as uploads:
        for name in files_of(demo_set):
            uploads.create_task(upload(name), name=f"upload {name}")
    return uris


def _with_uris(frame: Document, uris: dict[str, str]) -> Document:
    sources = [
        source
        | {"uri": uris[source["uri"]]}
        | {"masks": [mask | {"uri": uris[mask["uri"]]} for mask in source["masks"]]}
        for source in frame["sources"]
    ]
    return frame | {"sources": sources}
