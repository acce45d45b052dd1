"""Bearer tokens: who may call a handler."""

from collections.abc import Mapping

from aiohttp import web
from aiohttp.hdrs import AUTHORIZATION
from aiohttp.typedefs import Handler

from mattebox_registry.http.refusals import NotAuthenticated, ScopeMissing
from mattebox_registry.keys import TOKENS
from mattebox_registry.records import Scope
from mattebox_registry.rules.tokens import Scopes, TokenBook


def require(scope: Scope, handler: Handler) -> Handler:
    """Let only holders of a scope through to a handler, before anything of the body is read."""

    async def checked(request: web.Request) -> web.StreamResponse:
        authorize(request, scope)
        return await handler(request)

    return checked


def authorize(request: web.Request, scope: Scope) -> None:
    """Check a request. Raises NotAuthenticated, ScopeMissing."""
    scopes = scopes_of(request.app[TOKENS], request.headers)
    if scopes is None:
        raise NotAuthenticated
    if scope not in scopes:
        raise ScopeMissing(scope)


def scopes_of(tokens: TokenBook, headers: Mapping[str, str]) -> Scopes | None:
    """Say what the sender of the headers may do; None without a valid token."""
    scheme, _, secret = headers.get(AUTHORIZATION, "").partition(" ")
    return tokens.scopes(secret.strip()) if scheme.lower() == "bearer" else None
