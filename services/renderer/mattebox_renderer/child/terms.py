"""What the pool grants a drawing process, and what that process gave up."""

from typing import Final, NamedTuple

import msgspec

MAX_CLIPS: Final = 4
"""Videos that a drawing process keeps open: a source and its mask, and those of another that comes in turns with it."""


class Terms(msgspec.Struct, frozen=True):
    """The socket to serve and the limits to serve it under; travels as JSON on the command line."""

    socket_fd: int
    parent_pid: int
    memory_bytes: int
    cpu_s: int
    """Processor seconds for one draw."""
    max_pixels: int

    def encode(self) -> str:
        """Give the command-line argument."""
        return msgspec.json.encode(self).decode()


def decode_terms(argument: str) -> Terms:
    """Read the command-line argument.

    Raises:
        msgspec.DecodeError: not terms.
    """
    return msgspec.json.decode(argument, type=Terms)


class Confinement(NamedTuple):
    """What the kernel granted: True where the process is shut out of it."""

    network: bool
    files: bool
    calls: bool
