"""The words in which routes are described."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mattebox_registry.records import Scope

JSON = "application/json"
PROBLEM = "application/problem+json"
BINARY: Mapping[str, Any] = {"type": "string", "contentMediaType": "application/octet-stream"}

Schema = Mapping[str, Any] | type | Any
"""A JSON schema, or a type that msgspec makes one of."""


class Parameter(NamedTuple):
    """One parameter of a query or header."""

    name: str
    description: str
    schema: Mapping[str, Any]
    place: str = "query"
    required: bool = False


class Body(NamedTuple):
    """What a request carries."""

    description: str
    content: Mapping[str, Schema]
    """By content type."""
    example: Any = None


class Answer(NamedTuple):
    """One way in which a request ends well, or with something to come back for."""

    description: str
    content: Mapping[str, Schema] = {}
    """By content type."""
    headers: Mapping[str, str] = {}
    """Descriptions by name."""


class Operation(NamedTuple):
    """One method of one path."""

    method: str
    path: str
    summary: str
    scope: Scope | None
    """What a token must allow; None: no token is needed."""
    answers: Mapping[int, Answer]
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    problems: Mapping[int, str] = {}
    """Codes by status, besides those that every route has."""
    description: str = ""


class Part(NamedTuple):
    """A group of routes, in the order in which they are read."""

    name: str
    description: str
    operations: tuple[Operation, ...]


def string(*, example: str | None = None, **more: Any) -> dict[str, Any]:
    """Describe a string."""
    return {"type": "string", **more} | ({} if example is None else {"examples": [example]})


def one_of(*words: str, default: str | None = None) -> dict[str, Any]:
    """Describe a choice."""
    return {"type": "string", "enum": list(words)} | ({} if default is None else {"default": default})


def number(least: float, most: float, *, default: float | None = None) -> dict[str, Any]:
    """Describe a number in a range."""
    return {"type": "number", "minimum": least, "maximum": most} | ({} if default is None else {"default": default})


def answer(description: str, kind: Schema, **headers: str) -> Answer:
    """Describe an answer in JSON."""
    return Answer(description, {JSON: kind}, headers)


NO_CONTENT = Answer("Done.")
NOT_FOUND = {404: "not_found"}
PAGING = (
    Parameter("limit", "Entries of a page at most.", {"type": "integer", "minimum": 1, "maximum": 1000}),
    Parameter("cursor", "`next_cursor` of the page before.", string()),
)
