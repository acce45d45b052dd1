"""One preview that is asked for by hand, without a registry: resolved as a registry resolves those of its frames."""

from typing import Any, NamedTuple

from mattebox.answers import IndexEntry, IndexKind
from mattebox.models import MaskLabels, Source
from mattebox_runtime.colors import parse_color
from mattebox_runtime.labels import LabelMapping, check_names, resolve_labels
from mattebox_runtime.options import MAX_OUTLINE_PX, PreviewOptions
from mattebox_runtime.report_names import name_labels
from mattebox_runtime.resolution import build_index_spec, build_spec, masks_by_id
from mattebox_runtime.spec import RenderSpec
from mattebox_runtime.style import Style, Table


class BadOption(ValueError):
    """An option has a value that is not accepted; the message names both."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(f"{option}: {message}")


class Wanted(NamedTuple):
    """A picture to draw: its spec, and the label tables it refers to by digest."""

    spec: RenderSpec
    tables: dict[bytes, bytes]


class Legend(NamedTuple):
    """What the pixels of an index map stand for."""

    mask: str
    kind: IndexKind
    entries: list[IndexEntry]
    """Of the indices from 1; none of a map of opacity."""


class AskedByHand:
    """A source with its masks, labels and options."""

    def __init__(self, source: Source, mask_labels: MaskLabels, options: PreviewOptions) -> None:
        """Resolve the labels.

        Raises:
            LabelsError: a list of labels contradicts itself.
            BadOption: an option has a value that is not accepted.
        """
        check_options(options)
        self._source = source
        self._options = options
        self._style = Style(0, _resolve(mask_labels), {})

    def preview(self) -> Wanted:
        """Give what to draw. Raises UnknownMask where an option names a mask that is not there."""
        spec, tables = build_spec(self._source, self._style, self._options)
        return Wanted(spec, _by_digest(tables))

    def index_map(self, mask_id: str) -> tuple[Wanted, Legend]:
        """Give what to draw for the index map of a mask, and what that stands for. Raises UnknownMask."""
        spec, mask, tables = build_index_spec(self._source, mask_id, self._style, self._options)
        if mask.mode == "alpha":
            legend = Legend(mask_id, "opacity", [])
        else:
            own = masks_by_id(self._source)[mask_id].labels
            legend = Legend(mask_id, "labels", self._style.legend(mask_id, own))
        return Wanted(spec, _by_digest(tables)), legend

    def name_labels(self, report: dict[str, Any]) -> None:
        """Add labels and colours to the values that a report counts."""
        name_labels(report, self._source, self._style)


def _resolve(mask_labels: MaskLabels) -> LabelMapping:
    for loc, entries in mask_labels.items() if isinstance(mask_labels, dict) else [("", mask_labels)]:
        check_names(entries, loc)
    return resolve_labels(mask_labels)


def _by_digest(tables: tuple[Table, ...]) -> dict[bytes, bytes]:
    return {table.digest: table.packed for table in tables}


def check_options(options: PreviewOptions) -> None:
    """Refuse what a registry would refuse in a query. Raises BadOption."""
    if options.size is not None and options.size < 1:
        raise BadOption("size", f"{options.size} is no size: use 1 or more, or full.")
    if not 0 <= options.outline <= MAX_OUTLINE_PX:
        raise BadOption("outline", f"{options.outline} is no width: use 0 to {MAX_OUTLINE_PX}.")
    for opacity in (options.opacity, *options.mask_opacities.values()):
        if opacity is not None and not 0 <= opacity <= 1:
            raise BadOption("opacity", f"{opacity} is no opacity: use 0 to 1.")
    colors = [("background", options.background), ("unmapped", options.unmapped)]
    for option, color in [*colors, *(("tint", tint) for tint in options.tints.values())]:
        try:
            parse_color(color or "#000000")
        except ValueError as error:
            raise BadOption(option, f"{error}.") from error
    if options.background is None and options.format == "jpeg":
        raise BadOption("background", "JPEG has no transparency: use WebP or PNG.")
