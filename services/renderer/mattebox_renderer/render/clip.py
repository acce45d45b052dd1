"""Decoding of videos by PyAV without trusting the file: fixed demuxer, no protocols, no threads.

A video can stay open, so that its next frame costs one frame of decoding and not all since the key frame.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from mmap import mmap
from typing import TYPE_CHECKING, Final

from mattebox_renderer.render.images import as_file, check_pixels
from mattebox_renderer.render.limits import DECODE_ERRORS, ContentRefused, Limits
from mattebox_renderer.render.sniff import Buffer
from mattebox_runtime.media import VideoFormat

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_FLOAT_ERROR_S: Final = Fraction(1, 1_000_000)
"""Timestamps such as 1000/30 ms are not exact in binary: a frame that starts within a microsecond has started."""


class Clip:
    """Frames of one video by timestamp: in any order, and cheapest in the order of the video.

    Decoding begins at a key frame, or at the start of the video, and goes on from frame to frame. So a frame comes out
    as in one pass over the whole video, whatever was asked for before.
    """

    def __init__(self, data: Buffer, container_format: VideoFormat, limits: Limits) -> None:
        """Read the header. Raises ContentRefused."""
        self._data = data
        self._format = container_format
        self._limits = limits
        self._container: InputContainer
        self._stream: VideoStream
        self._frames: Iterator[VideoFrame]
        self._shown: VideoFrame | None = None
        """The last frame that had started at the timestamp asked for."""
        self._ahead: VideoFrame | None = None
        """The one after it; None at the end of the video, and before anything was decoded."""
        self._from_start = False
        """Whether `_ahead` is the first frame of the video, as long as there is none before it."""
        self._open()

    @property
    def pixels(self) -> int:
        """Pixels of one frame."""
        return self._stream.codec_context.width * self._stream.codec_context.height

    @property
    def codec(self) -> str:
        """FFmpeg's name of the codec."""
        return self._stream.codec_context.name

    def frame_at(self, timestamp_ms: float | None) -> "VideoFrame":
        """Decode the last frame with pts ≤ `timestamp_ms`, the first frame for None.

        A timestamp from 0 up to a first frame that starts late means that frame.

        Raises:
            ContentRefused: `no_such_video_frame`, or `not_an_image` where decoding fails.
        """
        with _decoding():
            if timestamp_ms is None:
                return self._first()
            target = Fraction(timestamp_ms) / 1000
            if target < 0:
                raise ContentRefused("no_such_video_frame")
            if not self._leads_to(target):
                self._seek(target)
            self._advance(target)
            if self._shown is None:
                return self._first()
            if self._ahead is None and target >= _start(self._shown) + self._duration(self._shown):
                raise ContentRefused("no_such_video_frame")
            return self._shown

    def close(self) -> None:
        """Free the decoder."""
        self._shown = self._ahead = None
        self._container.close()

    def _open(self) -> None:
        # FFmpeg is 40 ms and 60 MB that pictures do not need.
        import av  # noqa: PLC0415

        with _decoding():
            # The data protocol alone, so that no demuxer opens a file or an address that the bytes name.
            options = {"protocol_whitelist": "data"}
            self._container = av.open(as_file(self._data), mode="r", format=self._format, options=options)
            try:
                self._stream = _video_stream(self._container, self._limits)
            except BaseException:
                self._container.close()
                raise
            self._frames = self._container.decode(self._stream)

    def _leads_to(self, target: Fraction) -> bool:
        """Tell whether decoding on is the way to `target`: no key frame lies between, and it is not behind."""
        oldest, newest = self._shown or self._ahead, self._ahead or self._shown
        if oldest is None or newest is None:
            return False
        if not self._has_started(oldest, target):
            return self._from_start and self._shown is None
        if self._ahead is None or not self._has_started(newest, target):
            return True
        index = self._stream.index_entries
        place = index.search_timestamp(self._ticks(target))
        return place < 0 or index[place].timestamp <= self._ticks(_start(newest))

    def _seek(self, target: Fraction) -> None:
        """Begin at the key frame before `target`, or at the start of the video where the index leads past it."""
        import av  # noqa: PLC0415

        for ticks in self._key_frames_before(target):
            try:
                self._container.seek(ticks, stream=self._stream)
            except av.FFmpegError:
                # No index, or a broken one.
                break
            self._begin(self._container.decode(self._stream))
            # Frames that refresh piece by piece are in the index too, but are no place to begin.
            if self._ahead is not None and self._ahead.key_frame and self._has_started(self._ahead, target):
                return
        self._restart()

    def _key_frames_before(self, target: Fraction) -> Iterator[int]:
        """Give times to seek to. Of many containers the index is in the order of decoding, so the first may be late."""
        ticks = self._ticks(target)
        yield ticks
        index = self._stream.index_entries
        place = index.search_timestamp(ticks)
        before = index.search_timestamp(index[place].timestamp - 1) if place >= 0 else -1
        if before >= 0:
            yield index[before].timestamp

    def _restart(self) -> None:
        # Not a seek to 0: of a file whose index is broken that is another place than the start.
        self._container.close()
        self._open()
        self._begin(self._frames)
        self._from_start = True

    def _begin(self, frames: Iterator["VideoFrame"]) -> None:
        self._frames = frames
        self._shown, self._from_start = None, False
        self._ahead = next(frames, None)

    def _advance(self, target: Fraction) -> None:
        while self._ahead is not None and self._has_started(self._ahead, target):
            self._shown = self._ahead
            self._ahead = next(self._frames, None)

    def _first(self) -> "VideoFrame":
        if not self._from_start or self._shown is not None:
            self._restart()
        if self._ahead is None:
            raise ContentRefused("no_such_video_frame")
        return self._ahead

    def _ticks(self, time: Fraction) -> int:
        if self._stream.time_base is None:
            raise ContentRefused("not_an_image")
        return int(time / self._stream.time_base)

    def _has_started(self, frame: "VideoFrame", target: Fraction) -> bool:
        return _start(frame) <= target + _FLOAT_ERROR_S

    def _duration(self, frame: "VideoFrame") -> Fraction:
        if frame.duration and frame.time_base is not None:
            return frame.duration * frame.time_base
        rate = self._stream.average_rate
        return 1 / rate if rate else Fraction(0)


class ClipFile(mmap):
    """A mapped file that keeps the clip open which was read from it, until somebody closes that."""

    clip: Clip | None = None

    def forget(self) -> None:
        """Free the clip."""
        if self.clip is not None:
            self.clip.close()
            self.clip = None


@contextmanager
def open_clip(data: Buffer, container_format: VideoFormat, limits: Limits) -> Iterator[Clip]:
    """Open a video for the block, or longer if it is in a ClipFile and nothing is wrong with it.

    Raises:
        ContentRefused: `too_many_pixels`, `unsupported_type` (sound only) or `not_an_image`.
    """
    kept = data if isinstance(data, ClipFile) else None
    clip = (kept and kept.clip) or Clip(data, container_format, limits)
    try:
        with _decoding():
            yield clip
    except BaseException:
        clip.close()
        if kept is not None:
            kept.clip = None
        raise
    if kept is None:
        clip.close()
    else:
        kept.clip = clip


@contextmanager
def _decoding() -> Iterator[None]:
    import av  # noqa: PLC0415

    try:
        yield
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


def _start(frame: "VideoFrame") -> Fraction:
    ticks = frame.pts if frame.pts is not None else frame.dts
    if ticks is None or frame.time_base is None:
        raise ContentRefused("not_an_image")
    return ticks * frame.time_base
