"""`python -m benchmarks.sdk_client WAY FRAMES URL TOKEN`: sends frames in one way, and tells what that cost as JSON.

Each way runs in a process of its own, so that its memory is its own.
"""

import asyncio
import atexit
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import aiohttp

from benchmarks.documents import MASK_LABELS, frame_document
from mattebox import DatasetVersion, SingleFrame, connect
from mattebox.aio import Client
from mattebox.importers.cityscapes import plan_cityscapes
from mattebox.importers.outcome import Progress
from mattebox.importers.plan import DatasetFile, ImportPlan, PlannedMask, PlannedPicture
from mattebox.importers.register import register

LINES_PER_CHUNK = 200
BUCKET = "s3://datasets"
CITIES = 20


def _names(frames: int) -> Iterator[tuple[int, str]]:
    return ((number, f"aachen_{number:06d}_000019") for number in range(frames))


def _raw(version_id: str, frames: int, url: str, token: str) -> int:
    """The bytes of the same documents, made before the clock starts, in one request of plain aiohttp."""
    documents = [frame_document(number) for number in range(frames)]

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(documents), LINES_PER_CHUNK):
            yield b"\n".join(documents[start : start + LINES_PER_CHUNK]) + b"\n"

    async def post() -> int:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
        timeout = aiohttp.ClientTimeout(total=600)
        place = f"{url}/api/v1/versions/{version_id}/frames"
        async with (
            aiohttp.ClientSession(headers=headers, timeout=timeout, raise_for_status=True) as session,
            session.post(place, data=chunks()) as answer,
        ):
            return int((await answer.json())["created"])

    _start_clock()
    return asyncio.run(post())


def _documents(version_id: str, frames: int, url: str, token: str) -> int:
    """Documents through the asynchronous client."""
    first = json.loads(frame_document(0))
    documents = ({**first, "id": f"frame-{number:07d}"} for number in range(frames))

    async def send() -> int:
        async with Client(url, token) as client:
            return (await client.add_frames(version_id, documents)).created

    _start_clock()
    return asyncio.run(send())


def _single_frames(version_id: str, frames: int, url: str, token: str) -> int:
    """`SingleFrame`s through `DatasetVersion.add_frames`."""

    def described() -> Iterator[SingleFrame]:
        for number, name in _names(frames):
            yield SingleFrame(
                source=f"{BUCKET}/leftImg8bit/train/aachen/{name}_leftImg8bit.png",
                masks_source={"semantic": f"{BUCKET}/gtFine/train/aachen/{name}_gtFine_labelIds.png"},
                width=2048,
                height=1024,
                context_id=f"drive_{number // 1000}",
                timestamp=number * 40,
                metadata={"weather": "sunny", "camera": "front", "split": "train"},
                id=f"frame-{number:07d}",
            )

    with connect(url, token):
        version = DatasetVersion.get_version(version_id=version_id)
        _start_clock()
        return frames - len(version.add_frames(described(), progress=False))


def _planned_import(version_id: str, frames: int, url: str, token: str) -> int:
    """What `mattebox import --no-upload` does once it has its plan."""
    root = Path("/datasets")
    planned = [
        PlannedPicture(
            f"leftImg8bit/train/aachen/{name}_leftImg8bit.png",
            DatasetFile(root, f"leftImg8bit/train/aachen/{name}_leftImg8bit.png"),
            (PlannedMask("gtFine", DatasetFile(root, f"gtFine/train/aachen/{name}_gtFine_labelIds.png")),),
            f"drive_{number // 1000}",
        )
        for number, name in _names(frames)
    ]
    _start_clock()
    return asyncio.run(_register(version_id, ImportPlan(planned, frames, 2 * frames, []), url, token))


def _import(version_id: str, frames: int, url: str, token: str) -> int:
    """What `mattebox import cityscapes --no-upload` does: the files are found, paired and registered."""
    root = Path(mkdtemp(prefix="mbx-files-"))
    atexit.register(rmtree, root)
    for city in range(CITIES):
        for folder in ("leftImg8bit", "gtFine"):
            (root / folder / "train" / f"city{city}").mkdir(parents=True)
    for number, name in _names(frames):
        place = f"train/city{number % CITIES}/{name}"
        (root / "leftImg8bit" / f"{place}_leftImg8bit.png").touch()
        (root / "gtFine" / f"{place}_gtFine_labelIds.png").touch()
    _start_clock()
    return asyncio.run(_register(version_id, plan_cityscapes(root), url, token))


async def _register(version_id: str, plan: ImportPlan, url: str, token: str) -> int:
    async with Client(url, token) as client:
        quiet = Progress(lambda: None, lambda _frames: None)
        return (await register(client, version_id, plan, quiet, upload=False)).created


WAYS: dict[str, Callable[[str, int, str, str], int]] = {
    "raw": _raw,
    "documents": _documents,
    "single frames": _single_frames,
    "import with a plan": _planned_import,
    "import of files": _import,
}

_started: list[tuple[float, float, int]] = []


def _start_clock() -> None:
    """Begin to count: what was made before is not of the way."""
    _started.append((time.perf_counter(), time.process_time(), _peak_bytes()))


def _peak_bytes() -> int:
    # getrusage would also know of the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


async def _new_version(url: str, token: str, name: str) -> str:
    async with Client(url, token) as client:
        dataset = await client.create_dataset(name)
        return (await client.create_version(dataset.id, "v", metadata={"mask_labels": MASK_LABELS})).id


def main(way: str, frames: str, url: str, token: str) -> dict[str, Any]:
    """Send frames, and give what it cost."""
    version_id = asyncio.run(_new_version(url, token, f"{way} {time.time()}"))
    created = WAYS[way](version_id, int(frames), url, token)
    assert created == int(frames), f"{created} of {frames} frames were stored"
    ((started, processor, peak),) = _started
    return {
        "wall_s": time.perf_counter() - started,
        "processor_s": time.process_time() - processor,
        "memory_bytes": _peak_bytes() - peak,
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
