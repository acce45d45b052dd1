"""Index maps: which picture of a mask's indices is meant, and the legend that says what they stand for."""

from typing import NamedTuple

from mattebox.answers import IndexEntry, IndexKind
from mattebox.models import Frame, Mask, Source
from mattebox_registry.errors import NotFound
from mattebox_registry.rules.specs import Plan, choose_source
from mattebox_runtime.media import is_never_drawn
from mattebox_runtime.options import IndexMapOptions, PreviewOptions
from mattebox_runtime.resolution import UnknownMask, build_index_spec, masks_by_id
from mattebox_runtime.spec import MaskSpec, preview_key
from mattebox_runtime.style import Style


class Legend(NamedTuple):
    """What the pixels of an index map stand for."""

    mask: str
    kind: IndexKind
    key: bytes
    opacity: float
    """Of the mask where nobody says otherwise; the factor on that of each entry."""
    entries: list[IndexEntry]

    @property
    def bits(self) -> int:
        """Bits of a pixel."""
        return 8 if len(self.entries) < 2**8 else 16


def plan_index_map(frame: Frame, style: Style, options: IndexMapOptions) -> Plan:
    """Resolve an index map of a frame.

    Raises:
        NotFound: the frame has no such source, or the source no such mask.
    """
    source = frame.sources[0] if options.source is None else choose_source(frame.sources, options.source)
    _, plan = _resolve(source, options.mask, style, PreviewOptions(size=options.size, mode=options.mode))
    return plan


def plan_index_maps(source: Source, style: Style, options: PreviewOptions) -> list[Plan]:
    """Resolve the index maps of all masks of a source, in the size and modes of a preview."""
    return [_resolve(source, mask_id, style, options)[1] for mask_id in masks_by_id(source)]


def legends_of(source: Source, style: Style, options: PreviewOptions) -> list[Legend]:
    """Explain the index maps of all masks of a source, in its order, in the size and modes of a preview."""
    return [_legend(source, mask_id, mask, style, options) for mask_id, mask in masks_by_id(source).items()]


def _legend(source: Source, mask_id: str, mask: Mask, style: Style, options: PreviewOptions) -> Legend:
    spec, plan = _resolve(source, mask_id, style, options)
    if spec.mode == "alpha":
        return Legend(mask_id, "opacity", plan.key, spec.opacity, [])
    return Legend(mask_id, "labels", plan.key, spec.opacity, style.legend(mask_id, mask.labels))


def _resolve(source: Source, mask_id: str, style: Style, options: PreviewOptions) -> tuple[MaskSpec, Plan]:
    try:
        index_map, mask, tables = build_index_spec(source, mask_id, style, options)
    except UnknownMask as error:
        raise NotFound("mask", error.mask_id) from error
    encoded = index_map.encode()
    undrawable = is_never_drawn(source.uri, source.content_type)
    return mask, Plan(encoded, preview_key(encoded), tables, "unsupported" if undrawable else "pending")
