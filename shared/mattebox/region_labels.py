"""Labels that regions give to values of masks: `{"mask": {"id": "00", "value": [1, 1, 1]}, "label": ["person"]}`.

It is how ClearML's SDKs label a mask (`add_annotation(mask_rgb=...)`). Masks hold them as labels of their own, which is
how they are drawn and counted.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mattebox.models import NAME_PATTERN, numbered_id

_NAME = re.compile(NAME_PATTERN)

_MOST_NAMES = 64

_Value = tuple[int, ...]
_Said = dict[tuple[int, int], dict[_Value, list[str]]]
"""What is said of the values of a mask, by the positions of its source and itself."""


def label_masks(document: dict[str, Any]) -> bool:
    """Add what the regions of a document say of masks to the masks' own labels, and tell whether that was anything.

    What a mask says of a value itself stays. Regions that no mask could hold as labels change nothing.
    """
    changed = False
    for (source, position), labels in _said(document).items():
        mask = document["sources"][source]["masks"][position]
        own = mask.get("labels") or []
        if not isinstance(own, list):
            continue
        known = {_value(entry.get("value")) for entry in own if isinstance(entry, Mapping)}
        added = [entry for entry in _entries(labels) if _value(entry["value"]) not in known]
        if added:
            mask["labels"] = [*own, *added]
            changed = True
    return changed


def without_region_labels(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a document as it was before `label_masks`; the document itself stays as it is."""
    said = _said(document)
    if not said:
        return document
    sources = [dict(source) for source in document["sources"]]
    for (source, position), labels in said.items():
        masks = sources[source]["masks"] = [dict(mask) for mask in sources[source]["masks"]]
        mask, entries = masks[position], _entries(labels)
        left = [entry for entry in mask.get("labels") or () if entry not in entries]
        mask.pop("labels", None)
        if left:
            mask["labels"] = left
    return {**document, "sources": sources}


def _said(document: Mapping[str, Any]) -> _Said:
    said: _Said = {}
    for region in _objects(document.get("rois")):
        mask = region.get("mask")
        value = _value(mask.get("value")) if isinstance(mask, Mapping) else None
        names = _names(region.get("label", region.get("labels")))
        if not isinstance(mask, Mapping) or value is None or not names:
            continue
        owners = region.get("sources")
        owners = owners if isinstance(owners, list) else []
        for number, source in enumerate(_objects(document.get("sources"))):
            position = _position(_objects(source.get("masks")), mask.get("id"))
            if position is not None and (not owners or (source.get("id") or numbered_id(number)) in owners):
                known = said.setdefault((number, position), {}).setdefault(value, [])
                known += [name for name in names if name not in known]
    return said


def _position(masks: Sequence[Mapping[str, Any]], mask_id: object) -> int | None:
    """Find a mask by its id; "00" is the first, whatever it is called, for ClearML's SDK knows no other."""
    ids = [mask.get("id") or numbered_id(position) for position, mask in enumerate(masks)]
    if mask_id in ids:
        return ids.index(mask_id)
    return 0 if ids and mask_id == numbered_id(0) else None


def _entries(labels: Mapping[_Value, list[str]]) -> list[dict[str, Any]]:
    return [{"value": list(value), "labels": names[:_MOST_NAMES]} for value, names in labels.items()]


def _value(given: object) -> _Value | None:
    if isinstance(given, int):
        # A number is the grey of that brightness.
        given = [given] * 3
    if not isinstance(given, list | tuple) or len(given) not in (3, 4):
        return None
    channels = [c for c in given if isinstance(c, int | float) and not isinstance(c, bool) and c in range(256)]
    return tuple(map(int, channels)) if len(channels) == len(given) else None


def _names(given: object) -> list[str]:
    names = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return names if all(isinstance(name, str) and _NAME.match(name) for name in names) else []


def _objects(items: object) -> list[Any]:
    # Positions count: what holds something else than objects is left for the registry to refuse.
    return items if isinstance(items, list) and all(isinstance(item, Mapping) for item in items) else []
