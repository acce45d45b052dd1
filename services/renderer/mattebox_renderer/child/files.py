"""The files of a draw, and those of them that stay open for the next: videos, with their decoders."""

import errno
import mmap
import os
import time
from collections import OrderedDict
from typing import Final, NamedTuple, TypeAlias

from mattebox_renderer.child.terms import MAX_CLIPS
from mattebox_renderer.render.clip import ClipFile
from mattebox_runtime.media import HEAD_BYTES, video_format

Content: TypeAlias = bytes | mmap.mmap

KEEP_S: Final = 30.0
"""A video that nobody has asked for in this time is let go: it may be the last that holds its bytes in memory."""

# Mapping costs a fifth of copying 2 MB, and of a video only parts are read; a small mask is quicker copied.
_MAP_FROM_BYTES: Final = 2**16

_DECODER_BYTES_PER_PIXEL: Final = 32
"""Sixteen frames to refer to, and some more on their way, at 1.5 bytes a pixel."""


class _Identity(NamedTuple):
    """What a file is known by. As long as it is mapped its number is given to no other, and a change changes a time."""

    device: int
    number: int
    modified_ns: int
    changed_ns: int
    size: int


class Files:
    """Reads the files of each draw; keeps videos open between draws, for a while and in bounded memory."""

    def __init__(self, max_kept_bytes: int) -> None:
        self._max_kept_bytes = max_kept_bytes
        self._kept: OrderedDict[_Identity, ClipFile] = OrderedDict()
        self._used_at: dict[_Identity, float] = {}
        self._mapped: dict[_Identity, ClipFile] = {}

    @property
    def keeps_any(self) -> bool:
        """Whether a video is open."""
        return bool(self._kept)

    def read(self, handle: int, size: int) -> Content:
        """Give the first `size` bytes of a file, as the video that it was before where that is still open.

        Raises:
            MemoryError: there is no room to map it.
        """
        status = os.fstat(handle)
        identity = _Identity(status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, size)
        known = self._kept.get(identity) or self._mapped.get(identity)
        if known is not None:
            self._mapped[identity] = known
            return known
        if size < _MAP_FROM_BYTES and video_format((content := _copy(handle, size))[:HEAD_BYTES]) is None:
            return content
        mapped = self._mapped[identity] = _map(handle, size)
        return mapped

    def end_draw(self) -> None:
        """Keep the videos of this draw, and of the others what is young and has room."""
        now = time.monotonic()
        for identity, file in self._mapped.items():
            self._kept.pop(identity, None)
            if file.clip is not None:
                self._kept[identity] = file
                self._used_at[identity] = now
        self._mapped.clear()
        while self._kept and self._has_to_go(next(iter(self._kept)), now):
            self._let_go(next(iter(self._kept)))

    def forget(self) -> None:
        """Let go of all videos."""
        for identity in list(self._kept):
            self._let_go(identity)

    def _has_to_go(self, identity: _Identity, now: float) -> bool:
        too_old = now - self._used_at[identity] > KEEP_S
        return too_old or len(self._kept) > MAX_CLIPS or sum(map(_cost, self._kept.values())) > self._max_kept_bytes

    def _let_go(self, identity: _Identity) -> None:
        self._kept.pop(identity).forget()
        del self._used_at[identity]


def _cost(file: ClipFile) -> int:
    return len(file) + (file.clip.pixels * _DECODER_BYTES_PER_PIXEL if file.clip is not None else 0)


def _map(handle: int, size: int) -> ClipFile:
    try:
        return ClipFile(handle, size, prot=mmap.PROT_READ)
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise MemoryError from error
        raise


def _copy(handle: int, size: int) -> bytes:
    # Not os.read: a file that is sent twice shares its offset.
    content = os.pread(handle, size, 0)
    while 0 < len(content) < size and (more := os.pread(handle, size - len(content), len(content))):
        content += more
    return content
