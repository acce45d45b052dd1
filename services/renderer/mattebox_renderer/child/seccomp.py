"""seccomp: system calls that drawing never needs answer EPERM from now on.

A list of the forbidden, not of the allowed: decoders and allocators may call whatever else they like, on any libc.
"""

import ctypes
import errno
import platform
import struct

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_OFFSET_OF_NUMBER, _OFFSET_OF_ARCHITECTURE = 0, 4
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_X32_CALLS = 0x40000000

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_FORBIDDEN: dict[str, dict[str, int]] = {
    "x86_64": {
        "socket": 41,
        "connect": 42,
        "execve": 59,
        "kill": 62,
        "ptrace": 101,
        "mount": 165,
        "keyctl": 250,
        "unshare": 272,
        "perf_event_open": 298,
        "open_by_handle_at": 304,
        "setns": 308,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "bpf": 321,
        "execveat": 322,
        "userfaultfd": 323,
    },
    "aarch64": {
        "mount": 40,
        "unshare": 97,
        "ptrace": 117,
        "kill": 129,
        "socket": 198,
        "connect": 203,
        "keyctl": 219,
        "execve": 221,
        "perf_event_open": 241,
        "open_by_handle_at": 265,
        "setns": 268,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "bpf": 280,
        "execveat": 281,
        "userfaultfd": 282,
    },
}
_FORBIDDEN_EVERYWHERE = {"io_uring_setup": 425, "pidfd_open": 434, "pidfd_getfd": 438}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def forbid_calls() -> bool:
    """Refuse new sockets, new programs and a look into other processes; False where this cannot be had.

    The caller has set no_new_privs.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return False
    numbers = [*_FORBIDDEN[machine].values(), *_FORBIDDEN_EVERYWHERE.values()]
    steps = _filter(_ARCHITECTURES[machine], numbers)
    program = _Program(len(steps), b"".join(steps))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return bool(prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(architecture: int, numbers: list[int]) -> list[bytes]:
    count = len(numbers)
    return [
        _step(_LOAD, _OFFSET_OF_ARCHITECTURE),
        _step(_JUMP_IF_EQUAL, architecture, if_true=1),
        # The calls of another architecture (32-bit on x86_64) have other numbers.
        _step(_RETURN, _KILL),
        _step(_LOAD, _OFFSET_OF_NUMBER),
        _step(_JUMP_IF_AT_LEAST, _X32_CALLS, if_true=count + 1),
        *(_step(_JUMP_IF_EQUAL, number, if_true=count - at) for at, number in enumerate(numbers)),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _REFUSE),
    ]


def _step(code: int, value: int, *, if_true: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, 0, value)
