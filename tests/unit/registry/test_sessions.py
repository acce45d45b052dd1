"""How long sessions and codes last, and how many there are."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mattebox_registry.errors import LoginRefused
from mattebox_registry.rules.sessions import CODE_S, MAX_CODES, MAX_SESSIONS, SESSION_S, SessionBook
from mattebox_registry.rules.tokens import TokenBook
from mattebox_registry.store.port import Store
from support.stores import SteppedClock, sqlite_store

ADMIN = "the-operators-token"


@pytest.fixture
def clock() -> SteppedClock:
    """Time that goes on when told to."""
    return SteppedClock()


@pytest.fixture
async def store(tmp_path: Path, clock: SteppedClock) -> AsyncIterator[Store]:
    """A database."""
    async with sqlite_store(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def book(store: Store, clock: SteppedClock) -> SessionBook:
    """The sessions of the operator."""
    return SessionBook(store, TokenBook(store, ADMIN, []), [], clock)


async def test_a_code_is_good_until_it_is_too_old(book: SessionBook, clock: SteppedClock) -> None:
    early, late = book.new_code(ADMIN), book.new_code(ADMIN)
    clock.seconds += CODE_S - 1
    await book.redeem(early.code)
    clock.seconds += 1
    with pytest.raises(LoginRefused):
        await book.redeem(late.code)


async def test_codes_are_few(book: SessionBook) -> None:
    codes = [book.new_code(ADMIN).code for _ in range(MAX_CODES + 1)]
    with pytest.raises(LoginRefused):
        await book.redeem(codes[0])
    await book.redeem(codes[1])


async def test_a_session_ends_by_itself_and_is_forgotten(book: SessionBook, store: Store, clock: SteppedClock) -> None:
    opened = await book.sign_in(ADMIN)
    clock.seconds += SESSION_S - 1
    assert book.find(opened.secret) == opened.session
    clock.seconds += 1
    assert book.find(opened.secret) is None
    another = await book.sign_in(ADMIN)
    assert await store.sessions() == [another.session]


async def test_a_token_has_so_many_sessions(book: SessionBook, store: Store, clock: SteppedClock) -> None:
    first = await book.sign_in(ADMIN)
    for _ in range(MAX_SESSIONS):
        clock.seconds += 1
        await book.sign_in(ADMIN)
    assert book.find(first.secret) is None
    assert len(await store.sessions()) == MAX_SESSIONS


async def test_another_admin_token_ends_the_sessions_of_the_former(
    book: SessionBook, store: Store, clock: SteppedClock
) -> None:
    opened = await book.sign_in(ADMIN)
    changed = SessionBook(store, TokenBook(store, "another-token-of-the-operator", []), await store.sessions(), clock)
    session = changed.find(opened.secret)
    assert session is not None
    assert changed.scopes(session) is None


async def test_secrets_are_not_kept(book: SessionBook, store: Store) -> None:
    opened = await book.redeem(book.new_code(ADMIN).code)
    assert opened.secret.encode() not in b"".join(session.digest for session in await store.sessions())
