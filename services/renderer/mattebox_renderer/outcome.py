"""How one draw ends: the values that cross from the pure `render/` through the sandbox to the worker."""

from typing import Any, Final, Literal

import msgspec

from mattebox_runtime.events import Failure

MAX_UNMAPPED_VALUES: Final = 16
"""Values without an entry that a mask report lists, the most frequent first."""


class Drawn(msgspec.Struct, frozen=True):
    """A finished preview."""

    state: Literal["ready", "partial"]
    body: bytes
    content_type: str
    width: int
    height: int
    report: dict[str, Any]
    """The mask report of docs/rendering.md; entries name values, the registry adds their labels."""
    failure: Failure | None = None
    """The first mask that could not be read, of a partial preview."""
    index_maps: tuple[bytes | None, ...] = ()
    """The index map of each mask, in the order of the spec, where they were asked for; None where it was not read."""
    kept: bytes | None = None
    """What the preview can be painted anew from, in other colours, where that was asked for and can be done."""


class Wish(msgspec.Struct, frozen=True):
    """What is wanted of a draw beside the preview."""

    index_maps: bool = False
    keep: bool = False
    """Give what the preview can be painted anew from."""
    repaint: bool = False
    """The file is not the source but what was kept; there are no masks."""


NOTHING_ELSE = Wish()


class DrawRefused(Exception):
    """The source cannot be drawn, and drawing it again would not help."""

    def __init__(self, code: str, *, state: Literal["failed", "unsupported"] = "failed") -> None:
        super().__init__(code)
        self.code = code
        """A whole reason code of `mattebox.reasons`, e.g. `not_an_image` or `source_not_found`."""
        self.state = state


class DrawTimeout(Exception):
    """The drawing process passed its deadline and was killed."""


class DrawCrashed(Exception):
    """The drawing process died while drawing."""
