"""Landlock (Linux 5.13 and later): a process shuts itself out of the file system, without any privilege.

Numbers and structures are those of linux/landlock.h; the system calls have the same numbers on every architecture.
"""

import ctypes
import os
from collections.abc import Iterable
from contextlib import suppress

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_CONNECT_AND_BIND_TCP = 0b11
_FOREIGN_SOCKETS_AND_SIGNALS = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def forbid_files(readable: Iterable[str]) -> bool:
    """Forbid every path but reading beneath `readable`; where the kernel knows how, also TCP and signals to others.

    Files that are open already stay usable. False where the kernel has no Landlock. The caller has set no_new_privs.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return False
    rules = _Ruleset(
        _file_rights(version),
        _CONNECT_AND_BIND_TCP if version >= 4 else 0,
        _FOREIGN_SOCKETS_AND_SIGNALS if version >= 6 else 0,
    )
    # An older kernel knows only the first fields, and refuses a structure that is longer.
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        for directory in readable:
            _allow_reading(libc, ruleset, directory)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _file_rights(version: int) -> int:
    """All rights a kernel of this Landlock version can withhold: 13, then REFER, TRUNCATE and IOCTL_DEV."""
    count = 13 + sum(version >= since for since in (2, 3, 5))
    return int((1 << count) - 1)


def _allow_reading(libc: ctypes.CDLL, ruleset: int, directory: str) -> None:
    # Entries of sys.path need not exist, nor be directories, nor be ours to read.
    with suppress(OSError):
        handle = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            rule = _PathBeneath(_READ_FILE | _READ_DIR, handle)
            libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
        finally:
            os.close(handle)
