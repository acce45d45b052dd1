"""The exchange between the pool and a drawing process, over a unix stream socket.

Request: header (bytes of the body, number of files) with the first files attached, the other files, the body.
Answer: length, body. Bodies are msgpack. One request at a time; the files are the source and the masks that were read.
"""

import struct
from typing import Literal

import msgspec

from mattebox_renderer.child.terms import Confinement
from mattebox_renderer.outcome import NOTHING_ELSE, Drawn, Wish
from mattebox_runtime.events import Failure

REQUEST = struct.Struct("!IH")
ANSWER = struct.Struct("!I")

FILES_PER_MESSAGE = 250
"""The kernel attaches at most 253 to one message."""


class Request(msgspec.Struct, frozen=True):
    """One draw."""

    spec: bytes
    sizes: tuple[int, ...]
    """Bytes in each attached file: the source or what was kept of a render, then the masks without a failure."""
    failures: tuple[Failure | None, ...]
    """Of each mask, in the order of the spec."""
    tables: dict[bytes, bytes]
    wish: Wish = NOTHING_ELSE


class Refusal(msgspec.Struct, frozen=True):
    """The source cannot be drawn, as in DrawRefused."""

    code: str
    state: Literal["failed", "unsupported"] = "failed"
    spent: bool = False
    """The process ran out of memory and should not draw again."""


class Answer(msgspec.Struct, frozen=True):
    """How a draw ended; the first answer, without either, says that the process is ready."""

    drawn: Drawn | None = None
    refusal: Refusal | None = None
    confinement: Confinement | None = None
