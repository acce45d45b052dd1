"""Sessions of the web viewer: a token, or a code that its holder made, becomes a secret that a browser keeps."""

import secrets
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from mattebox_registry.errors import LoginRefused
from mattebox_registry.records import Scope, ViewerSession
from mattebox_registry.rules.tokens import Scopes, TokenBook, digest_of
from mattebox_registry.store.port import SessionStore

SESSION_S = 7 * 24 * 3600.0
CODE_S = 600.0
MAX_SESSIONS = 100
"""Of one token; the one that would expire first ends for a new one."""
MAX_CODES = 100
"""Of all tokens; the oldest is forgotten for a new one."""

_NEEDED: Scope = "read"

Clock = Callable[[], float]


class LoginCode(NamedTuple):
    """What opens one session, once and soon."""

    code: str
    expires_s: float


class NewSession(NamedTuple):
    """A session and its secret, which nobody can look up later."""

    session: ViewerSession
    secret: str


class _Code(NamedTuple):
    token_digest: bytes
    expires_s: float


class SessionBook:
    """Checks sessions in memory; every change goes to the store first. Codes are in memory only."""

    def __init__(
        self, store: SessionStore, tokens: TokenBook, sessions: Iterable[ViewerSession], clock: Clock = time.time
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._clock = clock
        self._sessions = {session.digest: session for session in sessions}
        self._codes: dict[bytes, _Code] = {}

    def new_code(self, token: str) -> LoginCode:
        """Make a code that opens one session of a token."""
        code = secrets.token_urlsafe(32)
        expires_s = self._clock() + CODE_S
        while len(self._codes) >= MAX_CODES:
            del self._codes[next(iter(self._codes))]
        self._codes[digest_of(code)] = _Code(digest_of(token), expires_s)
        return LoginCode(code, expires_s)

    async def redeem(self, code: str) -> NewSession:
        """Open the session of a code. Raises LoginRefused."""
        # Taken out before anything is awaited: of two who come with it, one gets in.
        known = self._codes.pop(digest_of(code), None)
        if known is None or known.expires_s <= self._clock():
            raise LoginRefused("The link was used before or is too old: `mattebox login` prints another one.")
        return await self._open(known.token_digest)

    async def sign_in(self, token: str) -> NewSession:
        """Open a session of a token. Raises LoginRefused."""
        return await self._open(digest_of(token))

    def find(self, secret: str) -> ViewerSession | None:
        """Give the session of a secret, if there is one that has not expired."""
        session = self._sessions.get(digest_of(secret))
        return session if session is not None and session.expires_s > self._clock() else None

    def scopes(self, session: ViewerSession) -> Scopes | None:
        """Say what a session may do: what its token may, nothing once that is revoked."""
        return self._tokens.scopes_of(session.token_digest)

    async def end(self, session: ViewerSession) -> None:
        """Refuse a session from now on."""
        await self._forget([session])

    async def _open(self, token_digest: bytes) -> NewSession:
        scopes = self._tokens.scopes_of(token_digest)
        if scopes is None:
            raise LoginRefused("There is no such token, or it was revoked.")
        if _NEEDED not in scopes:
            raise LoginRefused(f"The token lacks the scope {_NEEDED!r}, without which there is nothing to see.")
        await self._forget(self._ended(token_digest))
        secret = secrets.token_urlsafe(32)
        session = ViewerSession(digest_of(secret), token_digest, self._clock() + SESSION_S)
        await self._store.add_session(session)
        self._sessions[session.digest] = session
        return NewSession(session, secret)

    def _ended(self, token_digest: bytes) -> list[ViewerSession]:
        """Find what has to make room: the dead, and the oldest where a token has too many."""
        now = self._clock()
        alive = [s for s in self._sessions.values() if s.expires_s > now and self.scopes(s) is not None]
        dead = [s for s in self._sessions.values() if s not in alive]
        own = sorted((s for s in alive if s.token_digest == token_digest), key=lambda s: s.expires_s)
        return dead + own[: max(0, len(own) - MAX_SESSIONS + 1)]

    async def _forget(self, sessions: list[ViewerSession]) -> None:
        if not sessions:
            return
        await self._store.delete_sessions([session.digest for session in sessions])
        for session in sessions:
            self._sessions.pop(session.digest, None)
