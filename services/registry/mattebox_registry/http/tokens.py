"""Tokens over HTTP, for administrators."""

from typing import Any

from aiohttp import web

from mattebox_registry.http.bodies import answer_json, read_body
from mattebox_registry.http.requests import Query
from mattebox_registry.keys import TOKENS
from mattebox_registry.records import Token
from mattebox_registry.rules.tokens import TokenFields


async def create(request: web.Request) -> web.Response:
    """201 the token with its secret, which is shown this once."""
    created = await request.app[TOKENS].create(await read_body(request, TokenFields))
    return answer_json(_shown(created.token) | {"token": created.secret}, status=201)


async def list_all(request: web.Request) -> web.Response:
    """200 all tokens, revoked ones too; administrators are few and so are tokens, so there is one page."""
    Query(request)
    tokens = await request.app[TOKENS].all()
    return answer_json({"tokens": [_shown(token) for token in tokens], "next_cursor": None})


async def revoke(request: web.Request) -> web.Response:
    """200 the token, which is refused from now on."""
    return answer_json(_shown(await request.app[TOKENS].revoke(request.match_info["token"])))


def _shown(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "revoked_at": token.revoked_at,
    }
