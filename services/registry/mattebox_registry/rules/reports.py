"""Mask reports as clients read them: the renderer's counts, with the labels that the version gives to each value."""

from collections.abc import Mapping
from typing import Any

from mattebox.models import Source
from mattebox_registry.rules.specs import masks_by_id
from mattebox_registry.rules.style import Style
from mattebox_runtime import codec


def read_report(packed: bytes, source: Source, style: Style) -> dict[str, Any]:
    """Unpack a report of a source's preview and name its labels as the style does now.

    Names do not decide pixels, so a report may be older than they are; a value that has lost its entry has no labels.

    Raises:
        CodecError: not a report.
    """
    report = codec.unpack(packed)
    masks = masks_by_id(source)
    for found in report.get("masks", ()):
        mask = masks.get(found.get("id"))
        entries = style.labels_of(found["id"], mask.labels) if mask is not None else []
        named = {_hashable(entry.value): entry for entry in entries}
        for counted in found.get("labels", ()):
            entry = named.get(_hashable(counted["value"]))
            _name(counted, {} if entry is None else entry.declared())
    return report


def _name(counted: dict[str, Any], declared: Mapping[str, object]) -> None:
    counted["labels"] = declared.get("labels", [])
    counted["color"] = declared.get("color")


def _hashable(value: list[int] | int) -> tuple[int, ...] | int:
    return value if isinstance(value, int) else tuple(value)
