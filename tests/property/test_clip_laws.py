"""Whatever was read from a clip before, a timestamp gives the frame that one pass over the whole clip shows there."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mattebox_renderer.render.clip import ClipFile
from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.video import read_frame
from mattebox_runtime.media import HEAD_BYTES, video_format
from support.clips import Kind, Shown, edited, encode_clip, one_pass

MICROSECOND = 0.001
"""A frame that starts within it has started: times such as 1000/30 ms are not exact in binary."""

UNEVEN_MS = np.cumsum(np.random.default_rng(3).integers(5, 130, 40)).tolist()
_OPEN = "keyint=12:min-keyint=12:open-gop=1:bframes=3:scenecut=0"

KINDS = {
    "B-frames": Kind("libx264", options={"g": "12", "bf": "3", "b-pyramid": "normal"}),
    "B-frames of MPEG-4": Kind("mpeg4", key_frames=10, b_frames=2),
    "B-frames of MPEG-4 without pts": Kind("mpeg4", "avi", key_frames=10, b_frames=2),
    "open groups": Kind("libx264", options={"x264-params": _OPEN}),
    "open groups in Matroska": Kind("libx264", "matroska", {"x264-params": _OPEN}),
    "open groups of HEVC": Kind("libx265", options={"x265-params": _OPEN + ":log-level=none"}),
    "one key frame": Kind("libx264", options={"x264-params": "keyint=1000:bframes=3"}),
    "no key frames but the first": Kind(
        "libx264", options={"x264-params": "keyint=12:intra-refresh=1:bframes=0:scenecut=0"}
    ),
    "variable rate": Kind("libx264", options={"g": "12", "bf": "3"}, moments_ms=UNEVEN_MS),
    "variable rate in Matroska": Kind("libx264", "matroska", {"g": "12", "bf": "3"}, moments_ms=UNEVEN_MS),
    "hidden frames": Kind("libvpx-vp9", "matroska", {"g": "12", "cpu-used": "8", "deadline": "realtime"}),
    "key frames only": Kind("ffv1", "matroska", {"g": "1"}),
    "an edit list": Kind("libx264", options={"g": "12", "bf": "3"}),
    "an edit list without B-frames": Kind("libx264", options={"g": "12", "bf": "0"}),
}


@cache
def clip_of(name: str) -> tuple[bytes, list[Shown]]:
    """Give a clip and the pass over it."""
    kind = KINDS[name]
    clip = encode_clip(kind)
    if "edit list" in name:
        # Into the second group of pictures, and into the middle of a frame.
        clip = edited(clip, 15 * 512 + 100)
    return clip, one_pass(clip, kind.container)


@contextmanager
def clip_file(clip: bytes) -> Iterator[ClipFile]:
    """Map a clip as a drawing process does."""
    with tempfile.TemporaryFile() as file:
        file.write(clip)
        file.flush()
        mapped = ClipFile(file.fileno(), len(clip))
        try:
            yield mapped
        finally:
            mapped.forget()
            mapped.close()


def frame_bytes(file: ClipFile, timestamp: float) -> bytes:
    """Give the pixels that are drawn at a timestamp."""
    kind = video_format(file[:HEAD_BYTES])
    assert kind is not None
    return read_frame(file, kind, timestamp, Limits(), purpose="picture").image.tobytes()


def read_in_order(clip: bytes, shown: list[Shown], order: list[int]) -> None:
    """Read frames in an order; every one is that of the pass."""
    with clip_file(clip) as file:
        for number in order:
            assert frame_bytes(file, shown[number].start_ms) == shown[number].pixels, f"frame {number} of {order}"


@pytest.mark.parametrize("name", KINDS)
def test_forward_and_backward_every_frame_is_that_of_one_pass(name: str) -> None:
    clip, shown = clip_of(name)
    assert len(shown) > 20
    for order in (range(len(shown)), reversed(range(len(shown))), range(0, len(shown), 7)):
        read_in_order(clip, shown, list(order))


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=15)
@example([0.999, 0.0, 0.5, 0.49, 0.999])
@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=12))
def test_in_any_order_every_moment_is_that_of_one_pass(name: str, moments: list[float]) -> None:
    """Any moment between two frames shows the first of them; one before the first frame shows that."""
    clip, shown = clip_of(name)
    end_ms = shown[-1].start_ms
    with clip_file(clip) as file:
        for moment in moments:
            timestamp = moment * end_ms
            expected = max((frame for frame in shown if frame.start_ms <= timestamp + MICROSECOND), default=shown[0])
            assert frame_bytes(file, timestamp) == expected.pixels


@pytest.mark.reference
@pytest.mark.parametrize("path", ["images/input_video.mp4", "masks/segmentation.mp4"])
def test_frames_of_real_clips_are_those_of_one_pass(reference_data: Path, path: str) -> None:
    """One key frame and B-frames in H.264, a key frame every twelve in MPEG-4; on, in leaps and back."""
    clip = (reference_data / "video_cosmos_robot" / path).read_bytes()
    shown = one_pass(clip, "mp4")
    read_in_order(clip, shown, [*range(100), 50, 49, 63, 0])
