"""Settings from environment variables: every field of a frozen struct, every fault told at once.

A service's settings are one `msgspec.Struct` whose fields carry their help text; the variable of a field
`stream_window` is `MATTEBOX_STREAM_WINDOW`. Tuples are given as comma-separated values.
Only `__main__` modules read the environment.
"""

from collections.abc import Mapping
from typing import Any, TypeVar, get_origin, get_type_hints

import msgspec

PREFIX = "MATTEBOX_"

S = TypeVar("S", bound=msgspec.Struct)


class SettingsError(ValueError):
    """One or more variables cannot be used; the message names each with what it needs."""


def variable(field: str) -> str:
    """Name the environment variable of a settings field."""
    return PREFIX + field.upper()


def option(field: str) -> str:
    """Name the command line option of a settings field."""
    return "--" + field.replace("_", "-")


def load(kind: type[S], environment: Mapping[str, str], **overrides: Any) -> S:
    """Read settings from the environment, with values given on the command line on top.

    An override of None counts as not given; so does an empty variable.

    Raises:
        SettingsError: naming every bad variable, or the option where that was given, and what it takes.
    """
    hints = get_type_hints(kind, include_extras=True)
    values: dict[str, Any] = {}
    faults: list[str] = []
    for field in kind.__struct_fields__:
        given = overrides.get(field)
        raw = given if given is not None else environment.get(variable(field)) or None
        if raw is None:
            continue
        try:
            values[field] = _convert(raw, hints[field])
        except msgspec.ValidationError as error:
            name = variable(field) if given is None else option(field)
            faults.append(f"{name}: {_wanted(msgspec.inspect.type_info(hints[field])) or error}")
    if not faults:
        try:
            return msgspec.convert(values, kind)
        except msgspec.ValidationError as error:
            faults.append(str(error))
    raise SettingsError("\n".join(faults))


def _convert(raw: Any, kind: Any) -> Any:
    if isinstance(raw, str) and get_origin(_bare(kind)) is tuple:
        raw = [part.strip() for part in raw.split(",") if part.strip()]
    return msgspec.convert(raw, kind, strict=False)


def _bare(kind: Any) -> Any:
    return getattr(kind, "__origin__", kind) if hasattr(kind, "__metadata__") else kind


class Setting(msgspec.Struct, frozen=True):
    """One line of the configuration page."""

    variable: str
    default: Any
    help: str
    metavar: str
    """What kind of value it takes, for people: `int`, `float` or `str`."""


def describe(kind: type[msgspec.Struct]) -> list[Setting]:
    """List a struct's settings with their variables, defaults and help texts."""
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)  # noqa: S101 - a Struct is a StructType
    return [
        Setting(variable(field.name), _default(field), _description(field.type), _metavar(_innermost(field.type)))
        for field in info.fields
    ]


def _innermost(kind: msgspec.inspect.Type) -> msgspec.inspect.Type:
    """Take away what stands around the type itself: its description, and that it may be None."""
    if isinstance(kind, msgspec.inspect.Metadata):
        return _innermost(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        return _innermost(next(part for part in kind.types if not isinstance(part, msgspec.inspect.NoneType)))
    return kind


def _metavar(kind: msgspec.inspect.Type) -> str:
    if isinstance(kind, msgspec.inspect.IntType):
        return "int"
    return "float" if isinstance(kind, msgspec.inspect.FloatType) else "str"


def _wanted(kind: msgspec.inspect.Type) -> str | None:
    """Say in words what a setting takes; None for kinds that have no words here."""
    kind = _innermost(kind)
    if isinstance(kind, msgspec.inspect.IntType):
        return f"must be a whole number{_range(kind)}."
    if isinstance(kind, msgspec.inspect.FloatType):
        return f"must be a number{_range(kind)}."
    if isinstance(kind, msgspec.inspect.StrType) and kind.min_length:
        return f"must have at least {kind.min_length} characters."
    return None


def _range(kind: msgspec.inspect.IntType | msgspec.inspect.FloatType) -> str:
    if kind.ge is not None and kind.le is not None:
        return f" from {kind.ge:g} to {kind.le:g}"
    if kind.ge is not None:
        return f", {kind.ge:g} or more"
    return f" above {kind.gt:g}" if kind.gt is not None else ""


def _default(field: msgspec.inspect.Field) -> Any:
    return None if field.default is msgspec.NODEFAULT else field.default


def _description(kind: msgspec.inspect.Type) -> str:
    if isinstance(kind, msgspec.inspect.Metadata):
        return str((kind.extra_json_schema or {}).get("description", ""))
    return ""
