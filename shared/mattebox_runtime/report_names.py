"""Names in mask reports: the renderer counts values, and labels belong to them by a style."""

from typing import Any

from mattebox.models import Source
from mattebox_runtime.colors import format_color
from mattebox_runtime.resolution import masks_by_id
from mattebox_runtime.style import Style


def name_labels(report: dict[str, Any], source: Source, style: Style) -> None:
    """Add to a report of a source's preview the labels and colour of each value that was counted.

    Names do not decide pixels, so a report may be older than they are; a value that has lost its entry has no labels.
    """
    masks = masks_by_id(source)
    for found in report.get("masks", ()):
        mask = masks.get(found.get("id"))
        entries = style.labels_of(found["id"], mask.labels) if mask is not None else []
        named = {_hashable(entry.value): entry for entry in entries}
        for counted in (*found.get("labels", ()), *found.get("ignored", {}).get("values", ())):
            entry = named.get(_hashable(counted["value"]))
            counted["labels"] = [] if entry is None else list(entry.labels)
            counted["color"] = None if entry is None else format_color(entry.color)


def _hashable(value: list[int] | int) -> tuple[int, ...] | int:
    return value if isinstance(value, int) else tuple(value)
