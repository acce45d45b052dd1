"""`only_fields`: less of an answer."""

from collections.abc import Mapping
from typing import Any


def only(fields: Mapping[str, Any], wanted: list[str] | None) -> dict[str, Any]:
    """Keep the fields that were asked for, and the id."""
    if wanted is None:
        return dict(fields)
    names = {"id", *(name.partition(".")[0] for name in wanted)}
    return {name: value for name, value in fields.items() if name in names}
