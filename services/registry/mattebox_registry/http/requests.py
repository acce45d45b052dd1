"""Queries of requests, read strictly."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

import msgspec
from aiohttp import web

from mattebox_registry.errors import FieldError, InvalidInput

MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100

T = TypeVar("T")


class Query:
    """The parameters of a request, each known and given once.

    Raises:
        InvalidInput: a parameter is unknown, repeated, or not of its kind.
    """

    def __init__(self, request: web.Request, known: Sequence[str] = ()) -> None:
        self._values = request.query
        faults = [
            FieldError(name, f"There is no such parameter: use {', '.join(known)}." if known else "Leave it out.")
            for name in self._values
            if name not in known
        ]
        faults += [FieldError(name, "Give it once.") for name in known if len(self._values.getall(name, [])) > 1]
        if faults:
            raise bad_parameter(*faults)

    def text(self, name: str) -> str | None:
        """Give a parameter as it came."""
        return self._values.get(name)

    def limit(self) -> int:
        """Give the size of a page."""
        value = self._values.get("limit", str(DEFAULT_LIMIT))
        if not (value.isascii() and value.isdigit() and len(value) <= 4 and 1 <= int(value) <= MAX_LIMIT):
            raise bad_parameter(FieldError("limit", f"Use a whole number from 1 to {MAX_LIMIT}."))
        return int(value)

    def flag(self, name: str) -> bool:
        """Give a yes or no, no where it is not given."""
        value = self._values.get(name, "false")
        if value not in {"true", "false"}:
            raise bad_parameter(FieldError(name, "Use true or false."))
        return value == "true"

    def cursor(self, kind: type[T]) -> T | None:
        """Give the position after which a page starts."""
        value = self._values.get("cursor")
        return None if value is None else read_cursor(value, kind)


def bad_parameter(*faults: FieldError) -> InvalidInput:
    """Refuse a query."""
    return InvalidInput("bad_parameter", "The query has parameters that cannot be used.", list(faults))


def read_cursor(cursor: str, kind: type[T]) -> T:
    """Give the position of an opaque cursor. Raises InvalidInput."""
    try:
        packed = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(packed, type=kind)
    except (binascii.Error, UnicodeError, msgspec.MsgspecError) as error:
        msg = "The cursor is not one of this list: use the next_cursor of the page before, unchanged."
        raise InvalidInput("bad_cursor", msg) from error


def write_cursor(position: object) -> str:
    """Make the opaque cursor of a position."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).rstrip(b"=").decode()
