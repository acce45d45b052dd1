"""Bearer tokens: who may call a handler."""

from aiohttp import web
from aiohttp.typedefs import Handler

from mattebox_registry.http.refusals import NotAuthenticated, ScopeMissing
from mattebox_registry.keys import TOKENS
from mattebox_registry.records import Scope
from mattebox_registry.rules.tokens import Scopes


def require(scope: Scope, handler: Handler) -> Handler:
    """Let only holders of a scope through to a handler, before anything of the body is read."""

    async def checked(request: web.Request) -> web.StreamResponse:
        authorize(request, scope)
        return await handler(request)

    return checked


def authorize(request: web.Request, scope: Scope) -> None:
    """Check a request. Raises NotAuthenticated, ScopeMissing."""
    scopes = _scopes(request)
    if scope not in scopes:
        raise ScopeMissing(scope)


def _scopes(request: web.Request) -> Scopes:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    scopes = request.app[TOKENS].scopes(secret.strip()) if scheme.lower() == "bearer" else None
    if scopes is None:
        raise NotAuthenticated
    return scopes
