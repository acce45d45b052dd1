"""Fetched bytes, as an open file rather than as bytes: they go to a drawing process without a copy."""

import fcntl
import os
import sys
import tempfile
from collections.abc import Callable
from types import TracebackType
from typing import Self

from mattebox.reasons import FetchReason
from mattebox_renderer.fetch.turns import Seat


class FetchFailed(Exception):
    """The bytes behind a URI could not be had."""

    def __init__(self, reason: FetchReason, *, transient: bool = False) -> None:
        super().__init__(reason)
        self.reason: FetchReason = reason
        self.transient = transient
        """Whether the same fetch may work later."""


class NoRoom(Exception):
    """All fetches together hold as many bytes as they may; this one has to let go of its own, and begin again."""


class Fetched:
    """An open, read-only, seekable file and its size; whoever holds it closes it."""

    def __init__(self, fd: int, size: int, on_close: Callable[[], None] | None = None) -> None:
        self.fd = fd
        self.size = size
        self._on_close = on_close
        self._open = True

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        if self._open:
            self._open = False
            os.close(self.fd)
            if self._on_close is not None:
                self._on_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class Download:
    """Bytes on their way in, at most `max_bytes`, in memory that only a file descriptor names.

    As a context manager it frees them unless `finish` handed them on.
    """

    def __init__(self, max_bytes: int, seat: Seat | None = None) -> None:
        """`seat` is told what is held for it."""
        self._max_bytes = max_bytes
        self._seat = seat
        self._size = 0
        self._fd = _anonymous_file()

    def expect(self, size: int | None) -> None:
        """Refuse a declared size that is over the limit. Raises FetchFailed."""
        if size is not None and size > self._max_bytes:
            raise FetchFailed("too_large")

    def write(self, chunk: bytes | memoryview) -> None:
        """Append a chunk. Raises FetchFailed once the whole is over the limit, NoRoom where `seat` does."""
        self.expect(self._size + len(chunk))
        if self._seat is not None:
            self._seat.hold(len(chunk))
        self._size += len(chunk)
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(self._fd, rest) :]

    def finish(self) -> Fetched:
        """Hand the bytes on; where the platform can, nobody changes them any more."""
        _seal(self._fd)
        fetched = Fetched(self._fd, self._size)
        self._fd = -1
        return fetched

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            if self._seat is not None:
                self._seat.hold(-self._size)


def _anonymous_file() -> int:
    if sys.platform == "linux":
        return os.memfd_create("mattebox", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with tempfile.TemporaryFile() as unlinked:
        return os.dup(unlinked.fileno())


def _seal(fd: int) -> None:
    if sys.platform == "linux":
        fcntl.fcntl(
            fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        )
