"""Opening local files: under the operator's roots only, and never through a link."""

import asyncio
import errno
import os
import stat
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from mattebox_renderer.fetch.content import Fetched, FetchFailed
from mattebox_renderer.fetch.uris import file_path_parts

Parts = tuple[bytes, ...]

Opening = Callable[[], Fetched]
"""Opens a file. Raises FetchFailed."""

# A path handle reads nothing and needs no permission to; other systems open the directory itself.
_STEP = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
# Without O_NONBLOCK opening a FIFO would wait for its writer.
_LAST = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_ABSENT = frozenset({errno.ENOENT, errno.ENAMETOOLONG})
_REFUSED = frozenset({errno.EACCES, errno.EPERM})
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class FileRoots:
    """The directories under which `file://` URIs may be read."""

    def __init__(self, roots: Iterable[str], max_bytes: int) -> None:
        self._max_bytes = max_bytes
        named = {Path(root).absolute() for root in roots}
        # A root may be given, and named in URIs, by a link to it; below a root no link is followed.
        named |= {root.resolve() for root in named}
        self._roots: dict[Parts, Path] = {_parts(root): root for root in named}

    async def fetch(self, uri: str) -> Fetched:
        """Open the file of a URI. Raises FetchFailed."""
        return await _open(self.locate(uri))

    def locate(self, uri: str) -> Opening:
        """Tell how to open the file of a URI. Raises FetchFailed."""
        parts = file_path_parts(uri)
        inside = [root for root in self._roots if parts[: len(root)] == root and len(parts) > len(root)]
        if not inside:
            raise FetchFailed("blocked")
        root = max(inside, key=len)
        return partial(_open_under, self._roots[root], parts[len(root) :], self._max_bytes)


def locate_path(path: str | Path, max_bytes: int) -> Opening:
    """Tell how to open a file whose path no client chose."""
    directory, name = os.path.split(path)
    return partial(_open_under, directory, (os.fsencode(name),), max_bytes)


async def fetch_path(path: str | Path, max_bytes: int) -> Fetched:
    """Open a file whose path no client chose. Raises FetchFailed."""
    return await _open(locate_path(path, max_bytes))


async def open_all(openings: Sequence[Opening]) -> list[Fetched | FetchFailed]:
    """Open files, in one thread because their file systems may be slow ones."""
    under_way = asyncio.get_running_loop().run_in_executor(None, _try_all, openings)
    try:
        return await asyncio.shield(under_way)
    except asyncio.CancelledError:
        under_way.add_done_callback(_close_late)
        raise


async def _open(opening: Opening) -> Fetched:
    (opened,) = await open_all([opening])
    if isinstance(opened, FetchFailed):
        raise opened
    return opened


def _try_all(openings: Sequence[Opening]) -> list[Fetched | FetchFailed]:
    return [_try(opening) for opening in openings]


def _try(opening: Opening) -> Fetched | FetchFailed:
    try:
        return opening()
    except FetchFailed as failure:
        return failure


def _parts(path: Path) -> Parts:
    return tuple(os.fsencode(part) for part in path.parts[1:])


def _close_late(under_way: asyncio.Future[list[Fetched | FetchFailed]]) -> None:
    if not under_way.cancelled() and under_way.exception() is None:
        for opened in under_way.result():
            if isinstance(opened, Fetched):
                opened.close()


def _open_under(root: str | Path, parts: Parts, max_bytes: int) -> Fetched:
    try:
        directory = os.open(root, _STEP & ~os.O_NOFOLLOW)
        try:
            for part in parts[:-1]:
                below = os.open(part, _STEP, dir_fd=directory)
                os.close(directory)
                directory = below
            return _open_regular(directory, parts[-1], max_bytes)
        finally:
            os.close(directory)
    except OSError as error:
        raise _explain(error) from error


def _open_regular(directory: int, name: bytes, max_bytes: int) -> Fetched:
    handle = os.open(name, _LAST, dir_fd=directory)
    try:
        status = os.fstat(handle)
        _judge(status, os.fstat(directory), max_bytes)
    except BaseException:
        os.close(handle)
        raise
    return Fetched(handle, status.st_size)


def _judge(file: os.stat_result, directory: os.stat_result, max_bytes: int) -> None:
    if not stat.S_ISREG(file.st_mode) or _planted(file, directory):
        raise FetchFailed("blocked")
    if file.st_size > max_bytes:
        raise FetchFailed("too_large")


def _planted(file: os.stat_result, directory: os.stat_result) -> bool:
    """Tell whether a hard link may have been put here by somebody who could not read the file itself.

    Only the owner of a directory, or whom he lets write to it, makes names in it: a file of another owner, or in a
    directory that others write to, may be a way to what lies outside of the root.
    """
    shared = directory.st_mode & _WRITABLE_BY_OTHERS or file.st_uid != directory.st_uid
    return file.st_nlink > 1 and bool(shared)


def _explain(error: OSError) -> FetchFailed:
    if error.errno in _ABSENT:
        return FetchFailed("not_found")
    if error.errno in _REFUSED:
        return FetchFailed("forbidden")
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EMLINK, errno.ENXIO):
        return FetchFailed("blocked")
    return FetchFailed("unreachable", transient=True)
