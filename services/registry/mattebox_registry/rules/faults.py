"""msgspec's verdicts in the words of the API: where the fault is, and what to write there."""

import re
from collections.abc import Mapping
from typing import get_args

import msgspec

from mattebox.models import COLOR_PATTERN, NAME_PATTERN, MaskEncoding, MaskMode
from mattebox_registry.errors import FieldError
from mattebox_registry.records import Scope

_WORDS = {"str": "string", "int": "integer", "float": "number", "bool": "true or false", "bytes": "bytes"}
_AT = " - at `"

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "mode": get_args(MaskMode),
    "encoding": get_args(MaskEncoding),
    "mask_encodings": get_args(MaskEncoding),
    "scopes": get_args(Scope),
}
"""The words to choose from, by the field that holds one of them, a list or a mapping of them."""

_PATTERNS: Mapping[str, str] = {
    COLOR_PATTERN: "Give a colour as #rrggbb.",
    NAME_PATTERN: "Give a name that is not blank and has no control characters.",
}

_HALF_AT_THE_END = re.compile(rb"""\\u[dD][89a-fA-F][0-9a-fA-F]{2}["}\]\s]*\Z""")


def field_error(error: msgspec.ValidationError, prefix: str = "") -> FieldError:
    """Turn a validation error into a path and a sentence; `prefix` is the path of what was validated."""
    message, at, path = str(error).partition(_AT)
    loc = path.removesuffix("`").removeprefix("$").replace("[...]", "[*]") if at else ""
    missing = re.fullmatch(r"Object missing required field `(.+)`", message)
    if missing:
        return FieldError(_join(prefix, f"{loc}.{missing[1]}"), "This field is required.")
    unknown = re.fullmatch(r"Object contains unknown field `(.+)`", message)
    if unknown:
        return FieldError(_join(prefix, f"{loc}.{unknown[1]}"), "There is no such field: leave it out.")
    path = _join(prefix, loc)
    return FieldError(path, _advice(message, path))


def _join(prefix: str, loc: str) -> str:
    return (prefix + loc) if prefix else loc.removeprefix(".")


def json_fault(document: bytes, error: Exception) -> str:
    """Say what is wrong with a document that is no JSON."""
    message = str(error)
    # A pair of which the document ends before the second half could come is taken for a document that is cut off.
    is_cut_off = message == "Input data was truncated"
    if "surrogate" in message or "hex escape" in message or (is_cut_off and _HALF_AT_THE_END.search(document)):
        return "a \\ud800 to \\udfff stands alone, which is half a character"
    return message


def _advice(message: str, path: str) -> str:
    for pattern, advice in _PATTERNS.items():
        if message.endswith(f"matching regex {pattern!r}"):
            return advice
    if message.startswith("Expected "):
        return f"Give {_reword(message.removeprefix('Expected '))}."
    if message.startswith("Invalid enum value "):
        given = message.removeprefix("Invalid enum value ")
        return f"The word {given} is not known here: use {_choices(path)}."
    return f"{message}."


def _choices(path: str) -> str:
    fields = re.findall(r"\w+", path)
    return ", ".join(next(_CHOICES[field] for field in fields if field in _CHOICES))


def _reword(expectation: str) -> str:
    expectation = expectation.replace(", got ", ", not ")
    return re.sub(r"`([^`]*)`", lambda match: _name_types(match[1]), expectation)


def _name_types(types: str) -> str:
    return " or ".join(_WORDS.get(name, name) for name in types.split(" | "))
