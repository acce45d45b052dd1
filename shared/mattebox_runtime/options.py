"""What a client may choose about a preview, after its query was checked. The defaults are those of the API."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from mattebox.models import MaskMode
from mattebox_runtime.spec import PreviewFormat

SIZES = (64, 128, 160, 256, 320, 480, 512, 640, 800, 1024, 1280, 1600, 1920, 2048, 2560, 3840)
"""Longest sides a preview can have besides `full`: a fixed list keeps caches small."""

DEFAULT_SIZE = 640
MAX_OUTLINE_PX = 64
SEGMENTATION_OPACITY = 0.6
ALPHA_OPACITY = 1.0

_NONE: Mapping[str, str] = MappingProxyType({})


class PreviewOptions(msgspec.Struct, frozen=True, kw_only=True):
    """One preview of a frame, as asked for."""

    source: str | None = None
    """Source id; None: the first source."""
    masks: tuple[str, ...] | None = None
    """Mask ids in the order of drawing; None: all of the source in its order; empty: the source alone."""
    mode: MaskMode = "auto"
    mask_modes: Mapping[str, MaskMode] = _NONE  # type: ignore[assignment]  # an empty mapping of either type
    opacity: float | None = None
    """None: SEGMENTATION_OPACITY or ALPHA_OPACITY by the mask's mode."""
    mask_opacities: Mapping[str, float] = _NONE  # type: ignore[assignment]  # an empty mapping of either type
    tints: Mapping[str, str] = _NONE
    background: str | None = "#000000"
    """None: transparent."""
    hide: frozenset[str] = frozenset()
    """Labels that are not painted: an entry is hidden when one of its labels is."""
    unmapped: str | None = None
    outline: int = 0
    size: int | None = DEFAULT_SIZE
    """None: full size."""
    format: PreviewFormat = "webp"


DEFAULT_OPTIONS = PreviewOptions()


class IndexMapOptions(msgspec.Struct, frozen=True, kw_only=True):
    """One index map of a frame, as asked for; how masks are painted is nothing to it."""

    mask: str
    source: str | None = None
    """Source id; None: the first source."""
    size: int | None = DEFAULT_SIZE
    """Of the preview that it belongs to; None: full size."""
    mode: MaskMode = "auto"
    """How the mask is applied there: the map is of labels or of opacity."""


Applied = Literal["segmentation", "alpha"]
