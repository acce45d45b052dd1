"""Frames of videos are chosen by timestamp, and grey video masks keep their ids."""

import io
import mmap
import struct
import tempfile
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from mattebox_renderer.outcome import DrawRefused
from mattebox_renderer.render import Limits
from support.masks import blocks, drawn, encoded, labelled, matte, noise, pixels
from support.naive import NaiveEntry

RED = (255, 0, 0)
SIZE = (64, 48)
SHADES = [20, 60, 100, 140, 180, 220]


def video(
    frames: list[np.ndarray],
    container: str = "mp4",
    codec: str = "mpeg4",
    layout: str = "yuv420p",
    rate: int = 20,
    *,
    options: dict[str, str] | None = None,
) -> bytes:
    """Encode (h, w) grey or (h, w, 3) colour frames."""
    body = io.BytesIO()
    with av.open(body, "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *SIZE, layout
        stream.options = options or {}
        stream.time_base = Fraction(1, rate)
        for number, pixel_rows in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixel_rows, format="gray" if pixel_rows.ndim == 2 else "rgb24")
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return body.getvalue()


FLAT = [np.full((SIZE[1], SIZE[0], 3), shade, np.uint8) for shade in SHADES]
CLIP = video(FLAT)


def shown(data: bytes | mmap.mmap, timestamp: float | None) -> int:
    """Give the index of the frame drawn."""
    shade = pixels(drawn(data, source_fields={"timestamp": timestamp})).mean()
    return int(np.argmin(np.abs(np.array(SHADES) - shade)))


@pytest.mark.parametrize(
    ("timestamp", "frame"), [(None, 0), (0, 0), (49.9, 0), (50, 1), (99, 1), (100, 2), (250, 5), (299.9, 5)]
)
@pytest.mark.parametrize(("container", "codec"), [("mp4", "mpeg4"), ("matroska", "ffv1"), ("avi", "mpeg4")])
def test_the_frame_whose_interval_holds_the_timestamp_is_drawn(
    container: str, codec: str, timestamp: float | None, frame: int
) -> None:
    """20 frames a second: a new one starts every 50 ms."""
    assert shown(video(FLAT, container, codec), timestamp) == frame


def test_timestamps_of_rates_that_are_no_whole_milliseconds_hit_their_frame() -> None:
    """1000 / 30 ms is a little less in binary than the frame's start."""
    clip = video(FLAT, rate=30)
    assert [shown(clip, number * 1000 / 30) for number in range(6)] == list(range(6))


def turned(clip: bytes, matrix: tuple[int, int, int, int]) -> bytes:
    """Have an MP4 ask players to turn its picture, as phones do."""
    upright = struct.pack(">5i", 1 << 16, 0, 0, 0, 1 << 16)
    a, b, c, d = (number << 16 for number in matrix)
    at = clip.index(upright, clip.index(b"tkhd"))
    return clip[:at] + struct.pack(">5i", a, b, 0, c, d) + clip[at + len(upright) :]


@pytest.mark.parametrize(
    ("matrix", "orientation"),
    [
        ((-1, 0, 0, 1), 2),
        ((-1, 0, 0, -1), 3),
        ((1, 0, 0, -1), 4),
        ((0, 1, 1, 0), 5),
        ((0, 1, -1, 0), 6),
        ((0, -1, -1, 0), 7),
        ((0, -1, 1, 0), 8),
    ],
)
def test_a_video_that_players_turn_is_turned_and_so_is_its_mask(
    matrix: tuple[int, int, int, int], orientation: int
) -> None:
    """As a still with that EXIF orientation, and a mask in the stored geometry."""
    ids = blocks(*SIZE, [0, 1])
    clip = turned(video([noise(*SIZE)], codec="libx264", layout="yuv420p", options={"qp": "0"}), matrix)
    exif = Image.Exif()
    exif[0x0112] = orientation
    with av.open(io.BytesIO(clip), "r") as opened:
        (stored,) = (frame.to_ndarray(format="rgb24") for frame in opened.decode(video=0))
    still = encoded(stored, exif=exif)
    masks = [labelled(encoded(ids), [NaiveEntry(1, RED)])] if orientation >= 5 else []
    assert np.array_equal(pixels(drawn(clip, *masks)), pixels(drawn(still, *masks)))


@pytest.mark.parametrize("timestamp", [-1, 300, 1e9])
def test_a_timestamp_outside_the_video_is_refused(timestamp: float) -> None:
    """The last frame ends where the next one would start."""
    with pytest.raises(DrawRefused, match="no_such_video_frame"):
        shown(CLIP, timestamp)


