"""What a drawing process gives up before it sees a client's bytes.

The limits always hold. The rest is had where the kernel grants it, and reported, because an operator should know.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys

from mattebox_renderer.child.landlock import forbid_files
from mattebox_renderer.child.seccomp import forbid_calls
from mattebox_renderer.child.terms import Confinement, Terms

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_CAPABILITIES_VERSION = 0x20080522

# The source and 256 masks, each mapped by a handle of its own, and what the interpreter holds.
_MAX_OPEN_FILES = 1024


def confine(terms: Terms) -> Confinement:
    """Give up all that drawing does not need; only the modules imported so far can be counted on afterwards."""
    _limit(terms.memory_bytes)
    if sys.platform != "linux":
        return Confinement(network=False, files=False, calls=False)
    libc = ctypes.CDLL(None, use_errno=True)
    network = _leave_network(libc)
    _drop_capabilities(libc)
    # After the two above: a change of credentials clears it.
    _die_with(terms.parent_pid, libc)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    files = forbid_files(sys.path)
    return Confinement(network=network, files=files, calls=forbid_calls())


def _limit(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_OPEN_FILES, _MAX_OPEN_FILES))
    # macOS has the constant and refuses the limit.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _leave_network(libc: ctypes.CDLL) -> bool:
    """Move to an empty network namespace: by privilege, else inside a user namespace of its own."""
    return any(libc.unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Give up what root may do, and what the owner of a new user namespace may."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    libc.capset(header, none)


def _die_with(parent_pid: int, libc: ctypes.CDLL) -> None:
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # The parent may have died before the call above.
    if os.getppid() != parent_pid:
        os._exit(1)


def allow_cpu_seconds(seconds: int, used_s: float) -> None:
    """Set the processor time until SIGXCPU to `seconds` from `used_s`; the parent's deadline normally comes first."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used_s) + seconds + 1, hard))
