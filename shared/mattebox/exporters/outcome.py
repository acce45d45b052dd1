"""What came of an export."""

from msgspec import Struct

from mattebox.importers.plan import LeftOut


class Exported(Struct):
    """How much was written, and what was not."""

    frames: int = 0
    files: int = 0
    """Pictures or uploads beside the documents."""
    left_out: list[LeftOut] = []
    reduced: list[LeftOut] = []
    """What is written, but says less than it did, for the format has no words for it."""
