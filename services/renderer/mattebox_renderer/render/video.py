"""One frame of a video as a picture or as the values of a mask."""

import struct
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.clip import open_clip
from mattebox_renderer.render.images import TURNS, check_pixels
from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.sniff import Buffer
from mattebox_renderer.render.yuv import YuvSpace
from mattebox_runtime.media import VideoFormat

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_LOSSLESS: Final = frozenset(
    {"apng", "ffv1", "ffvhuff", "flashsv", "gif", "huffyuv", "lagarith", "magicyuv", "png", "qtrle", "rawvideo"}
    | {"utvideo", "zmbv"}
)
_PLANAR_YUV: Final = ("yuv420p", "yuv422p", "yuv444p", "yuvj420p", "yuvj422p", "yuvj444p", "nv12")
_THREE_PLANES: Final = _PLANAR_YUV[:-1]
_FULL_RANGE: Final = 2
_NEUTRAL: Final = range(127, 130)
"""Chroma of grey, with the last bit that codecs lose."""

_DISPLAY_MATRIX: Final = struct.Struct("=9i")
_ORIENTATIONS: Final = {
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}
"""EXIF orientations by the signs of the first two columns and rows of a display matrix (ISO/IEC 14496-12, 8.3.2)."""


Purpose = Literal["picture", "matte", "values"]
"""What a frame is read for: to be looked at, for its brightness, or for the labels that its values stand for."""


class VideoPicture(NamedTuple):
    """One decoded frame, upright."""

    image: Image.Image
    """L or I;16 of a grey mask; P of a grey mask in limited range: index = luma, palette = the grey it stands for;
    else RGB or RGBA, or with `space` channels Y, Cb, Cr in an RGB image."""
    pixel_format: str
    lossy: bool
    space: YuvSpace | None = None
    orientation: int = 1
    """Of the stored frame, as EXIF tells it."""


def read_frame(
    data: Buffer, container_format: VideoFormat, timestamp_ms: float | None, limits: Limits, *, purpose: Purpose
) -> VideoPicture:
    """Decode the last frame with pts ≤ `timestamp_ms`, the first frame for None.

    A timestamp from 0 up to a first frame that starts late means that frame.

    Raises:
        ContentRefused: `no_such_video_frame`, `too_many_pixels`, `unsupported_type` (sound only) or `not_an_image`.
    """
    with open_clip(data, container_format, limits) as clip:
        frame = clip.frame_at(timestamp_ms)
        check_pixels(frame.width, frame.height, limits)
        picture = _picture(frame, clip.codec, purpose)
        turn = _orientation(frame)
        if turn in TURNS:
            picture = picture._replace(image=picture.image.transpose(TURNS[turn]), orientation=turn)
        return picture


def _picture(frame: "VideoFrame", codec: str, purpose: Purpose) -> VideoPicture:
    name = frame.format.name
    exact_format = frame.format.is_rgb or name.startswith(("gray", "pal8", "mono"))
    lossy = not (codec in _LOSSLESS and exact_format)
    grey = None if purpose == "picture" else _grey_image(frame)
    if grey is None and purpose == "values" and name in _THREE_PLANES:
        return VideoPicture(_samples(frame), name, lossy, _space(frame))
    space = _space(frame) if grey is not None and grey.mode == "P" else None
    return VideoPicture(grey or _color_image(frame), name, lossy, space)


def _orientation(frame: "VideoFrame") -> int:
    """Tell how the container wants the frame turned; 1 for any angle but right ones."""
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None or matrix.buffer_size != _DISPLAY_MATRIX.size:
        return 1
    a, b, _, c, d, *_ = _DISPLAY_MATRIX.unpack(bytes(matrix))
    return _ORIENTATIONS.get(tuple((number > 0) - (number < 0) for number in (a, b, c, d)), 1)


def _color_image(frame: "VideoFrame") -> Image.Image:
    layout = "rgba" if any(component.is_alpha for component in frame.format.components) else "rgb24"
    return Image.fromarray(frame.to_ndarray(format=layout))


def _grey_image(frame: "VideoFrame") -> Image.Image | None:
    name = frame.format.name
    if name == "gray":
        return Image.fromarray(_plane(frame, 0, np.uint8))
    if name.startswith("gray") and name.endswith("le"):
        return Image.fromarray(_plane(frame, 0, np.uint16))
    if name in _PLANAR_YUV and all(_is_neutral(_plane(frame, i, np.uint8)) for i in range(1, len(frame.planes))):
        luma = Image.fromarray(_plane(frame, 0, np.uint8))
        if not _space(frame).full_range:
            luma.putpalette(_limited_range_greys())
        return luma
    return None


def _samples(frame: "VideoFrame") -> Image.Image:
    """Give Y, Cb and Cr of each pixel as they are stored: chroma of the nearest sample, never a mixture of two."""
    width, height = frame.width, frame.height
    planes = [_plane(frame, i, np.uint8) for i in range(3)]
    samples = np.empty((height, width, 3), np.uint8)
    for channel, plane in enumerate(planes):
        for axis, length in enumerate((height, width)):
            if plane.shape[axis] < length:
                plane = np.repeat(plane, -(-length // plane.shape[axis]), axis=axis)  # noqa: PLW2901
        samples[..., channel] = plane[:height, :width]
    return Image.fromarray(samples)


def _space(frame: "VideoFrame") -> YuvSpace:
    full_range = frame.format.name.startswith("yuvj") or frame.color_range == _FULL_RANGE
    return YuvSpace(int(frame.colorspace), full_range)


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
