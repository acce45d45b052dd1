"""What a call is made of."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from aiohttp import web
from msgspec import Struct

from mattebox_registry.http.refusals import ScopeMissing
from mattebox_registry.records import Scope
from mattebox_registry.rules.tokens import Scopes


class Caller(NamedTuple):
    """Who calls."""

    app: web.Application
    scopes: Scopes
    origin: str
    """Scheme, host and port under which the registry was called, without a slash at the end."""

    def need(self, scope: Scope) -> None:
        """Raises ScopeMissing."""
        if scope not in self.scopes:
            raise ScopeMissing(scope, "" if self.scopes else "The one that was signed in with is revoked.")


Answer = Mapping[str, Any]
"""The `data` of an answer."""


class Call(NamedTuple):
    """One service call."""

    scope: Scope
    body: type[Struct]
    answer: Callable[[Caller, Any], Awaitable[Answer]]
