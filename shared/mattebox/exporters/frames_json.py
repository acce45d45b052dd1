"""A version as it is: its frame documents, its metadata, and the uploads that frames point to."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from mattebox._batches import in_batches
from mattebox._parallel import in_parallel
from mattebox.aio import Client
from mattebox.answers import Version
from mattebox.errors import NotFound
from mattebox.exporters.outcome import Exported
from mattebox.importers.bundle import ABOUT, BLOBS, FRAMES, About, uploads_of
from mattebox.importers.plan import LeftOut

BATCH_FRAMES = 100
PARALLEL_DOWNLOADS = 8


async def export_frames_json(
    client: Client, version: Version, folder: Path, on_frames: Callable[[int], None]
) -> Exported:
    """Write a version to a folder, which `mattebox import frames-json` takes back identically.

    Raises:
        OSError: the folder cannot be written to.
    """
    blobs = folder / BLOBS
    blobs.mkdir(parents=True, exist_ok=True)
    dataset = await client.dataset(version.dataset_id)
    about = About(dataset.name, version.name, version.metadata)
    (folder / ABOUT).write_bytes(msgspec.json.format(msgspec.json.encode(about)) + b"\n")
    exported = Exported()
    part = folder / f"{FRAMES}.part"
    with part.open("wb") as lines:
        async for batch in in_batches(client.frames(version.id), BATCH_FRAMES):
            lines.writelines(msgspec.json.encode(frame.document) + b"\n" for frame in batch)
            digests = {digest for frame in batch for digest in uploads_of(frame.document)}
            missing = [digest for digest in sorted(digests) if not (blobs / digest).is_file()]
            exported.left_out += await _download(client, missing, blobs)
            exported.frames += len(batch)
            on_frames(len(batch))
    part.replace(folder / FRAMES)
    exported.files = sum(1 for _ in blobs.iterdir())
    return exported


async def _download(client: Client, digests: list[str], blobs: Path) -> list[LeftOut]:
    left_out = []
    for start in range(0, len(digests), PARALLEL_DOWNLOADS):
        few = digests[start : start + PARALLEL_DOWNLOADS]
        left_out += await in_parallel([_keep(client, digest, blobs) for digest in few], "download")
    return [left for left in left_out if left]


async def _keep(client: Client, digest: str, blobs: Path) -> LeftOut | None:
    part = blobs / f"{digest}.part"
    try:
        await client.download(f"blob:{digest}", part)
    except NotFound:
        return LeftOut(f"blob:{digest}", "upload", "no longer in the registry")
    else:
        part.replace(blobs / digest)
        return None
    finally:
        part.unlink(missing_ok=True)
