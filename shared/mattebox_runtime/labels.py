"""A version's mapping, resolved: every value with its labels, colour and opacity.

A frame's own list of a mask is asked first, then the version's list of the mask id, then `_all_`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mattebox.models import ALL_MASKS, NAME_PATTERN, MaskLabel, MaskLabels
from mattebox_runtime.colors import Color, format_color, parse_color
from mattebox_runtime.palette import assign_colors
from mattebox_runtime.tables import Entry, ValueKind

_GREY = 0x010101

_NAME = re.compile(NAME_PATTERN)


class LabelsError(ValueError):
    """A list of mask labels contradicts itself; `loc` is the position inside of the mapping: `_all_[3].value`."""

    def __init__(self, loc: str, message: str) -> None:
        super().__init__(f"{loc}: {message}")
        self.loc = loc
        self.message = message


class ResolvedLabel(NamedTuple):
    """One entry of a mapping with everything decided."""

    value: list[int] | int
    """As declared."""
    labels: tuple[str, ...]
    color: Color
    opacity: float
    ignore: bool

    def declared(self) -> dict[str, object]:
        """Give the entry as the API shows it."""
        shown: dict[str, object] = {
            "value": self.value,
            "labels": list(self.labels),
            "color": format_color(self.color),
            "opacity": self.opacity,
        }
        return shown | {"ignore": True} if self.ignore else shown


class LabelMapping(NamedTuple):
    """A resolved mapping: lists by mask id, and under `_all_` the one for every mask."""

    lists: Mapping[str, tuple[ResolvedLabel, ...]]

    def labels_of(self, mask_id: str, own: Sequence[MaskLabel] | None = None) -> list[ResolvedLabel]:
        """Merge what holds for a mask; `own` is the list its frame carries.

        Raises:
            LabelsError: `own` names a value twice.
        """
        merged: dict[tuple[ValueKind, int], ResolvedLabel] = {}
        own_list = self._resolve_own(own) if own else ()
        for entries in (own_list, self.lists.get(mask_id, ()), self.lists.get(ALL_MASKS, ())):
            for entry in entries:
                merged.setdefault(_identity(entry.value), entry)
        return list(merged.values())

    def declared(self) -> dict[str, list[dict[str, object]]]:
        """Give the dictionary form, every entry with its resolved colour and opacity."""
        return {mask_id: [entry.declared() for entry in entries] for mask_id, entries in self.lists.items()}

    def _resolve_own(self, own: Sequence[MaskLabel]) -> tuple[ResolvedLabel, ...]:
        check_values(own, "labels")
        known: dict[str, Color] = {}
        for entries in self.lists.values():
            for entry in entries:
                known.setdefault(_name(entry.labels, entry.value), entry.color)
        return _resolve(own, known | _colors([own], known))


def resolve_labels(mask_labels: MaskLabels) -> LabelMapping:
    """Decide every colour and opacity of a mapping; a label has one colour in all of its lists.

    Raises:
        LabelsError: a list names a value twice.
    """
    check_labels(mask_labels)
    lists = mask_labels if isinstance(mask_labels, dict) else {ALL_MASKS: mask_labels}
    colors = _colors(list(lists.values()), {})
    return LabelMapping({mask_id: _resolve(entries, colors) for mask_id, entries in lists.items()})


def table_entries(labels: Sequence[ResolvedLabel], hidden: frozenset[str] = frozenset()) -> list[Entry]:
    """Reduce merged labels to what decides pixels; an entry is hidden when one of its labels is."""
    return [
        Entry(
            value=_packed(entry.value),
            kind=_kind(entry.value),
            color=entry.color,
            opacity=entry.opacity,
            ignore=entry.ignore,
            hidden=not hidden.isdisjoint(entry.labels),
        )
        for entry in labels
    ]


def in_table_order(labels: Sequence[ResolvedLabel]) -> list[ResolvedLabel]:
    """Sort merged labels as their entries lie in a packed table."""
    return sorted(labels, key=lambda label: (_kind(label.value), _packed(label.value)))


def check_labels(mask_labels: MaskLabels) -> None:
    """See that no list of a mapping declares a value twice.

    Raises:
        LabelsError: at the second of the two.
    """
    if isinstance(mask_labels, dict):
        for mask_id, entries in mask_labels.items():
            check_values(entries, mask_id)
    else:
        check_values(mask_labels, "")


def check_values(entries: Sequence[MaskLabel], loc: str) -> None:
    """See that no value is declared twice; an integer v <= 255 is the same value as [v, v, v].

    Raises:
        LabelsError: at the second of the two.
    """
    seen: dict[tuple[ValueKind, int], int] = {}
    for position, entry in enumerate(entries):
        first = seen.setdefault(_identity(entry.value), position)
        if first != position:
            raise LabelsError(
                f"{loc}[{position}].value",
                f"The value {entry.value} is declared at [{first}] already: join their labels in one entry.",
            )


def check_names(entries: Sequence[MaskLabel], loc: str) -> None:
    """See that every entry has labels, each of them something to read; what is ignored may go without.

    Raises:
        LabelsError: at the first that is not.
    """
    for position, entry in enumerate(entries):
        where = f"{loc}[{position}].labels"
        if not entry.labels and not entry.ignore:
            raise LabelsError(where, "Give at least one label.")
        for number, label in enumerate(_labels(entry)):
            if not _NAME.match(label):
                raise LabelsError(
                    where if isinstance(entry.labels, str) else f"{where}[{number}]",
                    "Give a label that is not blank and has no control characters.",
                )


def _colors(lists: Sequence[Sequence[MaskLabel]], known: Mapping[str, Color]) -> dict[str, Color]:
    """Give each name without a colour of its own one that is not in use."""
    named = [entry for entries in lists for entry in entries]
    chosen: dict[str, Color] = {}
    for entry in named:
        if entry.color is not None:
            chosen.setdefault(_name(_labels(entry), entry.value), parse_color(entry.color))
    names = {_name(_labels(entry), entry.value) for entry in named} - chosen.keys() - known.keys()
    return assign_colors(names, {*chosen.values(), *known.values()}) | chosen


def _resolve(entries: Sequence[MaskLabel], colors: Mapping[str, Color]) -> tuple[ResolvedLabel, ...]:
    return tuple(
        ResolvedLabel(
            value=entry.value,
            labels=_labels(entry),
            color=parse_color(entry.color) if entry.color else colors[_name(_labels(entry), entry.value)],
            opacity=1.0 if entry.opacity is None else float(entry.opacity),
            ignore=entry.ignore,
        )
        for entry in entries
    )


def _labels(entry: MaskLabel) -> tuple[str, ...]:
    return (entry.labels,) if isinstance(entry.labels, str) else tuple(entry.labels)


def _name(labels: tuple[str, ...], value: list[int] | int) -> str:
    """Name what an entry's colour stands for: its first label, else its value."""
    return labels[0] if labels else str(value)


def _kind(value: list[int] | int) -> ValueKind:
    if isinstance(value, int):
        return ValueKind.INTEGER
    return ValueKind.RGB if len(value) == 3 else ValueKind.RGBA


def _packed(value: list[int] | int) -> int:
    return value if isinstance(value, int) else int.from_bytes(bytes(value), "little")


def _identity(value: list[int] | int) -> tuple[ValueKind, int]:
    if isinstance(value, int) and value <= 255:
        return ValueKind.RGB, value * _GREY
    return _kind(value), _packed(value)
