"""From a source, a style and options to a render spec: everything about one picture is decided here."""

from collections.abc import Iterable

from mattebox.models import Mask, Source, numbered_id
from mattebox_runtime.options import ALPHA_OPACITY, DEFAULT_OPTIONS, SEGMENTATION_OPACITY, Applied, PreviewOptions
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec, index_spec
from mattebox_runtime.style import Style, Table
from mattebox_runtime.tables import strip_paint, table_digest


class UnknownMask(LookupError):
    """Options name a mask that the source does not have."""

    def __init__(self, mask_id: str) -> None:
        super().__init__(mask_id)
        self.mask_id = mask_id


def build_spec(source: Source, style: Style, options: PreviewOptions) -> tuple[RenderSpec, tuple[Table, ...]]:
    """Decide everything about one picture; what cannot change its pixels is left out, so that it changes no key.

    Raises:
        UnknownMask: the options name a mask that the source does not have.
    """
    masks: list[MaskSpec] = []
    tables: list[Table] = []
    segmented = False
    for mask_id, mask in _chosen_masks(source, options):
        table = style.table(mask_id, mask.labels, options.hide)
        if _mode(mask_id, mask, table, options) == "alpha":
            masks.append(_alpha(mask_id, mask, options))
        else:
            segmented = True
            masks.append(_segmentation(mask_id, mask, table, style, options))
            if table is not None:
                tables.append(table)
    spec = RenderSpec(
        source=SourceSpec(source.uri, _moment(source.timestamp), source.content_type),
        masks=tuple(masks),
        size=options.size,
        format=options.format,
        background=options.background,
        unmapped=options.unmapped if segmented else None,
        outline=options.outline if segmented else 0,
    )
    return spec, tuple(tables)


def build_index_spec(
    source: Source, mask_id: str, style: Style, options: PreviewOptions
) -> tuple[RenderSpec, MaskSpec, tuple[Table, ...]]:
    """Decide everything about the index map of a mask in the size and mode of a preview; also how the mask is painted.

    Raises:
        UnknownMask: the source has no such mask.
    """
    size, mode = options.size, options.mask_modes.get(mask_id, options.mode)
    spec, painted = build_spec(source, style, PreviewOptions(masks=(mask_id,), size=size, mode=mode))
    (mask,) = spec.masks
    tables = tuple(Table(table_digest(bare), bare) for bare in [strip_paint(table.packed) for table in painted])
    return index_spec(spec.source, mask, size, tables[0].digest if tables else None), mask, tables


def masks_by_id(source: Source) -> dict[str, Mask]:
    """Name every mask of a source, by its id or its number, in the order listed."""
    return {mask.id or numbered_id(position): mask for position, mask in enumerate(source.masks or ())}


def _chosen_masks(source: Source, options: PreviewOptions) -> Iterable[tuple[str, Mask]]:
    if options is DEFAULT_OPTIONS:
        return [(mask.id or numbered_id(position), mask) for position, mask in enumerate(source.masks or ())]
    masks = masks_by_id(source)
    for named in (options.masks or (), options.mask_modes, options.mask_opacities, options.tints):
        for mask_id in named:
            if mask_id not in masks:
                raise UnknownMask(mask_id)
    if options.masks is None:
        return masks.items()
    return [(mask_id, masks[mask_id]) for mask_id in options.masks]


def _mode(mask_id: str, mask: Mask, table: Table | None, options: PreviewOptions) -> Applied:
    wanted = options.mask_modes.get(mask_id, options.mode)
    if wanted != "auto":
        return wanted
    if mask.mode is not None and mask.mode != "auto":
        return mask.mode
    return "alpha" if table is None else "segmentation"


def _alpha(mask_id: str, mask: Mask, options: PreviewOptions) -> MaskSpec:
    return MaskSpec(
        id=mask_id,
        uri=mask.uri,
        mode="alpha",
        opacity=_opacity(mask_id, options, ALPHA_OPACITY),
        timestamp=_moment(mask.timestamp),
        content_type=mask.content_type,
        tint=options.tints.get(mask_id),
    )


def _segmentation(mask_id: str, mask: Mask, table: Table | None, style: Style, options: PreviewOptions) -> MaskSpec:
    return MaskSpec(
        mask_id,
        mask.uri,
        "segmentation",
        _opacity(mask_id, options, SEGMENTATION_OPACITY),
        _moment(mask.timestamp),
        mask.content_type,
        encoding=mask.encoding or style.encoding(mask_id),
        table=None if table is None else table.digest,
    )


def _opacity(mask_id: str, options: PreviewOptions, default: float) -> float:
    chosen = options.mask_opacities.get(mask_id, options.opacity)
    return default if chosen is None else float(chosen)


def _moment(timestamp: float | None) -> float | None:
    return None if timestamp is None else milliseconds(timestamp)


def milliseconds(timestamp: float) -> float:
    """Write a moment in one way: 0 and 0.0 and -0.0 are one, and must be one key."""
    return float(timestamp) + 0.0
