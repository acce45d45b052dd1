"""The drive as a video, and its masks as a lossless one."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from mattebox_runtime.demo.labels import LABELS
from mattebox_runtime.demo.street import FRAMES_PER_SECOND, draw_street_frame

SIZE = (640, 360)
_FIRST = 400
"""Another stretch of the street than the stills show."""

# Without the library's own marks the same frames give the same bytes.
_EXACT_FILE = {"fflags": "+bitexact"}
_EXACT_STREAM = {"flags": "+bitexact"}

_VALUES = np.array([label.value for label in LABELS], np.uint8)


def label_colors(classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Give the RGB mask of class ids: (height, width) to (height, width, 3)."""
    return _VALUES[classes]


def write_clip(video: Path, masks: Path, frames: int, *, seed: int, progress: Callable[[], None]) -> list[float]:
    """Draw a clip as H.264 in MP4 and its masks as RGB FFV1 in Matroska; give each frame's timestamp in ms."""
    with (
        av.open(str(video), "w", format="mp4", options=_EXACT_FILE) as picture_file,
        av.open(str(masks), "w", format="matroska", options=_EXACT_FILE) as mask_file,
    ):
        pictures = _Track(picture_file, "libx264", "yuv420p", {"crf": "20", "preset": "veryfast", "threads": "1"})
        values = _Track(mask_file, "ffv1", "bgr0", {"level": "3", "threads": "1"})
        for number in range(frames):
            frame = draw_street_frame(_FIRST + number, SIZE, seed=seed)
            pictures.add(np.asarray(frame.picture))
            values.add(label_colors(frame.labels))
            progress()
        pictures.finish()
        values.finish()
    return [number * 1000 / FRAMES_PER_SECOND for number in range(frames)]


class _Track:
    def __init__(
        self, container: av.container.OutputContainer, codec: str, pixel_format: str, options: dict[str, str]
    ) -> None:
        self._container = container
        stream = container.add_stream(codec, rate=FRAMES_PER_SECOND, options=options | _EXACT_STREAM)
        assert isinstance(stream, av.VideoStream)  # noqa: S101 - both codecs are video
        stream.width, stream.height = SIZE
        stream.pix_fmt = pixel_format
        stream.time_base = Fraction(1, FRAMES_PER_SECOND)
        self._stream = stream
        self._count = 0

    def add(self, pixels: npt.NDArray[np.uint8]) -> None:
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=self._stream.pix_fmt)
        frame.pts, frame.time_base = self._count, Fraction(1, FRAMES_PER_SECOND)
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self._container.mux(self._stream.encode(None))
