"""msgspec's verdicts in the words of the API: where the fault is, and what to write there."""

import re

import msgspec

from mattebox_registry.errors import FieldError

_WORDS = {"str": "string", "int": "integer", "float": "number", "bool": "true or false", "bytes": "bytes"}
_AT = " - at `"


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
    return FieldError(_join(prefix, loc), _advice(message))


def _join(prefix: str, loc: str) -> str:
    return (prefix + loc) if prefix else loc.removeprefix(".")


def _advice(message: str) -> str:
    if message.startswith("Expected "):
        return f"Give {_reword(message.removeprefix('Expected '))}."
    if message.startswith("Invalid enum value "):
        return f"The word {message.removeprefix('Invalid enum value ')} is not known here."
    return f"{message}."


def _reword(expectation: str) -> str:
    expectation = expectation.replace(", got ", ", not ")
    return re.sub(r"`([^`]*)`", lambda match: _name_types(match[1]), expectation)


def _name_types(types: str) -> str:
    return " or ".join(_WORDS.get(name, name) for name in types.split(" | "))
