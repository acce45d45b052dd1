"""The mapping of a version, as one reads it: what the values of its masks mean, and how they are painted."""

from collections.abc import Mapping, Sequence

from mattebox.models import ALL_MASKS, MaskLabel
from mattebox.notebook import label_table, names

Value = tuple[int, ...] | int


class MaskMapping(dict[Value, list[str]]):
    """Labels by value: `{(1, 1, 1): ["person", "sitting"]}`. Shows itself with its colours in a notebook."""

    def __init__(self, lists: Mapping[str, Sequence[MaskLabel]], mask_id: str = ALL_MASKS) -> None:
        """`lists` are those of every mask id, with `_all_` for the others; the dictionary is that of `mask_id`."""
        self.by_mask = {name: list(entries) for name, entries in lists.items()}
        """All entries by mask id, `_all_` for the others; `set_masks_labels` takes them, colours and all."""
        entries = {_key(entry): entry for name in (ALL_MASKS, mask_id) for entry in self.by_mask.get(name, ())}
        super().__init__({value: names(entry.labels) for value, entry in entries.items()})
        self.colors: dict[Value, str] = {value: entry.color for value, entry in entries.items() if entry.color}
        """The colour of each value, as `#rrggbb`."""

    def _repr_html_(self) -> str:
        captions = {ALL_MASKS: "every mask"}
        tables = [label_table(entries, captions.get(name, f"mask {name}")) for name, entries in self.by_mask.items()]
        return "".join(tables) or "no mask labels"


def _key(entry: MaskLabel) -> Value:
    return entry.value if isinstance(entry.value, int) else tuple(entry.value)