def test_a_mapped_file_is_drawn_like_bytes() -> None:
    """The drawing process maps the files it is handed."""
    with tempfile.TemporaryFile() as file:
        file.write(CLIP)
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert [shown(mapped, 100), shown(mapped, 0)] == [2, 0]


def test_broken_and_oversized_videos_are_refused() -> None:
    """Neither is decoded further than its header."""
    with pytest.raises(DrawRefused, match="not_an_image"):
        drawn(CLIP[:600])
    with pytest.raises(DrawRefused, match="too_many_pixels"):
        drawn(CLIP, limits=Limits(max_pixels=1000))


def test_ids_of_a_lossless_grey_video_are_exact() -> None:
    """Luma is read as it lies there, not through a conversion to RGB."""
    ids = [blocks(*SIZE, [0, 1, 2, 200], seed=number) for number in range(3)]
    data = video(ids, "matroska", "ffv1", "gray")
    entries = [NaiveEntry((i, i, i), RED) for i in (1, 2, 200)]
    preview = drawn(encoded(FLAT[0]), labelled(data, entries, timestamp=50))
    (report,) = preview.report["masks"]
    assert not report["lossy"]
    assert {label["value"][0]: label["pixels"] for label in report["labels"]} == {
        i: int((ids[1] == i).sum()) for i in (1, 2, 200)
    }


def test_grey_stored_in_limited_range_is_read_by_what_fits_the_labels() -> None:
    """Grey frames converted to yuv420p hold 16..235: the palette of greys maps them back, for labels and for mattes."""
    levels = [0, 64, 128, 255]
    ids = np.kron(blocks(8, 6, levels), np.ones((8, 8), np.uint8)).astype(np.uint8)
    data = video([np.repeat(ids[..., None], 3, axis=2)], "matroska", "ffv1", "yuv420p")
    preview = drawn(encoded(FLAT[0]), labelled(data, [NaiveEntry((v, v, v), RED) for v in levels]))
    (report,) = preview.report["masks"]
    assert {label["value"][0]: label["pixels"] for label in report["labels"]} == {
        v: int((ids == v).sum()) for v in levels if (ids == v).any()
    }
    white = video([np.full((*SIZE[::-1], 3), 255, np.uint8)], "matroska", "ffv1", "yuv420p")
    assert (pixels(drawn(encoded(FLAT[0]), matte(white))) == SHADES[0]).all()


@pytest.mark.parametrize("count", [2, 12, 19, 40])
def test_ids_stored_as_they_are_in_luma_are_not_taken_for_limited_range(count: int) -> None:
    """FFmpeg reads grey H.264 as yuv420p without a range: of its greys, 0..16 would all be black, a declared value."""
    ids = np.kron(np.arange(48, dtype=np.uint8).reshape(6, 8) % count, np.ones((8, 8), np.uint8)).astype(np.uint8)
    data = video([ids], "matroska", "libx264", "gray", options={"qp": "0"})
    preview = drawn(encoded(FLAT[0]), labelled(data, [NaiveEntry((v, v, v), RED) for v in range(count)]))
    (report,) = preview.report["masks"]
    assert report["encoding"] == "index"
    assert {label["value"][0]: label["pixels"] for label in report["labels"]} == {
        v: int((ids == v).sum()) for v in range(count)
    }


def test_a_colour_mask_video_is_snapped() -> None:
    """MPEG-4 changes the colours around borders; the labels still come through."""
    colors = np.array([(0, 0, 0), (220, 20, 60), (20, 60, 220)], np.uint8)
    ids = np.roll(np.kron(blocks(4, 3, [0, 1, 2]), np.ones((16, 16), np.uint8)).astype(np.uint8), 5, axis=(0, 1))
    entries = [NaiveEntry(tuple(int(c) for c in color), RED) for color in colors]
    preview = drawn(encoded(FLAT[0]), labelled(video([colors[ids]]), entries))
    (report,) = preview.report["masks"]
    assert report["lossy"]
    assert report["snapped"]["share"] < 0.2
    assert report["unmapped"]["share"] < 0.2


def test_a_file_of_sound_alone_is_unsupported() -> None:
    """It is an MP4 without a picture."""
    body = io.BytesIO()
    with av.open(body, "w", format="mp4") as output:
        stream = output.add_stream("aac", rate=44100)
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        frame.sample_rate, frame.pts = 44100, 0
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    with pytest.raises(DrawRefused) as refusal:
        drawn(body.getvalue())
    assert (refusal.value.code, refusal.value.state) == ("unsupported_type", "unsupported")
