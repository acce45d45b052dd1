"""Small moving clips of every kind that decoding depends on, and what one pass over them shows."""

import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import av
import numpy as np

SIZE = (64, 48)
RATE = 20


class Kind(NamedTuple):
    """How a clip is encoded."""

    codec: str
    container: str = "mp4"
    options: Mapping[str, str] = {}
    key_frames: int | None = None
    b_frames: int | None = None
    moments_ms: Sequence[int] | None = None
    """Starts of the frames, of a clip of variable rate."""


def encode_clip(kind: Kind, frames: int = 40, size: tuple[int, int] = SIZE) -> bytes:
    """Encode a picture that moves."""
    body = io.BytesIO()
    with av.open(body, "w", format=kind.container) as output:
        stream: Any = output.add_stream(kind.codec, rate=RATE, options=dict(kind.options))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000 if kind.moments_ms else RATE)
        if kind.key_frames is not None:
            stream.codec_context.gop_size = kind.key_frames
        if kind.b_frames is not None:
            stream.codec_context.max_b_frames = kind.b_frames
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(_picture(number, size), format="rgb24")
            frame.pts = number if kind.moments_ms is None else kind.moments_ms[number]
            frame.time_base = stream.codec_context.time_base
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return body.getvalue()


def _picture(number: int, size: tuple[int, int]) -> np.ndarray:
    width, height = size
    squares = np.random.default_rng(7).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    picture = np.kron(np.roll(squares, number, axis=1), np.ones((8, 8, 1), np.uint8)).astype(np.uint8)
    picture[number % height] = 255
    picture[:, number % width, 0] = number * 4 % 256
    return picture


class Shown(NamedTuple):
    """One frame of a clip."""

    start_ms: float
    pixels: bytes


def one_pass(clip: bytes, container: str) -> list[Shown]:
    """Decode a whole clip from its start to its end."""
    with av.open(io.BytesIO(clip), "r", format=container) as opened:
        stream = opened.streams.video[0]
        assert stream.time_base is not None
        tick_ms = stream.time_base * 1000
        return [
            Shown(float(moment * tick_ms), frame.to_ndarray(format="rgb24").tobytes())
            for frame in opened.decode(stream)
            if (moment := frame.dts if frame.pts is None else frame.pts) is not None
        ]


def edited(clip: bytes, skipped_ticks: int) -> bytes:
    """Have the edit list of an MP4 begin later: the frames before that are decoded and not shown."""
    at = clip.index(b"elst") + 4 + 4 + 4
    media_time = int.from_bytes(clip[at + 4 : at + 8], "big")
    return clip[: at + 4] + (media_time + skipped_ticks).to_bytes(4, "big") + clip[at + 8 :]
