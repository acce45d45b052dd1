"""The style of a mask: by which entries it is read and painted."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from mattebox.answers import IndexEntry
from mattebox.models import ALL_MASKS, MaskEncoding, MaskLabel
from mattebox_runtime.colors import format_color
from mattebox_runtime.labels import LabelMapping, ResolvedLabel, in_table_order, table_entries
from mattebox_runtime.spec import MAX_INDEX
from mattebox_runtime.tables import pack_table, table_digest

_TABLES_KEPT = 1024

_NOTHING_HIDDEN: frozenset[str] = frozenset()


class Table(NamedTuple):
    """A packed label table and the digest by which specs refer to it."""

    digest: bytes
    packed: bytes


class Style:
    """One style revision of a version; every method is a function of it and its arguments."""

    def __init__(self, revision: int, mapping: LabelMapping, encodings: Mapping[str, MaskEncoding]) -> None:
        self.revision = revision
        self.mapping = mapping
        self._encodings = encodings
        self._plain_labels: dict[str, list[ResolvedLabel]] = {}
        self._plain_legends: dict[str, list[IndexEntry]] = {}
        self._plain_tables: dict[str, Table | None] = {}
        self._other_tables: OrderedDict[tuple[str, bytes, frozenset[str]], Table | None] = OrderedDict()
        self._all_masks = self._build(ALL_MASKS, None, _NOTHING_HIDDEN)

    def encoding(self, mask_id: str) -> MaskEncoding:
        """Give the encoding that the metadata names for a mask, `auto` where it names none."""
        return self._encodings.get(mask_id, "auto")

    def labels_of(self, mask_id: str, own: Sequence[MaskLabel] | None = None) -> list[ResolvedLabel]:
        """List what holds for a mask, the `own` labels of its frame first."""
        if own:
            return self.mapping.labels_of(mask_id, own)
        listed = self._listed(mask_id)
        if listed not in self._plain_labels:
            self._plain_labels[listed] = self.mapping.labels_of(listed)
        return self._plain_labels[listed]

    def legend(self, mask_id: str, own: Sequence[MaskLabel] | None = None) -> list[IndexEntry]:
        """Say what the pixels of an index map of a mask stand for."""
        if own:
            return _legend(self.labels_of(mask_id, own))
        listed = self._listed(mask_id)
        if listed not in self._plain_legends:
            self._plain_legends[listed] = _legend(self.labels_of(listed))
        return self._plain_legends[listed]

    def table(
        self, mask_id: str, own: Sequence[MaskLabel] | None = None, hidden: frozenset[str] = _NOTHING_HIDDEN
    ) -> Table | None:
        """Give the table by which a mask is painted; None where no labels are declared for it."""
        if not own and not hidden:
            if mask_id not in self.mapping.lists:
                return self._all_masks
            return self._plain_table(mask_id)
        wanted = (mask_id, msgspec.json.encode(own) if own else b"", hidden)
        if wanted in self._other_tables:
            self._other_tables.move_to_end(wanted)
            return self._other_tables[wanted]
        table = self._other_tables[wanted] = self._build(mask_id, own, hidden)
        if len(self._other_tables) > _TABLES_KEPT:
            self._other_tables.popitem(last=False)
        return table

    def _listed(self, mask_id: str) -> str:
        return mask_id if mask_id in self.mapping.lists else ALL_MASKS

    def _plain_table(self, mask_id: str) -> Table | None:
        if mask_id not in self._plain_tables:
            self._plain_tables[mask_id] = self._build(mask_id, None, _NOTHING_HIDDEN)
        return self._plain_tables[mask_id]

    def _build(self, mask_id: str, own: Sequence[MaskLabel] | None, hidden: frozenset[str]) -> Table | None:
        labels = self.mapping.labels_of(mask_id, own)
        if not labels:
            return None
        packed = pack_table(table_entries(labels, hidden))
        return Table(table_digest(packed), packed)


def _legend(labels: Sequence[ResolvedLabel]) -> list[IndexEntry]:
    return [
        IndexEntry(index, label.value, list(label.labels), format_color(label.color), label.opacity, label.ignore)
        for index, label in enumerate(in_table_order(labels)[:MAX_INDEX], 1)
    ]
