"""A batch of frames of one clip against one pass over it, and against opening the clip anew for each frame.

Processor time, since decoding runs in one thread: first of decoding alone, inside this process; then of whole previews
(640 px, WebP) in a drawing process, as the renderer has them made.
"""

import asyncio
import io
import mmap
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import av
import numpy as np
import psutil

from benchmarks.report import Report, Row, median
from mattebox_renderer.fetch import Fetched
from mattebox_renderer.fetch.content import Download
from mattebox_renderer.render.clip import ClipFile
from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.video import read_frame
from mattebox_renderer.sandbox import open_pool
from mattebox_renderer.settings import Settings
from mattebox_runtime.demo.street import draw_street_frame
from mattebox_runtime.spec import RenderSpec, SourceSpec

FRAMES = 60
RATE = 25
SIZE = (1280, 720)
ROUNDS = 3
PIXELS_A_FRAME = 4
"""The camera turns by so many."""

CLIPS = {
    "one key frame": "keyint=1000:bframes=3:scenecut=0",
    "a key frame every 12": "keyint=12:min-keyint=12:bframes=2:scenecut=0",
}


class _Times(NamedTuple):
    """Processor seconds of each way, over the rounds."""

    floor: list[float]
    ours: list[float]
    fresh: list[float]


def run() -> Report:
    """Measure both kinds of clip."""
    rows: list[Row] = []
    for name, parameters in CLIPS.items():
        clip = _encode(parameters)
        rows += _rows(f"decode ({name})", _measure_decoding(clip), "one pass by PyAV", bar="about 1")
        rows += _rows(f"preview ({name})", asyncio.run(_measure_previews(clip)), "one pass, and as many stills")
    return Report("video", f"{FRAMES} frames of one H.264 clip of {SIZE[0]}x{SIZE[1]}, per frame", rows)


def _rows(name: str, times: _Times, floor: str, bar: str = "") -> list[Row]:
    best = median(times.floor)
    return [
        Row(f"{name}: floor", _ms(times.floor), "ms", 1.0, floor),
        Row(f"{name}: frames in turn", _ms(times.ours), "ms", median(times.ours) / best, floor, bar),
        Row(f"{name}: each anew", _ms(times.fresh), "ms", median(times.fresh) / best, floor, note="how it was before"),
    ]


def _ms(times: Sequence[float]) -> float:
    return median(times) / FRAMES * 1000


def _measure_decoding(clip: bytes) -> _Times:
    times = _Times([], [], [])
    for _ in range(ROUNDS):
        times.floor.append(_spent(lambda: _one_pass(clip)))
        times.ours.append(_spent(lambda: _in_turn(clip)))
        times.fresh.append(_spent(lambda: [_read(clip, number) for number in range(FRAMES)]))
    return times


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _one_pass(clip: bytes) -> None:
    with av.open(io.BytesIO(clip), format="mp4") as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for frame in container.decode(stream):
            frame.to_image()


def _in_turn(clip: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(clip)
        file.flush()
        mapped = ClipFile(file.fileno(), len(clip), prot=mmap.PROT_READ)
        for number in range(FRAMES):
            _read(mapped, number)
        mapped.forget()


def _read(clip: bytes | ClipFile, number: int) -> None:
    read_frame(clip, "mp4", number * 1000 / RATE, Limits(), purpose="picture")


async def _measure_previews(clip: bytes) -> _Times:
    """Draw the frames of the clip, and for the floor one frame of it as often as a still."""
    still = _still(clip)
    times = _Times([], [], [])
    async with open_pool(Settings()) as pool:
        (child,) = (child for child in psutil.Process().children() if "mattebox_renderer.child" in child.cmdline())

        async def draw(file: Fetched, timestamp: float | None) -> None:
            await pool.draw(RenderSpec(SourceSpec("file:///source", timestamp)).encode(), file, [], {})

        async def spent(contents: Sequence[bytes], *, moving: bool) -> float:
            began = sum(child.cpu_times()[:2])
            files = [_file(content) for content in contents]
            for number in range(FRAMES):
                await draw(files[number % len(files)], number * 1000 / RATE if moving else None)
            for file in files:
                file.close()
            return sum(child.cpu_times()[:2]) - began

        for _ in range(ROUNDS):
            decoded_s = _spent(lambda: _one_pass(clip))
            times.floor.append(decoded_s + await spent([still], moving=False))
            times.ours.append(await spent([clip], moving=True))
            # Each time another file, for all that the process knows.
            times.fresh.append(await spent([clip] * FRAMES, moving=True))
    return times


def _file(content: bytes) -> Fetched:
    with Download(len(content)) as download:
        download.write(content)
        return download.finish()


def _still(clip: bytes) -> bytes:
    """Give a frame as a BMP: next to no decoding."""
    body = io.BytesIO()
    read_frame(clip, "mp4", None, Limits(), purpose="picture").image.save(body, "BMP")
    return body.getvalue()


def _encode(parameters: str) -> bytes:
    street = np.asarray(draw_street_frame(0, SIZE).picture)
    body = io.BytesIO()
    with av.open(body, "w", format="mp4") as output:
        stream = output.add_stream("libx264", rate=RATE, options={"crf": "23", "x264-params": parameters})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(np.roll(street, -number * PIXELS_A_FRAME, axis=1), format="rgb24")
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return body.getvalue()
