"""The frame document and the mask labels as they travel: one definition for the SDK and the registry.

Unknown fields are allowed everywhere; the registry keeps the document as it came and reads only these fields of it.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

Id = Annotated[str, Meta(min_length=1, max_length=512)]
Uri = Annotated[str, Meta(min_length=1, max_length=4096)]
Timestamp = Annotated[int, Meta(ge=-(2**53), le=2**53)] | Annotated[float, Meta(ge=-(2**53), le=2**53)]
"""Milliseconds; of a source or mask: into the video."""

Channel = Annotated[int, Meta(ge=0, le=255)]
Opacity = Annotated[float, Meta(ge=0, le=1)]

# `$` alone would let a newline pass at the end.
COLOR_PATTERN = r"^#[0-9a-fA-F]{6}$(?!\n)"
NAME_PATTERN = r"^(?=.*\S)[^\x00-\x1f\x7f-\x9f]+$(?!\n)"
"""Something to read, without control characters."""

HexColor = Annotated[str, Meta(pattern=COLOR_PATTERN)]

MaskMode = Literal["auto", "segmentation", "alpha"]
MaskEncoding = Literal["auto", "rgb", "index", "panoptic", "rgba"]
"""How a pixel becomes a value; `rgba`: all four channels are data, as in BDD100K bitmasks."""

MaskValue = Annotated[list[Channel], Meta(min_length=3, max_length=4)] | Annotated[int, Meta(ge=0, le=2**32 - 1)]
"""`[r, g, b]`, `[r, g, b, a]` for `rgba` masks, or an integer for 16-bit, palette-index and panoptic masks."""


class MaskLabel(Struct, omit_defaults=True):
    """One entry of a mapping: pixels of `value` mean `labels`."""

    value: MaskValue
    labels: Annotated[list[str], Meta(max_length=64)] | str
    color: HexColor | None = None
    opacity: Opacity | None = None
    ignore: bool = False


MaskLabelList = Annotated[list[MaskLabel], Meta(max_length=65_536)]
MaskLabels = MaskLabelList | dict[str, MaskLabelList]
"""A version's mapping: one list for every mask, or lists by mask id with `_all_` for the others."""

ALL_MASKS = "_all_"


# Not looked at by the garbage collector: what is read from JSON holds no cycles, and ingestion makes three a frame.
class Mask(Struct, omit_defaults=True, gc=False):
    """An image or video of the same scene as its source, whose pixel values carry meaning."""

    uri: Uri
    id: Id | None = None
    content_type: Annotated[str, Meta(max_length=256)] | None = None
    timestamp: Timestamp | None = None
    mode: MaskMode | None = None
    encoding: MaskEncoding | None = None
    labels: MaskLabelList | None = None


class Source(Struct, omit_defaults=True, gc=False):
    """The raw image or video of a frame, with its masks."""

    uri: Uri
    id: Id | None = None
    content_type: Annotated[str, Meta(max_length=256)] | None = None
    timestamp: Timestamp | None = None
    width: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    height: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    masks: Annotated[list[Mask], Meta(max_length=256)] | None = None


class Frame(Struct, omit_defaults=True, gc=False):
    """One item of a version: a single frame (one source) or a frame group (several)."""

    sources: Annotated[list[Source], Meta(min_length=1, max_length=256)]
    id: Id | None = None
    timestamp: Timestamp | None = None
    context_id: Annotated[str, Meta(max_length=512)] | None = None
    # Owned by the registry: given with each frame, dropped when it comes back.
    preview: Raw | UnsetType = UNSET


def numbered_id(position: int) -> str:
    """Name the source or mask at `position` that came without an id: "00", "01", ..."""
    return f"{position:02d}"
