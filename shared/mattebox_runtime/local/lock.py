"""One running Mattebox for each data directory."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from mattebox_runtime.local.errors import AlreadyRunning

# A killed `up` leaves its lock to Redis, which needs a moment to follow.
_PATIENCE_S = 1.0


@contextmanager
def hold_lock(path: Path) -> Generator[int, None, None]:
    """Hold the lock file at `path` and give its descriptor: a child that inherits it holds the lock too.

    Raises:
        AlreadyRunning: another process holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        patiently = Retrying(
            retry=retry_if_exception_type(BlockingIOError), stop=stop_after_delay(_PATIENCE_S), wait=wait_fixed(0.05)
        )
        try:
            patiently(fcntl.flock, descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except RetryError:
            owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            by = f" (process {owner})" if owner else ""
            msg = (
                f"Mattebox is already running on {path.parent.parent}{by}. "
                "Stop that one first, or choose another directory with --data."
            )
            raise AlreadyRunning(msg) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)
