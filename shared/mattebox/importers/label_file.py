"""Mask labels in a JSON file, in the forms in which people have them.

- `[{"value": [r, g, b], "labels": ["car"]}, ...]`: the API's own list;
- `{"_all_": [...], "<mask id>": [...]}`: such lists by mask id, or by the file name of a mask;
- `{"car": [r, g, b], "person": 7}`: values by name;
- `{"7": "person", "26": ["car", "vehicle"]}`: names by grey value.
"""

from pathlib import PurePath, PurePosixPath
from typing import Any, NamedTuple

import msgspec

from mattebox.errors import InputError
from mattebox.importers.places import Place
from mattebox.importers.text_files import read_json
from mattebox.models import ALL_MASKS, MaskLabel

LabelLists = dict[str, list[MaskLabel]]
"""Lists of entries by mask id or mask file, `_all_` for the others."""


class LabelFile(NamedTuple):
    """What a labels file holds, each value once in each of its lists."""

    lists: LabelLists
    merged: int = 0
    """Entries whose value stood before them in their list: their labels went there."""
    recolored: int = 0
    """Those of them that asked for another colour, opacity or treatment, which was left out."""


_GREY_VALUES = 256


def read_label_file(file: Place) -> LabelFile:
    """Read mask labels; entries of the same value become one with the labels of all, the first decides the rest.

    Raises:
        InputError: the file cannot be read or used; the message names the entry at fault.
    """
    content = read_json(file, Any)
    try:
        lists = _lists(content)
    except _Fault as fault:
        raise InputError(f"{file.name}: {fault}") from fault
    if not any(lists.values()):
        raise InputError(f"{file.name}: it holds no labels.")
    merging = Merging()
    merged = {name: merging.merge(entries) for name, entries in lists.items()}
    return LabelFile(merged, merging.merged, merging.recolored)


def names_file(name: str, file: PurePath) -> bool:
    """Tell whether the name of a list, with or without its folders, can mean a file."""
    given, actual = PurePosixPath(name).parts, file.parts
    shared = min(len(given), len(actual))
    return given[-shared:] == actual[-shared:]


class _Fault(ValueError):
    """What is wrong with an entry."""


def _lists(content: Any) -> LabelLists:
    if isinstance(content, list):
        return {ALL_MASKS: _entries(content, "")}
    if not isinstance(content, dict):
        raise _Fault("labels are a list of {value, labels}, or an object.")
    if set(content) == {"mask_labels"}:
        return _lists(content["mask_labels"])
    if content and all(_is_entry_list(value) for value in content.values()):
        return {mask: _entries(entries, f"{mask!r}: ") for mask, entries in content.items()}
    return {ALL_MASKS: [_simple(name, value) for name, value in content.items()]}


def _is_entry_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _entries(entries: list[Any], where: str) -> list[MaskLabel]:
    return [_entry(entry, f"{where}entry {number}") for number, entry in enumerate(entries, start=1)]


def _entry(entry: Any, where: str) -> MaskLabel:
    try:
        return msgspec.convert(entry, MaskLabel)
    except msgspec.ValidationError as error:
        message = str(error).replace("`", "").replace(" - at $.", ", in ")
        raise _Fault(f"{where}: {message}.") from error


def _simple(name: str, value: Any) -> MaskLabel:
    grey = int(name) if name.isdecimal() else None
    if grey is not None and _is_label(value):
        return _entry({"value": _value(grey), "labels": [value] if isinstance(value, str) else value}, repr(name))
    if _is_number(value) or (isinstance(value, list) and all(_is_number(channel) for channel in value)):
        return _entry({"value": _value(value), "labels": [name]}, repr(name))
    raise _Fault(
        f'entry {name!r} is not understood: write "name": [r, g, b], or "grey value": "name", '
        'or a list of {"value": [r, g, b], "labels": ["name"]}.'
    )


def _is_label(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and bool(value) and all(isinstance(label, str) for label in value)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _value(value: int | list[int]) -> int | list[int]:
    return grey(value) if isinstance(value, int) and 0 <= value < _GREY_VALUES else value


def grey(value: int) -> list[int]:
    """Give the colour that a grey value of an 8-bit mask stands for."""
    return [value] * 3


class Merging:
    """Brings entries of one value together, and counts what that changed."""

    def __init__(self) -> None:
        self.merged = 0
        self.recolored = 0

    def merge(self, entries: list[MaskLabel]) -> list[MaskLabel]:
        """Bring entries of the same value together: one value, several labels."""
        by_value: dict[str, MaskLabel] = {}
        for entry in entries:
            known = by_value.setdefault(repr(entry.value), entry)
            if known is not entry:
                known.labels = list(dict.fromkeys([*label_names(known), *label_names(entry)]))
                self.merged += 1
                self.recolored += _look(entry) not in (_look(known), _PLAIN)
        return list(by_value.values())


def label_names(entry: MaskLabel) -> list[str]:
    """Give the labels of an entry, of which one may stand alone."""
    return [entry.labels] if isinstance(entry.labels, str) else entry.labels


def _look(entry: MaskLabel) -> tuple[str | None, float | None, bool]:
    return entry.color, entry.opacity, entry.ignore


_PLAIN = (None, None, False)
