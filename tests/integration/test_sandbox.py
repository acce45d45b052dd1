"""The sandbox as the operating system sees it, and with the real drawing inside."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
from PIL import Image

from mattebox_renderer import render
from mattebox_renderer.child.wire import Request
from mattebox_renderer.fetch import Fetcher, open_fetcher
from mattebox_renderer.outcome import DrawCrashed, Drawn, DrawRefused, DrawTimeout
from mattebox_renderer.sandbox import DrawPool, open_pool
from mattebox_renderer.sandbox.process import ProcessGone, start_process
from mattebox_renderer.settings import Settings
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec
from support.drawing_child import PROGRAM
from support.fetched import fetched
from support.wait import wait_until

PARENT = """
import asyncio, sys
from mattebox_renderer.sandbox import open_pool
from mattebox_renderer.settings import Settings
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import RenderSpec, SourceSpec
sys.path.insert(0, sys.argv[1])
from support.drawing_child import PROGRAM
from support.fetched import fetched

async def main():
    async with open_pool(Settings(), program=PROGRAM) as pool:
        print("started", flush=True)
        await pool.draw(RenderSpec(source=SourceSpec(uri="spin")).encode(), fetched(b""), [], {})

asyncio.run(main())
"""


async def test_process_dies_with_its_parent() -> None:
    """A renderer that is killed leaves no process behind that goes on drawing."""
    parent = subprocess.Popen(  # noqa: ASYNC220 - it only starts here
        [sys.executable, "-c", PARENT, str(Path(__file__).parents[1])], stdout=subprocess.PIPE
    )
    try:
        assert parent.stdout is not None
        while b"started" not in await asyncio.to_thread(parent.stdout.readline):
            pass
    finally:
        children = psutil.Process(parent.pid).children()
        parent.kill()
        parent.communicate()
    assert len(children) == 1
    await wait_until(
        lambda: not children[0].is_running() or children[0].status() == psutil.STATUS_ZOMBIE,
        description="the drawing process is gone",
    )


async def test_processor_time_is_bounded() -> None:
    """Should its parent be stopped and no deadline come, the kernel ends a process that keeps computing."""
    process = start_process(Settings(deadline_s=0.1), PROGRAM)
    try:
        await process.greet()
        request = Request(RenderSpec(source=SourceSpec(uri="spin")).encode(), (1,), (), {})
        with fetched(b"x") as source, pytest.raises(ProcessGone):
            await process.exchange(request, [source.fd])
    finally:
        process.kill()
        words = await process.bury()
    assert words.startswith(f"exit {-signal.SIGXCPU}")


@pytest.fixture(scope="module")
def hostile_files(reference_data: Path) -> list[Path]:
    """A tenth of the damaged and malicious pictures and videos beside the reference data, and all bombs."""
    directory = reference_data.parent / "hostile"
    if not directory.is_dir():
        pytest.skip("no hostile files beside the reference data")
    files = sorted(path for path in directory.rglob("*") if path.is_file() and path.name != "README.md")
    return [path for number, path in enumerate(files) if number % 10 == 0 or "bombs" in path.parts]


@pytest.fixture
async def fetcher(tmp_path: Path) -> AsyncIterator[Fetcher]:
    """A fetcher that may read every local file."""
    async with open_fetcher(Settings(data=str(tmp_path), file_roots=("/",))) as fetcher:
        yield fetcher


async def draw_file(pool: DrawPool, fetcher: Fetcher, path: Path) -> Drawn:
    """Draw a file as a source, and over it the same file as an alpha mask."""
    mask = MaskSpec(id="0", uri=path.as_uri(), mode="alpha", opacity=1.0)
    spec = RenderSpec(source=SourceSpec(uri=path.as_uri()), masks=(mask,))
    with await fetcher.fetch(path.as_uri()) as source, await fetcher.fetch(path.as_uri()) as over:
        return await pool.draw(spec.encode(), source, [over], {})


async def test_drawing_inside_is_drawing_outside(fetcher: Fetcher, tmp_path: Path) -> None:
    """The sandbox changes nothing of a preview: the same bytes and report as drawn in this process."""
    path = tmp_path / "ramp.png"
    Image.fromarray(np.arange(64 * 48, dtype=np.uint16).reshape(48, 64).astype(np.uint8)).save(path)
    mask = MaskSpec(id="0", uri="file:///mask", mode="alpha", opacity=1.0)
    spec = RenderSpec(source=SourceSpec(uri="file:///source"), masks=(mask, mask))
    content, lost = path.read_bytes(), Failure("mask_not_found", mask="0")
    async with open_pool(Settings()) as pool:
        with fetched(content) as source:
            inside = await pool.draw(spec.encode(), source, [source, lost], {})
    assert inside == render.draw(spec, content, [content, lost], {})
    assert inside.state == "partial"


async def test_video_can_be_drawn_inside(fetcher: Fetcher, tmp_path: Path) -> None:
    """Whatever the video library needs is loaded before the process shuts itself out of the file system."""
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height = 64, 48
        for grey in (0, 100, 200):
            picture = np.full((48, 64, 3), grey, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    async with open_pool(Settings()) as pool:
        assert (await draw_file(pool, fetcher, path)).width == 64


@pytest.mark.reference
async def test_hostile_files_end_with_a_preview_or_a_code(fetcher: Fetcher, hostile_files: list[Path]) -> None:
    """No file that strangers made crashes a drawing process, holds it up or makes it grow."""
    trouble = []
    async with open_pool(Settings(children=2, deadline_s=10.0)) as pool:
        before = {process.pid for process in psutil.Process().children()}

        async def one(path: Path) -> None:
            try:
                await draw_file(pool, fetcher, path)
            except DrawRefused:
                pass
            except (DrawCrashed, DrawTimeout) as error:
                trouble.append((path.name, type(error).__name__))

        await asyncio.gather(*(one(path) for path in hostile_files))
        processes = psutil.Process().children()
        peaks_mb = [_peak_memory_mb(process.pid) for process in processes]
    assert trouble == []
    assert {process.pid for process in processes} == before
    assert max(peaks_mb) < 512


def _peak_memory_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024
