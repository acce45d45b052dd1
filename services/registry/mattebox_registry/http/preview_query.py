"""The query of a preview: every parameter checked, every fault told at once, the format agreed with `Accept`."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, get_args

from mattebox.models import MaskMode
from mattebox_registry.errors import FieldError, InvalidInput
from mattebox_runtime.options import MAX_OUTLINE_PX, SIZES, IndexMapOptions, PreviewOptions
from mattebox_runtime.spec import CONTENT_TYPES, PreviewFormat

MAX_WAIT_S = 30.0

FORMATS: tuple[PreviewFormat, ...] = get_args(PreviewFormat)
MODES: tuple[MaskMode, ...] = get_args(MaskMode)

_NUMBER = re.compile(r"([0-9]+(\.[0-9]*)?|\.[0-9]+)(e-?[0-9]{1,2})?")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")

_ESCAPED = re.compile(r"\\([,\\])")
_LISTED = re.compile(r"(?:[^,\\]|\\[,\\])+")
_LIST = re.compile(r"(?:[^\\]|\\[,\\])*")


class PreviewQuery(NamedTuple):
    """A checked query."""

    options: PreviewOptions
    wait_s: float


class IndexMapQuery(NamedTuple):
    """A checked query of an index map."""

    options: IndexMapOptions
    wait_s: float


class _Fault(ValueError):
    """A value that is not accepted; the message says which are."""


def read_preview_query(query: Iterable[tuple[str, str]], accept: str | None) -> PreviewQuery:
    """Check the parameters of a preview, as (name, value) pairs in the order they came.

    Raises:
        InvalidInput: naming every parameter that is unknown, repeated or out of range, with what is accepted.
    """
    plain: dict[str, Any] = {}
    by_mask: dict[str, dict[str, Any]] = {}
    faults: list[FieldError] = []
    seen: set[str] = set()
    for name, value in query:
        try:
            _refuse_repetition(name, seen)
            _read(name, value, plain, by_mask)
        except _Fault as fault:
            faults.append(FieldError(name, str(fault)))
    wait_s = plain.pop("wait", 0.0)
    if "format" not in plain:
        plain["format"] = negotiate_format(accept)
    if plain.get("background", "") is None and plain["format"] == "jpeg":
        faults.append(FieldError("background", "JPEG has no transparency: use format=webp or format=png."))
    _refuse(faults)
    return PreviewQuery(PreviewOptions(**(plain | by_mask)), wait_s)


def read_index_map_query(query: Iterable[tuple[str, str]]) -> IndexMapQuery:
    """Check the parameters of an index map.

    Raises:
        InvalidInput: naming every parameter that is missing, unknown, repeated or out of range.
    """
    read: dict[str, Any] = {}
    faults: list[FieldError] = []
    seen: set[str] = set()
    for name, value in query:
        try:
            _refuse_repetition(name, seen)
            read[name] = _parameter(_OF_INDEX_MAPS, name)(value)
        except _Fault as fault:
            faults.append(FieldError(name, str(fault)))
    if "mask" not in seen:
        faults.append(FieldError("mask", "Name the mask whose map is wanted: mask=<mask id>."))
    _refuse(faults)
    wait_s = read.pop("wait", 0.0)
    return IndexMapQuery(IndexMapOptions(**read), wait_s)


def _refuse(faults: list[FieldError]) -> None:
    if faults:
        raise InvalidInput("bad_parameter", "The query has parameters that cannot be used.", faults)


def negotiate_format(accept: str | None) -> PreviewFormat:
    """Choose the format a client likes best: the highest q, ours first among equals.

    A header that accepts none of ours gets WebP all the same: a picture is more use than 406 (RFC 9110, 12.4.1).
    """
    if not accept:
        return FORMATS[0]
    ranges = _accept_ranges(accept)
    liked = {name: _quality(CONTENT_TYPES[name], ranges) for name in FORMATS}
    best = max(FORMATS, key=lambda name: liked[name])
    return best if liked[best] > 0 else FORMATS[0]


def _accept_ranges(accept: str) -> dict[str, float]:
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                quality = _q(value.strip())
        ranges[media.lower()] = quality
    return ranges


def _q(value: str) -> float:
    # A q that breaks the grammar disqualifies its range, so that nobody is sent what they may have refused.
    return float(value) if re.fullmatch(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?", value) else 0.0


def _quality(content_type: str, ranges: dict[str, float]) -> float:
    for media in (content_type, "image/*", "*/*"):
        if media in ranges:
            return ranges[media]
    return 0.0


def _refuse_repetition(name: str, seen: set[str]) -> None:
    if name in seen:
        msg = "Given more than once: give it once."
        raise _Fault(msg)
    seen.add(name)


def _read(name: str, value: str, plain: dict[str, Any], by_mask: dict[str, dict[str, Any]]) -> None:
    if name in _PLAIN:
        plain[name] = _PLAIN[name](value)
        return
    family, dot, mask = name.partition(".")
    if dot and family in _BY_MASK:
        if not mask:
            msg = f"Name the mask after the dot: {family}.<mask id>."
            raise _Fault(msg)
        field, read = _BY_MASK[family]
        by_mask.setdefault(field, {})[mask] = read(value)
        return
    raise _unknown(_PLAIN, *(f"{family}.<mask id>" for family in _BY_MASK))


def _parameter(known: Mapping[str, Callable[[str], Any]], name: str) -> Callable[[str], Any]:
    if name not in known:
        raise _unknown(known)
    return known[name]


def _unknown(known: Iterable[str], *more: str) -> _Fault:
    return _Fault(f"Unknown parameter: use {', '.join((*known, *more))}.")


def _id(value: str) -> str:
    if not value:
        msg = "Give a source id, or leave the parameter out for the first source."
        raise _Fault(msg)
    return value


def _mask_id(value: str) -> str:
    if not value:
        msg = "Give a mask id."
        raise _Fault(msg)
    return value


def _ids(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_listed(value)))


def _labels(value: str) -> frozenset[str]:
    return frozenset(_listed(value))


def _listed(value: str) -> list[str]:
    if not _LIST.fullmatch(value):
        msg = r"Separate names by commas, and write \, for a comma and \\ for a backslash inside of a name."
        raise _Fault(msg)
    return [_ESCAPED.sub(r"\1", name) for name in _LISTED.findall(value)]


def _mode(value: str) -> MaskMode:
    if value not in MODES:
        msg = f"Use one of {', '.join(MODES)}."
        raise _Fault(msg)
    return value


def _format(value: str) -> PreviewFormat:
    if value not in FORMATS:
        msg = f"Use one of {', '.join(FORMATS)}."
        raise _Fault(msg)
    return value


def _color(value: str) -> str:
    if not _COLOR.fullmatch(value):
        msg = "Use a colour as #rrggbb, with # written %23 in a URL."
        raise _Fault(msg)
    # One spelling, one preview key.
    return value.lower()


def _background(value: str) -> str | None:
    return None if value == "transparent" else _or_word(value, "transparent")


def _unmapped(value: str) -> str | None:
    return None if value == "hide" else _or_word(value, "hide")


def _or_word(value: str, word: str) -> str:
    try:
        return _color(value)
    except _Fault as fault:
        msg = f"{fault} Or use {word}."
        raise _Fault(msg) from None


def _number(value: str, most: float) -> float:
    # float() also takes "nan", "1_0" and blanks, none of which anybody means.
    number = float(value) if _NUMBER.fullmatch(value) else -1.0
    if not 0 <= number <= most:
        msg = f"Use a number from 0 to {most:g}."
        raise _Fault(msg)
    return number


def _opacity(value: str) -> float:
    return _number(value, 1.0)


def _wait(value: str) -> float:
    return _number(value, MAX_WAIT_S)


def _outline(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", value) or int(value) > MAX_OUTLINE_PX:
        msg = f"Use a whole number of pixels from 0 to {MAX_OUTLINE_PX}."
        raise _Fault(msg)
    return int(value)


def _size(value: str) -> int | None:
    if value == "full":
        return None
    if value not in _SIZE_WORDS:
        msg = f"Use one of {', '.join(_SIZE_WORDS)} or full."
        raise _Fault(msg)
    return int(value)


_SIZE_WORDS = tuple(map(str, SIZES))

_PLAIN: dict[str, Callable[[str], Any]] = {
    "source": _id,
    "masks": _ids,
    "mode": _mode,
    "opacity": _opacity,
    "background": _background,
    "hide": _labels,
    "unmapped": _unmapped,
    "outline": _outline,
    "size": _size,
    "format": _format,
    "wait": _wait,
}

_OF_INDEX_MAPS: dict[str, Callable[[str], Any]] = {
    "mask": _mask_id,
    "source": _id,
    "size": _size,
    "mode": _mode,
    "wait": _wait,
}

_BY_MASK: dict[str, tuple[str, Callable[[str], Any]]] = {
    "mode": ("mask_modes", _mode),
    "opacity": ("mask_opacities", _opacity),
    "tint": ("tints", _color),
}
