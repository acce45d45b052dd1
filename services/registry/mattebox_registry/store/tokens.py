"""API tokens in SQLite."""

from typing import Any

import msgspec
from msgspec import json

from mattebox_registry.errors import NotFound
from mattebox_registry.records import Scope, Token
from mattebox_registry.store.clock import Clock, utc_text
from mattebox_registry.store.connection import Readers, Session, Writer


class SqliteTokens:
    """The tokens part of the store."""

    _writer: Writer
    _readers: Readers
    _clock: Clock

    async def add_token(self, token: Token) -> None:
        await self._writer.run(_add_token, token)

    async def tokens(self) -> list[Token]:
        return await self._readers.run(_tokens)

    async def revoke_token(self, token_id: str) -> Token:
        return await self._writer.run(_revoke_token, token_id, utc_text(self._clock()))


def _token(row: tuple[Any, ...]) -> Token:
    return msgspec.structs.replace(Token(*row), scopes=json.decode(row[2], type=list[Scope]))


def _add_token(session: Session, token: Token) -> None:
    values = msgspec.structs.asdict(token) | {"scopes": json.encode(token.scopes)}
    session.run("add_token", *values.values())


def _tokens(session: Session) -> list[Token]:
    return [_token(row) for row in session.rows("tokens")]


def _revoke_token(session: Session, token_id: str, now: str) -> Token:
    session.run("revoke_token", now, token_id)
    row = session.row("token", token_id)
    if row is None:
        raise NotFound("token", token_id)
    return _token(row)
