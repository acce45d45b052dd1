"""Who may call a handler: the holder of a token, or a browser that is signed in."""

from aiohttp import web
from aiohttp.hdrs import AUTHORIZATION
from aiohttp.typedefs import Handler

from mattebox_registry.http.cookies import session_secret
from mattebox_registry.http.origin import is_own_page
from mattebox_registry.http.refusals import NotAuthenticated, ScopeMissing, WrongOrigin
from mattebox_registry.keys import QUOTAS, SESSIONS, TOKENS
from mattebox_registry.records import Scope
from mattebox_registry.rules.sessions import SessionBook
from mattebox_registry.rules.tokens import Scopes, TokenBook, digest_of

HOLDER = web.RequestKey("holder", bytes)
"""The digest of the token behind a request: who sends it, as far as quotas go."""


def require(scope: Scope, handler: Handler) -> Handler:
    """Let only holders of a scope through to a handler, before anything of the body is read."""

    async def checked(request: web.Request) -> web.StreamResponse:
        authorize(request, scope)
        return await handler(request)

    return checked


def authorize(request: web.Request, scope: Scope) -> None:
    """Check and count a request, and note its HOLDER. Raises NotAuthenticated, ScopeMissing, WrongOrigin, OverQuota."""
    scopes = scopes_of(request, request.app[TOKENS], request.app[SESSIONS])
    if scopes is None:
        raise NotAuthenticated
    if scope not in scopes:
        raise ScopeMissing(scope)
    holder = request[HOLDER] = _holder_of(request, request.app[SESSIONS])
    request.app[QUOTAS].spend(holder)


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


def _holder_of(request: web.BaseRequest, sessions: SessionBook) -> bytes:
    """Give the digest of the token that a good request was sent with, or that opened its session."""
    token = bearer_token(request)
    if token is not None:
        return digest_of(token)
    session = sessions.find(session_secret(request) or "")
    return b"" if session is None else session.token_digest


def bearer_token(request: web.BaseRequest) -> str | None:
    """Give the token that the request carries, good or not."""
    scheme, _, secret = request.headers.get(AUTHORIZATION, "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None
