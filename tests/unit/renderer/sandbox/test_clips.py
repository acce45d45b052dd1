"""Videos stay open in a drawing process between its draws: bounded, and without any say in what is drawn."""

import asyncio
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import IO

import pytest

from mattebox_renderer.child import files as files_module
from mattebox_renderer.child.files import Files
from mattebox_renderer.child.terms import MAX_CLIPS
from mattebox_renderer.fetch import Fetched
from mattebox_renderer.outcome import DrawRefused
from mattebox_renderer.render.clip import ClipFile
from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.video import read_frame
from mattebox_renderer.sandbox import DrawPool, open_pool
from mattebox_renderer.sandbox.queue import MAX_OVERTAKEN
from mattebox_renderer.settings import Settings
from mattebox_runtime.spec import RenderSpec, SourceSpec
from support.clips import Kind, encode_clip
from support.drawing_child import PROGRAM
from support.fetched import fetched
from support.masks import drawn, encoded, noise

CLIP = encode_clip(Kind("mpeg4", key_frames=10))
OTHER = encode_clip(Kind("mpeg4", key_frames=10), size=(96, 64))
ROOMY = 2**30


@contextmanager
def stored(content: bytes) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        yield file


def read_video(files: Files, file: IO[bytes], timestamp: float = 0.0) -> ClipFile:
    """Do what a draw of a video does."""
    content = files.read(file.fileno(), os.fstat(file.fileno()).st_size)
    assert isinstance(content, ClipFile)
    read_frame(content, "mp4", timestamp, Limits(), purpose="picture")
    files.end_draw()
    return content


def test_a_video_stays_open_and_a_picture_does_not() -> None:
    files = Files(ROOMY)
    with stored(CLIP) as clip, stored(encoded(noise(300, 300))) as picture:
        first = read_video(files, clip)
        files.read(picture.fileno(), os.fstat(picture.fileno()).st_size)
        files.end_draw()
        assert read_video(files, clip, 500) is first
        files.forget()
        assert read_video(files, clip) is not first


def test_a_file_that_changed_is_another_one() -> None:
    files = Files(ROOMY)
    with stored(CLIP) as file:
        first = read_video(files, file)
        os.utime(file.fileno(), ns=(0, 1))
        assert read_video(files, file) is not first


def test_one_file_twice_in_a_draw_is_read_once() -> None:
    """A video that is its own mask, at the same moment or another."""
    files = Files(ROOMY)
    with stored(CLIP) as file:
        size = os.fstat(file.fileno()).st_size
        assert files.read(file.fileno(), size) is files.read(file.fileno(), size)


def test_only_so_many_stay_open_the_last_ones() -> None:
    files = Files(ROOMY)
    with stored(CLIP) as first, stored(OTHER) as second:
        kept = read_video(files, first)
        for _ in range(MAX_CLIPS):
            with stored(CLIP) as more:
                read_video(files, more)
        assert kept.clip is None
        newest = read_video(files, second)
        assert read_video(files, second) is newest


def test_what_takes_too_much_memory_is_not_kept() -> None:
    files = Files(len(CLIP))
    with stored(CLIP) as file:
        assert read_video(files, file).clip is None
        assert not files.keeps_any


def test_what_was_not_asked_for_in_a_while_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of the next draw, whatever that is."""
    monkeypatch.setattr(files_module, "KEEP_S", -1.0)
    files = Files(ROOMY)
    with stored(CLIP) as file:
        assert read_video(files, file).clip is None


def spec(timestamp: float) -> bytes:
    return RenderSpec(SourceSpec("file:///clip.mp4", timestamp), size=None, format="png").encode()


async def draw(pool: DrawPool, content: Fetched, timestamp: float) -> bytes:
    return (await pool.draw(spec(timestamp), content, [], {})).body


async def test_frames_drawn_from_an_open_clip_are_those_of_a_fresh_one() -> None:
    """In any order, and after draws that were refused or of another clip."""
    async with open_pool(Settings()) as pool:
        with fetched(CLIP) as clip, fetched(OTHER) as other:
            for timestamp in (0, 50, 60, 1500, 100, 1999):
                expected = drawn(CLIP, source_fields={"timestamp": timestamp}).body
                assert await draw(pool, clip, timestamp) == expected
                with pytest.raises(DrawRefused, match="no_such_video_frame"):
                    await draw(pool, clip, 2000)
                await draw(pool, other, timestamp)
                assert await draw(pool, clip, timestamp) == expected


async def test_a_clip_replaced_under_its_name_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    async with open_pool(Settings()) as pool:
        for content in (CLIP, OTHER):
            path.with_suffix(".new").write_bytes(content)
            path.with_suffix(".new").rename(path)
            handle = os.open(path, os.O_RDONLY)
            with Fetched(handle, len(content)) as file:
                assert await draw(pool, file, 100) == drawn(content, source_fields={"timestamp": 100}).body


async def test_frames_of_a_clip_gather_in_one_process_in_the_order_of_the_clip() -> None:
    """However the frames of two clips were asked for, but for the few that were overtaken too often."""
    reached: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    async with open_pool(Settings(children=2), program=PROGRAM) as pool:

        async def draw_one(clip: str, number: int) -> None:
            deed = RenderSpec(SourceSpec(f"pid:{clip}", number * 40.0)).encode()
            with fetched(b"") as nothing:
                pid = (await pool.draw(deed, nothing, [], {})).report["told"]
            reached[pid].append((f"pid:{clip}", number))

        await asyncio.gather(*(draw_one(clip, number) for number in reversed(range(40)) for clip in "ab"))
    assert sorted(each for frames in reached.values() for each in frames) == sorted(
        (f"pid:{clip}", number) for number in range(40) for clip in "ab"
    )
    few = 2 * 80 // MAX_OVERTAKEN + 4
    steps = [step for frames in reached.values() for step in pairwise(frames)]
    assert sum(clip != after for (clip, _), (after, _) in steps) <= few
    assert sum(clip == after and number > later for (clip, number), (after, later) in steps) <= few
