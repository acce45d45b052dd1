"""What a write to the frames of a version does beside them."""

from collections import Counter
from typing import NamedTuple

from mattebox_registry.records import NewFrame
from mattebox_registry.store.codes import STATE_CODES
from mattebox_registry.store.connection import Session
from mattebox_registry.store.counts import Move, add_counts, follow_moves
from mattebox_registry.store.outbox import Outbox


class Held(NamedTuple):
    """The row of a frame that is there; `job` is None where nothing is owed."""

    pk: int
    document: bytes
    key: bytes
    state: int
    job: int | None
    base: int | None
    """The row that the document is of, where it is an ancestor's."""


class Changes:
    """Renders owed or withdrawn and counts moved, in one transaction."""

    def __init__(self, session: Session, version: int, *, now: str | None = None, is_published: bool = False) -> None:
        """`now` is when the version itself changes by them. `is_published`: other versions may inherit from it, and
        hide rows whose state is counted there.
        """
        self.outbox = Outbox(session)
        self.counts: Counter[int] = Counter()
        self._session = session
        self._version = version
        self._now = now
        self._is_published = is_published
        self._moves: list[Move] = []

    def owe(self, frame: NewFrame) -> int | None:
        """Owe the default preview of a frame, where there is something to draw, under the number given."""
        return None if frame.spec is None else self.outbox.take_number()

    def give_key(self, held: Held, frame: NewFrame) -> None:
        """Let a row show another picture."""
        state = STATE_CODES[frame.state]
        self.outbox.withdraw(held.job)
        self._session.run("update_key", frame.key, state, self.owe(frame), held.pk)
        self.counts[held.state] -= 1
        self.counts[state] += 1
        if self._is_published:
            self._moves.append(Move(held.pk, held.state, state))

    def flush(self) -> None:
        """Write it."""
        self.outbox.flush()
        add_counts(self._session, self._version, self.counts, self._now)
        follow_moves(self._session, self._moves)
