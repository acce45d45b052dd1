"""ClearML's logins: key and secret become a signed token of one hour, with which all other calls are made."""

import time
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import jwt
from aiohttp import BasicAuth, hdrs, web

from mattebox_registry.errors import LoginRefused
from mattebox_registry.http.auth import bearer_token
from mattebox_registry.http.refusals import NotAuthenticated
from mattebox_registry.keys import QUOTAS
from mattebox_registry.rules.tokens import Scopes, TokenBook, UnusableToken, digest_of, kept_secret

LIFETIME_S = 3600
"""The SDK asks for another one a minute before the end."""

API_VERSION = "2.23"
"""Of the calls that are answered here: the SDK then uses no newer ones."""

SERVER_VERSION = "3.24.0"
"""Before the release that keeps vectors, so that the SDK itself says that these are not kept."""

KEY_FILE = "clearml-key"

_MIN_KEY_CHARS = 32
_ALGORITHM = "HS256"
_SIGN_IN = (
    "Sign in first: auth.login takes the access key and the secret key, which is a token of Mattebox, and gives the "
    "token of these calls. By itself a token of Mattebox is for /api/v1."
)
_NO_TOKEN = "The secret key is no valid token of this registry: set CLEARML_API_SECRET_KEY to one."  # noqa: S105


class Login(NamedTuple):
    """Somebody who is signed in."""

    scopes: Scopes
    holder: bytes
    """The digest of his token, as quotas count."""


_NOBODY = Login(frozenset(), b"")


class Logins:
    """Makes and checks signed tokens. Each is good for as long as the Mattebox token it was made of, and an hour at
    most; it holds nothing from which that could be guessed."""

    def __init__(self, tokens: TokenBook, key: str) -> None:
        self._tokens = tokens
        self._key = key.encode()
        self._digests: dict[str, bytes] = {}

    def sign(self, secret: str, lifetime_s: int = LIFETIME_S) -> str:
        """Make one of a Mattebox token. Raises LoginRefused."""
        if self._tokens.scopes(secret) is None:
            raise LoginRefused(_NO_TOKEN)
        now_s = int(time.time())
        claims = {
            "sub": self._subject(digest_of(secret)),
            "iat": now_s,
            "exp": now_s + min(lifetime_s, LIFETIME_S),
            "api_version": API_VERSION,
            "server_version": SERVER_VERSION,
            # What the SDK wants to see before it touches a HyperDataset.
            "feature_set": "advanced",
        }
        return jwt.encode(claims, self._key, _ALGORITHM)

    def find(self, signed: str) -> Login | None:
        """Say who signed in and what he may do; None where it is none of ours or too old.

        Where the Mattebox token was revoked, that is nothing: told that it is not signed in, the SDK would try to sign
        in again for ever.
        """
        try:
            claims = jwt.decode(signed, self._key, [_ALGORITHM], options={"require": ["exp", "sub"]})
        except jwt.PyJWTError:
            return None
        digest = self._digest(claims["sub"])
        if digest is None:
            return _NOBODY
        return Login(self._tokens.scopes_of(digest) or frozenset(), digest)

    def _subject(self, digest: bytes) -> str:
        return blake2b(digest, key=self._key[:64], digest_size=16).hexdigest()

    def _digest(self, subject: str) -> bytes | None:
        if subject not in self._digests:
            self._digests = {self._subject(digest): digest for digest in self._tokens.digests()}
        return self._digests.get(subject)


LOGINS = web.AppKey("logins", Logins)


def signing_key(data: Path) -> str:
    """Give the key of a data directory, made at first start: without it, programs have to sign in anew.

    Raises:
        UnusableToken: the file is there, but what it holds is too short to be a secret.
    """
    path = data / KEY_FILE
    key = kept_secret(path)
    if len(key) < _MIN_KEY_CHARS:
        msg = f"{path} holds no usable key: remove it to have a new one made."
        raise UnusableToken(msg)
    return key


def sign_in(request: web.Request) -> Scopes:
    """Check and count a call, and say what its sender may do. Raises NotAuthenticated, OverQuota."""
    signed = bearer_token(request)
    login = None if signed is None else request.app[LOGINS].find(signed)
    if login is None:
        raise NotAuthenticated(_SIGN_IN)
    request.app[QUOTAS].spend(login.holder)
    return login.scopes


def log_in(request: web.Request) -> dict[str, str]:
    """Answer `auth.login`: any access key, and a Mattebox token as its secret. Raises LoginRefused."""
    try:
        given = BasicAuth.decode(request.headers.get(hdrs.AUTHORIZATION, ""), "utf-8")
    except ValueError as error:
        raise LoginRefused(_NO_TOKEN) from error
    wanted_s = request.query.get("expiration_sec", "")
    lifetime_s = int(wanted_s) if wanted_s.isascii() and wanted_s.isdigit() and len(wanted_s) < 10 else LIFETIME_S
    return {"token": request.app[LOGINS].sign(given.password, lifetime_s)}
