"""What a login is good for."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from mattebox_registry.clearml.logins import KEY_FILE, LIFETIME_S, Logins, signing_key
from mattebox_registry.errors import LoginRefused
from mattebox_registry.rules.tokens import NewToken, Scopes, TokenBook, TokenFields, UnusableToken, digest_of
from mattebox_registry.store.sqlite import open_store

KEY = "k" * 43
OPERATOR = "the operator's token"


@pytest.fixture
async def tokens(tmp_path: Path) -> AsyncIterator[TokenBook]:
    """Those of a new registry."""
    async with open_store(tmp_path / "mattebox.db") as store:
        yield TokenBook(store, OPERATOR, [])


@pytest.fixture
async def reader(tokens: TokenBook) -> NewToken:
    """A token that may read."""
    return await tokens.create(TokenFields("reader", ["read"]))


@pytest.fixture
def logins(tokens: TokenBook) -> Logins:
    """Logins of these tokens."""
    return Logins(tokens, KEY)


def scopes_of(logins: Logins, signed: str) -> Scopes | None:
    login = logins.find(signed)
    return None if login is None else login.scopes


def claims_of(signed: str) -> dict[str, Any]:
    return jwt.decode(signed, options={"verify_signature": False})


def test_a_login_allows_what_its_token_does(logins: Logins, reader: NewToken) -> None:
    """And tells the SDK what it wants to know."""
    signed = logins.sign(reader.secret)
    assert scopes_of(logins, signed) == frozenset(("read",))
    assert scopes_of(logins, logins.sign(OPERATOR)) == frozenset(("read", "ingest", "admin"))
    assert claims_of(signed)["feature_set"] == "advanced"


def test_a_login_ends_within_the_hour(logins: Logins, reader: NewToken) -> None:
    """However long it was asked for."""
    assert claims_of(logins.sign(reader.secret, 10**9))["exp"] <= time.time() + LIFETIME_S
    assert claims_of(logins.sign(reader.secret, 60))["exp"] <= time.time() + 60
    assert scopes_of(logins, logins.sign(reader.secret, 0)) is None


def test_a_login_tells_nothing_of_its_token(tokens: TokenBook, logins: Logins) -> None:
    """Neither the secret nor the digest, by which an own token could be guessed."""
    subject = claims_of(logins.sign(OPERATOR))["sub"]
    assert subject not in (digest_of(OPERATOR).hex(), OPERATOR)
    assert subject != claims_of(Logins(tokens, "o" * 43).sign(OPERATOR))["sub"]


def test_a_login_holds_over_a_restart(tokens: TokenBook, logins: Logins, reader: NewToken) -> None:
    """With the same key."""
    assert scopes_of(Logins(tokens, KEY), logins.sign(reader.secret)) == frozenset(("read",))


async def test_a_login_of_a_revoked_token_allows_nothing(tokens: TokenBook, logins: Logins, reader: NewToken) -> None:
    """Which is another answer than that of no login, after which the SDK tries for ever."""
    signed = logins.sign(reader.secret)
    await tokens.revoke(reader.token.id)
    assert scopes_of(logins, signed) == frozenset()
    assert scopes_of(Logins(tokens, KEY), signed) == frozenset()
    with pytest.raises(LoginRefused):
        logins.sign(reader.secret)


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x.y.z",
        jwt.encode({"sub": "s", "exp": 2**33}, "another key, which nobody knows here", "HS256"),
        jwt.encode({"sub": "s", "exp": 2**33}, None, "none"),
        jwt.encode({"sub": "s"}, KEY, "HS256"),
        jwt.encode({"exp": 2**33}, KEY, "HS256"),
        jwt.encode({"sub": "s", "exp": 2**33}, "k" * 64, "HS512"),
    ],
)
def test_what_was_not_signed_here_is_no_login(logins: Logins, forged: str) -> None:
    """Nor what has no end."""
    assert scopes_of(logins, forged) is None


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """One that somebody emptied signs nothing."""
    key = signing_key(tmp_path)
    assert signing_key(tmp_path) == key
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / KEY_FILE).write_text("\n")
    with pytest.raises(UnusableToken):
        signing_key(tmp_path)
