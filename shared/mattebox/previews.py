"""What can be asked of a preview, in the words of the SDK."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from mattebox.models import MaskMode

ALL = "_all_"


class Scene(TypedDict, total=False):
    """Which picture of a frame is meant, and how large; what is left out is as in every default preview."""

    source: str
    size: int | Literal["full"]


class IndexMapOptions(Scene, total=False):
    """Which index map of a mask is meant."""

    mode: MaskMode
    """How the mask is applied: a map of labels or of opacity."""


class PreviewOptions(Scene, total=False):
    """How a preview is to be drawn; what is left out is as in every default preview.

    `mode` and `opacity` are one value for all masks, or values by mask id, with `_all_` for the others.
    """

    masks: Sequence[str]
    """Ids of the masks to draw, in this order, all where left out; an empty list shows the source alone."""
    mode: MaskMode | Mapping[str, MaskMode]
    opacity: float | Mapping[str, float]
    tint: Mapping[str, str]
    background: str
    hide: Sequence[str]
    unmapped: str
    outline: int
    format: Literal["webp", "jpeg", "png"]


def query_of(options: Scene) -> tuple[tuple[str, str], ...]:
    """Spell options as the parameters of a preview's URL."""
    return tuple(pair for name, value in options.items() for pair in _parameters(name, value))


def _parameters(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [(name if mask == ALL else f"{name}.{mask}", str(one)) for mask, one in value.items()]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [(name, ",".join(map(_escaped, value)))]
    return [(name, str(value))]


def _escaped(listed: str) -> str:
    return listed.replace("\\", "\\\\").replace(",", "\\,")
