"""Signing in at the web viewer."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from msgspec import Struct

from mattebox_registry.errors import FieldError, InvalidInput
from mattebox_registry.http.auth import bearer_token, scopes_of
from mattebox_registry.http.bodies import answer_json, read_body
from mattebox_registry.http.cookies import clear_session, session_secret, set_session
from mattebox_registry.http.origin import is_own_page
from mattebox_registry.http.refusals import NotAuthenticated, WrongOrigin
from mattebox_registry.keys import SESSIONS, TOKENS
from mattebox_registry.records import ViewerSession
from mattebox_registry.rules.sessions import SESSION_S


class Proof(Struct, forbid_unknown_fields=True):
    """What opens a session: a one-time code or a token, one of them."""

    code: str | None = None
    token: str | None = None


async def create_code(request: web.Request) -> web.Response:
    """201 a code that opens a session of the token that asked; a session cannot ask. Raises NotAuthenticated."""
    token = bearer_token(request)
    if token is None:
        raise NotAuthenticated
    made = request.app[SESSIONS].new_code(token)
    body = {"code": made.code, "path": f"/login#{made.code}", "expires_at": _time(made.expires_s)}
    return answer_json(body, status=201)


async def sign_in(request: web.Request) -> web.Response:
    """201 the session, whose secret travels in the cookie alone. Raises LoginRefused, WrongOrigin."""
    if not is_own_page(request):
        # Or a page elsewhere could sign somebody in as another one.
        raise WrongOrigin
    proof = await read_body(request, Proof)
    sessions = request.app[SESSIONS]
    match proof:
        case Proof(code=str(code), token=None):
            opened = await sessions.redeem(code)
        case Proof(code=None, token=str(token)):
            opened = await sessions.sign_in(token.strip())
        case _:
            raise InvalidInput("invalid_body", "The body breaks the contract.", [FieldError("", "Send code or token.")])
    response = answer_json(_shown(request, opened.session), status=201)
    set_session(request, response, opened.secret, SESSION_S)
    return response


async def show(request: web.Request) -> web.Response:
    """200 what the caller may do, and until when if it is by a session."""
    return answer_json(_shown(request, _session(request)))


async def sign_out(request: web.Request) -> web.Response:
    """204: the session is over."""
    session = _session(request)
    response = web.Response(status=204)
    if session is not None:
        await request.app[SESSIONS].end(session)
        clear_session(request, response)
    return response


def _session(request: web.Request) -> ViewerSession | None:
    secret = session_secret(request) if bearer_token(request) is None else None
    return None if secret is None else request.app[SESSIONS].find(secret)


def _shown(request: web.Request, session: ViewerSession | None) -> dict[str, Any]:
    if session is None:
        scopes = scopes_of(request, request.app[TOKENS], request.app[SESSIONS])
        return {"scopes": sorted(scopes or ()), "expires_at": None}
    scopes = request.app[SESSIONS].scopes(session)
    return {"scopes": sorted(scopes or ()), "expires_at": _time(session.expires_s)}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
