"""The mapping of a version, as one reads it: what the values of its masks mean, and how they are painted."""

from collections.abc import Mapping, Sequence
from typing import Any

from mattebox.models import ALL_MASKS, MaskLabel
from mattebox.notebook import label_table, names

Value = tuple[int, ...] | int

Declared = Mapping[str, Sequence[Mapping[str, Any]]]
"""Entries as they were set, by mask id."""


class MaskMapping(dict[Value, list[str]]):
    """Labels by value: `{(1, 1, 1): ["person", "sitting"]}`. Shows itself with its colours in a notebook.

    Changed and given to `set_masks_labels`, it changes these labels alone: colours, opacities, what is ignored and the
    lists of other masks stay.
    """

    def __init__(
        self, lists: Mapping[str, Sequence[MaskLabel]], mask_id: str = ALL_MASKS, declared: Declared | None = None
    ) -> None:
        """`lists` are those of every mask id, with `_all_` for the others; the dictionary is that of `mask_id`."""
        self.by_mask = {name: list(entries) for name, entries in lists.items()}
        """All entries by mask id, `_all_` for the others; `set_masks_labels` takes them, colours and all."""
        entries = {_key(entry.value): entry for name in (ALL_MASKS, mask_id) for entry in self.by_mask.get(name, ())}
        super().__init__({value: names(entry.labels) for value, entry in entries.items()})
        self.colors: dict[Value, str] = {value: entry.color for value, entry in entries.items() if entry.color}
        """The colour of each value, as `#rrggbb`."""
        self._mask_id = mask_id
        self._declared = declared or {}
        self._before = {value: list(labels) for value, labels in self.items()}

    def document(self) -> dict[str, list[Any]]:
        """Write all lists as they were set, with what was changed in the dictionary since."""
        lists = {name: [dict(entry) for entry in entries] for name, entries in self._declared.items()}
        changed = {value: labels for value, labels in self.items() if self._before.get(value) != labels}
        for name in dict.fromkeys((self._mask_id, ALL_MASKS)):
            kept = [entry for entry in lists.get(name, ()) if _key(entry["value"]) in self]
            for entry in kept:
                entry["labels"] = changed.pop(_key(entry["value"]), entry.get("labels"))
            if name in lists:
                lists[name] = kept
        if changed:
            new = [{"value": _spelt(value), "labels": labels} for value, labels in changed.items()]
            lists[self._mask_id] = [*lists.get(self._mask_id, ()), *new]
        return lists

    def _repr_html_(self) -> str:
        captions = {ALL_MASKS: "every mask"}
        tables = [label_table(entries, captions.get(name, f"mask {name}")) for name, entries in self.by_mask.items()]
        return "".join(tables) or "no mask labels"


def _spelt(value: Value) -> list[int] | int:
    return value if isinstance(value, int) else list(value)


def _key(value: list[int] | int) -> Value:
    return value if isinstance(value, int) else tuple(value)
