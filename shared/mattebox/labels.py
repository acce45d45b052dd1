"""Mask labels in the forms in which people write them."""

from collections.abc import Mapping, Sequence
from typing import Any

from mattebox.mask_mapping import MaskMapping
from mattebox.models import MaskLabel

Names = Sequence[str] | str

# A mapping is invariant in its keys: each kind of key has to be named for a type checker to take it.
LabelsByValue = (
    Mapping[tuple[int, int, int], Names]
    | Mapping[tuple[int, int, int, int], Names]
    | Mapping[tuple[int, ...], Names]
    | Mapping[int, Names]
    | Mapping[tuple[int, ...] | int, Names]
)
"""`{(r, g, b): ["label", ...]}`, or an integer instead of the colour."""

OneMapping = LabelsByValue | Sequence[MaskLabel | Mapping[str, Any]]
"""The mapping by value, or a list of entries."""

MaskLabelsInput = (
    OneMapping
    | Mapping[str, Sequence[MaskLabel | Mapping[str, Any]]]
    | Mapping[str, LabelsByValue]
    | Mapping[str, OneMapping]
)
"""One mapping for every mask, or mappings by mask id with `_all_` for the others."""


def mask_labels_document(labels: MaskLabelsInput) -> dict[str, Any] | list[Any]:
    """Bring mask labels into a form that the API takes; the API checks the values.

    Raises:
        TypeError: neither a list nor a mapping.
    """
    if isinstance(labels, MaskMapping):
        return labels.document()
    if isinstance(labels, Mapping):
        entries: Mapping[Any, Any] = labels
        if entries and not any(isinstance(key, str) for key in entries):
            return [{"value": _value(value), "labels": _names(names)} for value, names in entries.items()]
        return {mask_id: mask_labels_document(_plain(one)) for mask_id, one in entries.items()}
    if isinstance(labels, Sequence) and not isinstance(labels, str | bytes):
        return list(labels)
    raise TypeError("mask labels are a list of entries, or a mapping by value or by mask id")


def _plain(one: Any) -> Any:
    # As the list of one mask it is what the dictionary says, and no more.
    return dict(one) if isinstance(one, MaskMapping) else one


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _names(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
