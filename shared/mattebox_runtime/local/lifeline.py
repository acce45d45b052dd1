"""Processes that do not outlive the one that started them."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """Give a `preexec_fn` that has the kernel send `death_signal` to the child when this process ends, however it ends.

    Start the child from the main thread: the kernel watches the thread that forked. None where the kernel cannot do it.
    """
    if sys.platform != "linux":
        return None
    # Loaded here: between fork and exec nothing may be imported or allocated that a lock could guard.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def before_exec() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it ended before the kernel was told
            os.kill(os.getpid(), signal.SIGKILL)

    return before_exec
