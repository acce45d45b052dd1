"""Who may call a handler: the holder of a token, or a browser that is signed in."""

from aiohttp import web
from aiohttp.hdrs import AUTHORIZATION
from aiohttp.typedefs import Handler

from mattebox_registry.http.cookies import session_secret
from mattebox_registry.http.origin import is_own_page
from mattebox_registry.http.refusals import NotAuthenticated, ScopeMissing, WrongOrigin
from mattebox_registry.keys import SESSIONS, TOKENS
from mattebox_registry.records import Scope
from mattebox_registry.rules.sessions import SessionBook
from mattebox_registry.rules.tokens import Scopes, TokenBook


def require(scope: Scope, handler: Handler) -> Handler:
    """Let only holders of a scope through to a handler, before anything of the body is read."""

    async def checked(request: web.Request) -> web.StreamResponse:
        authorize(request, scope)
        return await handler(request)

    return checked


def authorize(request: web.Request, scope: Scope) -> None:
    """Check a request. Raises NotAuthenticated, ScopeMissing, WrongOrigin."""
    scopes = scopes_of(request, request.app[TOKENS], request.app[SESSIONS])
    if scopes is None:
        raise NotAuthenticated
    if scope not in scopes:
        raise ScopeMissing(scope)


def scopes_of(request: web.BaseRequest, tokens: TokenBook, sessions: SessionBook) -> Scopes | None:
    """Say what the sender of a request may do; None without a valid token or session. Raises WrongOrigin."""
    if AUTHORIZATION in request.headers:
        token = bearer_token(request)
        return None if token is None else tokens.scopes(token)
    secret = session_secret(request)
    session = None if secret is None else sessions.find(secret)
    if session is None:
        return None
    if not is_own_page(request):
        raise WrongOrigin
    return sessions.scopes(session)


def bearer_token(request: web.BaseRequest) -> str | None:
    """Give the token that the request carries, good or not."""
    scheme, _, secret = request.headers.get(AUTHORIZATION, "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None
