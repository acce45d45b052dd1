"""Lock files: one process at a time on a directory. The kernel frees a lock with its process, however that ends."""

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

# A killed process leaves its lock to the children that inherited it, which need a moment to follow.
_PATIENCE_S = 1.0


@contextmanager
def hold_lock(path: Path, *, refusal: Callable[[str], Exception]) -> Generator[int, None, None]:
    """Hold the lock file at `path` and give its descriptor: a child that inherits it holds the lock too.

    Where another process holds it, what `refusal` makes of that process's name is raised.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        patiently = Retrying(
            retry=retry_if_exception_type(BlockingIOError), stop=stop_after_delay(_PATIENCE_S), wait=wait_fixed(0.05)
        )
        try:
            patiently(fcntl.flock, descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except RetryError:
            number = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            raise refusal(f"process {number}" if number else "a process just starting") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)
