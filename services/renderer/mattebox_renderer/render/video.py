"""One frame of a video, decoded by PyAV without trusting the file: fixed demuxer, no protocols, no threads."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.images import as_file, check_pixels
from mattebox_renderer.render.limits import DECODE_ERRORS, ContentRefused, Limits
from mattebox_renderer.render.sniff import Buffer, VideoFormat

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_LOSSLESS: Final = frozenset(
    {"apng", "ffv1", "ffvhuff", "flashsv", "gif", "huffyuv", "lagarith", "magicyuv", "png", "qtrle", "rawvideo"}
    | {"utvideo", "zmbv"}
)
_PLANAR_YUV: Final = ("yuv420p", "yuv422p", "yuv444p", "yuvj420p", "yuvj422p", "yuvj444p", "nv12")
_FULL_RANGE: Final = 2
_NEUTRAL: Final = range(127, 130)
"""Chroma of grey, with the last bit that codecs lose."""
_FLOAT_ERROR_S: Final = Fraction(1, 1_000_000)
"""Timestamps such as 1000/30 ms are not exact in binary: a frame that starts within a microsecond has started."""


class VideoPicture(NamedTuple):
    """One decoded frame."""

    image: Image.Image
    """L or I;16 of a grey mask; P of a grey mask in limited range: index = luma, palette = the grey it stands for;
    else RGB or RGBA."""
    pixel_format: str
    lossy: bool


def read_frame(
    data: Buffer, container_format: VideoFormat, timestamp_ms: float | None, limits: Limits, *, as_mask: bool
) -> VideoPicture:
    """Decode the last frame with pts ≤ `timestamp_ms`, the first frame for None.

    A timestamp from 0 up to a first frame that starts late means that frame.

    Raises:
        ContentRefused: `no_such_video_frame`, `too_many_pixels`, `unsupported_type` (sound only) or `not_an_image`.
    """
    with _opened(data, container_format) as container:
        stream = _video_stream(container, limits)
        frame = _frame_at(container, stream, timestamp_ms)
        check_pixels(frame.width, frame.height, limits)
        image = _mask_image(frame) if as_mask else _color_image(frame)
        exact_format = frame.format.is_rgb or frame.format.name.startswith(("gray", "pal8", "mono"))
        lossy = not (stream.codec_context.name in _LOSSLESS and exact_format)
        return VideoPicture(image, frame.format.name, lossy)


@contextmanager
def _opened(data: Buffer, container_format: VideoFormat) -> Iterator["InputContainer"]:
    # FFmpeg is 40 ms and 60 MB that pictures do not need.
    import av  # noqa: PLC0415

    try:
        # The data protocol alone, so that no demuxer opens a file or an address that the bytes name.
        options = {"protocol_whitelist": "data"}
        with av.open(as_file(data), mode="r", format=container_format, options=options) as container:
            yield container
    except (av.FFmpegError, *DECODE_ERRORS) as error:
        raise ContentRefused("not_an_image") from error


def _video_stream(container: "InputContainer", limits: Limits) -> "VideoStream":
    if not container.streams.video:
        raise ContentRefused("unsupported_type" if container.streams.audio else "not_an_image")
    stream = container.streams.video[0]
    context = stream.codec_context
    check_pixels(context.width, context.height, limits)
    context.thread_count = 1
    # As an option of the container this would not be heeded.
    context.options = {"max_pixels": str(limits.max_pixels)}
    return stream


def _frame_at(container: "InputContainer", stream: "VideoStream", timestamp_ms: float | None) -> "VideoFrame":
    if timestamp_ms is None:
        return _first(container.decode(stream))
    target = Fraction(timestamp_ms) / 1000
    if target < 0:
        raise ContentRefused("no_such_video_frame")
    frame, ended = _last_started(_frames_from(container, stream, target), target)
    if frame is None:
        container.seek(0)
        return _first(container.decode(stream))
    if ended and target >= _start(frame) + _duration(frame, stream):
        raise ContentRefused("no_such_video_frame")
    return frame


def _frames_from(container: "InputContainer", stream: "VideoStream", target: Fraction) -> Iterator["VideoFrame"]:
    """Decode from the key frame before `target`, or from the start where the index leads past it."""
    if stream.time_base is None:
        raise ContentRefused("not_an_image")
    container.seek(int(target / stream.time_base), stream=stream)
    frames = container.decode(stream)
    first = next(frames, None)
    if first is not None and _start(first) <= target + _FLOAT_ERROR_S:
        yield first
        yield from frames
        return
    container.seek(0)
    yield from container.decode(stream)


def _last_started(frames: Iterable["VideoFrame"], target: Fraction) -> tuple["VideoFrame | None", bool]:
    """Give the last frame that has started at `target`, and whether the video ended before another one did."""
    found = None
    for frame in frames:
        if _start(frame) > target + _FLOAT_ERROR_S:
            return found, False
        found = frame
    return found, True


def _first(frames: Iterable["VideoFrame"]) -> "VideoFrame":
    for frame in frames:
        return frame
    raise ContentRefused("no_such_video_frame")


def _start(frame: "VideoFrame") -> Fraction:
    ticks = frame.pts if frame.pts is not None else frame.dts
    if ticks is None or frame.time_base is None:
        raise ContentRefused("not_an_image")
    return ticks * frame.time_base


def _duration(frame: "VideoFrame", stream: "VideoStream") -> Fraction:
    if frame.duration and frame.time_base is not None:
        return frame.duration * frame.time_base
    rate = stream.average_rate
    return 1 / rate if rate else Fraction(0)


def _color_image(frame: "VideoFrame") -> Image.Image:
    layout = "rgba" if any(component.is_alpha for component in frame.format.components) else "rgb24"
    return Image.fromarray(frame.to_ndarray(format=layout))


def _mask_image(frame: "VideoFrame") -> Image.Image:
    name = frame.format.name
    if name == "gray":
        return Image.fromarray(_plane(frame, 0, np.uint8))
    if name.startswith("gray") and name.endswith("le"):
        return Image.fromarray(_plane(frame, 0, np.uint16))
    if name in _PLANAR_YUV and all(_is_neutral(_plane(frame, i, np.uint8)) for i in range(1, len(frame.planes))):
        luma = Image.fromarray(_plane(frame, 0, np.uint8))
        if not name.startswith("yuvj") and frame.color_range != _FULL_RANGE:
            luma.putpalette(_limited_range_greys())
        return luma
    return _color_image(frame)


def _plane(frame: "VideoFrame", index: int, dtype: type[Any]) -> npt.NDArray[Any]:
    """Give one plane without the padding at the end of its lines."""
    plane = frame.planes[index]
    lines = np.frombuffer(memoryview(plane), dtype=dtype).reshape(-1, plane.line_size // np.dtype(dtype).itemsize)
    # The two chroma components of NV12 share one plane of half the width.
    samples = frame.width if plane.width == frame.width else plane.line_size // np.dtype(dtype).itemsize
    return np.ascontiguousarray(lines[: plane.height, : min(samples, max(plane.width, 1))])


def _is_neutral(chroma: npt.NDArray[np.uint8]) -> bool:
    return chroma.size > 0 and int(chroma.min()) in _NEUTRAL and int(chroma.max()) in _NEUTRAL


def _limited_range_greys() -> bytes:
    """Give the palette of luma 16..235 spread over 0..255 (ITU-R BT.601 limited range)."""
    luma = np.arange(256, dtype=np.float64)
    greys = np.clip(np.rint((luma - 16) * 255 / 219), 0, 255).astype(np.uint8)
    return np.repeat(greys, 3).tobytes()
