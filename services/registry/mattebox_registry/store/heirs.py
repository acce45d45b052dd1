"""What a write to a version that inherits does to inherited frames: it hides their rows, and never touches them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import json

from mattebox_registry.records import NewFrame
from mattebox_registry.store.changes import Changes, Held
from mattebox_registry.store.codes import PENDING, STATE_CODES
from mattebox_registry.store.connection import Session
from mattebox_registry.store.counts import add_hidden_counts
from mattebox_registry.store.gaps import GapKeeper, Place
from mattebox_registry.store.lineage import Lineage


class Inherited(NamedTuple):
    """A row of an ancestor that is shown."""

    pk: int
    level: int
    """The ancestor."""
    id: str
    context_id: str
    timestamp: float
    document: bytes
    key: bytes
    state: int
    change: int | None
    base: int
    """The row that the document is of."""

    @property
    def place(self) -> Place:
        """Where it stands in lists."""
        return self.context_id, self.timestamp, self.id


class Heir:
    """Rows that take the place of inherited ones, or leave it empty, written by `flush`."""

    def __init__(self, session: Session, version_id: str, changes: Changes, *, is_published: bool) -> None:
        """`is_published`: its last restyle goes on, while others inherit from it already."""
        self._session = session
        self._lineage = Lineage(session, version_id)
        self._version = self._lineage.pk
        self._changes = changes
        self._is_published = is_published
        self._hidden: list[Inherited] = []
        self._replaced: list[tuple[Inherited, NewFrame]] = []
        self._counts: Counter[int] = Counter()
        self._gaps = GapKeeper(session, self._version, self._lineage.hiders)

    def inherited(self, frame_ids: Sequence[str]) -> dict[str, Inherited]:
        """Give those of the frames that are shown and an ancestor's."""
        rows = json.encode(self._lineage.rows_of(frame_ids, inherited=True)).decode()
        return {row[2]: Inherited(*row) for row in self._session.rows("inherited_heads", rows)}

    def replace(self, held: Inherited, frame: NewFrame) -> None:
        """Show a frame in place of an inherited one, unless it is the same."""
        if (frame.document, frame.key) != (held.document, held.key):
            self._replaced.append((held, frame))
            self.hide(held)

    def hide(self, held: Inherited) -> None:
        """Show an inherited frame no more."""
        self._hidden.append(held)

    def reveal(self, held: Held, frame: NewFrame) -> bool:
        """Show what a row with an ancestor's document was put in place of, if that is the picture of its new style."""
        if held.base is None or self._is_published:
            return False
        place = frame.context_id, frame.timestamp, frame.id
        pk, level, key, state = self._session.row("hidden_at", self._version, *place)
        if key != frame.key:
            return False
        self._changes.outbox.withdraw(held.job)
        self._changes.counts[held.state] -= 1
        self._session.run("move_requests", pk, held.pk)
        self._session.run("delete_frame", held.pk)
        self._session.run("show_again", pk, self._version)
        self._counts[state] -= 1
        self._gaps.split(level, place)
        return True

    def flush(self) -> None:
        """Write it."""
        self._session.insert("hide", [(self._version, *held.place, held.pk) for held in self._hidden])
        places: defaultdict[int, list[Place]] = defaultdict(list)
        for held in self._hidden:
            places[held.level].append(held.place)
            self._counts[held.state] += 1
        for level, hidden in places.items():
            self._gaps.widen(level, hidden)
        self._insert_replacements()
        add_hidden_counts(self._session, self._version, self._counts)

    def _insert_replacements(self) -> None:
        (last,) = self._session.row("last_frame")
        for pk, (held, frame) in enumerate(self._replaced, last + 1):
            state, change = STATE_CODES[frame.state], None
            if frame.key == held.key:
                # The picture is the same one, and stands as it stood.
                state, change = held.state, held.change
            job = self._changes.owe(frame) if state == PENDING else None
            document, base = (b"", held.base) if frame.document == held.document else (frame.document, None)
            place = frame.id, frame.context_id, frame.timestamp
            self._session.run("insert_heir", pk, self._version, *place, document, frame.key, state, job, change, base)
            self._changes.counts[state] += 1
            if self._is_published:
                self._hand_over(held, pk, state)

    def _hand_over(self, held: Inherited, pk: int, state: int) -> None:
        """Let versions that inherit from this one, and hid what it had, hide what it has instead."""
        for _, version in self._session.rows("hiders_of_frames", json.encode([held.pk]).decode()):
            if version != self._version and self._session.row("inherits_of", version, self._version):
                self._session.run("hide_instead", pk, held.pk, version)
                moved = Counter([state])
                moved.subtract([held.state])
                add_hidden_counts(self._session, version, moved)
