"""API tokens: 256 random bits each, of which only the SHA-256 is kept."""

import os
import secrets
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from mattebox_registry.records import Scope, Token
from mattebox_registry.rules.catalog import Name, utc_now
from mattebox_registry.rules.ids import new_id
from mattebox_registry.store.port import TokenStore

PREFIX = "mbx"
ADMIN_FILE = "token"
MIN_ADMIN_CHARS = 16

Scopes = frozenset[Scope]

_ADMIN: Scopes = frozenset(("read", "ingest", "admin"))


class TokenFields(Struct, forbid_unknown_fields=True):
    """A token as an administrator asks for it."""

    name: Name
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=3)]


class NewToken(NamedTuple):
    """A token and its secret, which nobody can look up later."""

    token: Token
    secret: str


class TokenBook:
    """Checks tokens in memory; every change goes to the store first and holds at once."""

    def __init__(self, store: TokenStore, admin: str, tokens: Iterable[Token]) -> None:
        """`admin` is the operator's own token, which is not in the store."""
        self._store = store
        self._valid: dict[bytes, Scopes] = {digest_of(admin): _ADMIN}
        self._valid |= {token.digest: _granted(token) for token in tokens if token.revoked_at is None}
        # What valid secrets allow, by the secret, so that each is digested once; emptied when one is revoked.
        self._known: dict[str, Scopes] = {}

    def scopes(self, secret: str) -> Scopes | None:
        """Say what the holder of a secret may do; None where it is unknown or revoked. `admin` may do everything."""
        known = self._known.get(secret)
        if known is not None:
            return known
        scopes = self.scopes_of(digest_of(secret))
        if scopes is not None:
            self._known[secret] = scopes
        return scopes

    def scopes_of(self, digest: bytes) -> Scopes | None:
        """Say the same of the token with a digest."""
        return self._valid.get(digest)

    def digests(self) -> list[bytes]:
        """Give the digests of all valid tokens."""
        return list(self._valid)

    async def create(self, fields: TokenFields) -> NewToken:
        """Make a token of the scopes asked for."""
        token_id = new_id()
        secret = f"{PREFIX}_{token_id}_{secrets.token_urlsafe(32)}"
        token = Token(
            id=token_id,
            name=fields.name,
            scopes=sorted(set(fields.scopes)),
            digest=digest_of(secret),
            created_at=utc_now(),
            revoked_at=None,
        )
        await self._store.add_token(token)
        self._valid[token.digest] = _granted(token)
        return NewToken(token, secret)

    async def all(self) -> list[Token]:
        """List all tokens, revoked ones too, oldest first."""
        return await self._store.tokens()

    async def revoke(self, token_id: str) -> Token:
        """Refuse a token from now on. Raises NotFound."""
        token = await self._store.revoke_token(token_id)
        self._valid.pop(token.digest, None)
        self._known.clear()
        return token


class UnusableToken(Exception):
    """The file of the admin token does not hold one; the message names the file and what to do."""


def admin_token(given: str | None, data: Path) -> str:
    """Give the operator's token: the one given, else that of the data directory, made at first start with mode 0600.

    Raises:
        UnusableToken: the file is there, but what it holds is too short to be a secret.
    """
    if given is not None:
        return given
    path = data / ADMIN_FILE
    secret = kept_secret(path)
    if len(secret) < MIN_ADMIN_CHARS:
        msg = f"{path} holds no usable token: remove it to have a new one made, or set MATTEBOX_TOKEN."
        raise UnusableToken(msg)
    return secret


def kept_secret(path: Path) -> str:
    """Give the secret of a file, made with mode 0600 where there is none."""
    if not path.exists():
        _write_whole(path, secrets.token_urlsafe(32) + "\n")
    return path.read_text().strip()


def _granted(token: Token) -> Scopes:
    return _ADMIN if "admin" in token.scopes else frozenset(token.scopes)


def _write_whole(path: Path, text: str) -> None:
    """Write a file that only its owner can read, so that it is there whole or not at all, whatever dies meanwhile."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    Path(draft).replace(path)


def digest_of(secret: str) -> bytes:
    """Give what is kept of a secret, and compared: nobody can choose a secret by its digest."""
    # Headers are decoded with surrogateescape, so that any bytes may come.
    return sha256(secret.encode("utf-8", "surrogateescape")).digest()
