"""What a version shows of its own frames and of those that it inherits, merged from the rows of its whole lineage.

A row of an ancestor is shown unless one of the versions on the way hides it. Each query is the merge of one search for
each version that has rows (a *level*), so that a page costs what it gives, however many frames and ancestors there are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from msgspec import json

from mattebox.reasons import PreviewState
from mattebox_registry.errors import NotFound
from mattebox_registry.records import FrameMarks, FramePosition, PreviewCounts, StoredFrame
from mattebox_registry.store.codes import STATE_CODES, STATES
from mattebox_registry.store.connection import Session
from mattebox_registry.store.gaps import BEGIN, END, Leaps, Place

LEVELS_MERGED = 16
"""Merged by one statement, in which a row is handed on by each level after its own."""

ROWS_AT_ONCE = 5_000
MARKED_ROWS = 50_000
"""Marked by one read, which takes some 0.1 s: who wants more goes on from the last mark."""


class Scope(NamedTuple):
    """A part of a list: what lies between two places, of one state or of all."""

    begin: Place = BEGIN
    end: Place = END
    state: PreviewState | None = None

    @classmethod
    def of(cls, context_id: str | None, state: PreviewState | None) -> "Scope":
        """Give all of a context, or of all contexts."""
        if context_id is None:
            return cls(state=state)
        return cls((context_id, float("-inf"), ""), (context_id, float("inf"), ""), state)

    @property
    def ending(self) -> str:
        """How the names of its queries end."""
        return "" if self.state is None else "_in_state"

    def values(self, begin: Iterable[Any], end: Iterable[Any]) -> list[Any]:
        """Give what its queries take between two places."""
        return [*([] if self.state is None else [STATE_CODES[self.state]]), *begin, *end]


class Row(NamedTuple):
    """A row that is shown: its place and its number."""

    place: Place
    pk: int


class Lineage:
    """A version with its ancestors, for one transaction."""

    def __init__(self, session: Session, version_id: str) -> None:
        """Raises NotFound."""
        rows = session.rows("lineage", version_id)
        if not rows:
            raise NotFound("version", version_id)
        self._session = session
        self.pk: int = rows[0][0]
        self.ids: dict[int, str] = {row[0]: row[1] for row in rows}
        # The level with the most rows last: the merge hands its rows on least often.
        self.levels: list[int] = [row[0] for row in sorted(rows, key=lambda row: row[2]) if row[2]]
        self.hiders: list[int] = [row[0] for row in rows if row[3]]
        self._hiding = json.encode(self.hiders).decode()
        states = (sum(counts) for counts in zip(*(row[4:9] for row in rows), strict=True))
        self.counts: PreviewCounts = dict(zip(STATES, states, strict=True))

    def page(self, scope: Scope, limit: int) -> list[StoredFrame]:
        """Give the first frames of a scope, in order."""
        if scope.state is not None:
            # Behind the last one there may be any number that are hidden.
            limit = min(limit, self.counts[scope.state])
        return self.frames([row.pk for row in self.rows_ahead(scope, limit)])

    def rows_ahead(self, scope: Scope, limit: int) -> list[Row]:
        """Give the first rows of a scope, in order."""
        leaps = Leaps(self._session, self.levels, self.hiders)
        found: list[Row] = []
        start: Place | None = scope.begin
        while start is not None and len(found) < limit:
            spans = leaps.ahead(start)
            start = min((span.beyond for span in spans if span.beyond), default=None)
            if start is not None and not _is_before(start, scope.end):
                start = None
            between = [[s.level, *scope.values(s.begin, _earlier(s.end, scope.end))] for s in spans]
            rows = self._merge(f"level_ahead{scope.ending}", between, "in_order", limit - len(found))
            # Behind the gap of a level that level may show what comes before the rows of the others.
            found += [Row(row[:3], row[3]) for row in rows if start is None or row[:3] <= start]
        return found

    def rows_behind(self, place: Place, limit: int) -> list[Row]:
        """Give the last rows before a place, the nearest first."""
        leaps = Leaps(self._session, self.levels, self.hiders)
        found: list[Row] = []
        start: Place | None = place
        while start is not None and len(found) < limit:
            spans = leaps.behind(start)
            start = max((span.beyond for span in spans if span.beyond), default=None)
            between = [[span.level, *span.begin, *span.end] for span in spans]
            rows = self._merge("level_ahead", between, "in_reverse", limit - len(found))
            found += [Row(row[:3], row[3]) for row in rows if start is None or row[:3] >= start]
        return found

    def marks(self, scope: Scope, every: int, limit: int) -> FrameMarks:
        """Give the places of each `every`-th frame; at least one, and fewer than `limit` where that is much work."""
        found: list[FramePosition] = []
        walked = since = 0
        while len(found) < limit and not (found and walked >= MARKED_ROWS):
            wanted = min(every * (limit - len(found)) - since, ROWS_AT_ONCE)
            rows = self.rows_ahead(scope, wanted)
            found += [FramePosition(*row.place) for row in rows[every - since - 1 :: every]]
            walked += len(rows)
            since = (since + len(rows)) % every
            if len(rows) < wanted:
                return FrameMarks(found, since)
            scope = scope._replace(begin=rows[-1].place)
        return FrameMarks(found, None)

    def count(self, scope: Scope) -> int:
        """Count the frames of a scope: all rows, less those that are hidden."""
        between = scope.values(scope.begin, scope.end)
        rows = [self._session.row(f"frames_between{scope.ending}", level, *between)[0] for level in self.levels]
        hidden = [self._session.row(f"hidden_between{scope.ending}", hider, *between)[0] for hider in self.hiders]
        return int(sum(rows) - sum(hidden))

    def contexts(self, start: str, limit: int, state: PreviewState | None) -> list[tuple[str, int]]:
        """Give the first contexts that have frames, from one on, with the number of those."""
        found: list[tuple[str, int]] = []
        begin: str | None = start
        while begin is not None and len(found) < limit:
            counted, last = self._contexts_from(begin, limit, Scope(state=state))
            found += sorted((context, frames) for context, frames in counted.items() if frames)
            begin = None if last is None else last + "\0"
        return found[:limit]

    def _contexts_from(self, start: str, limit: int, scope: Scope) -> tuple[Counter[str], str | None]:
        """Count the frames of each context up to one, which is None where no contexts come after it."""
        states = scope.values((), ())
        levels = [
            self._session.rows(f"contexts_from{scope.ending}", level, *states, start, limit) for level in self.levels
        ]
        last = min((rows[-1][0] for rows in levels if len(rows) == limit), default=None)
        counted: Counter[str] = Counter()
        for context, frames in chain.from_iterable(levels):
            if last is None or context <= last:
                counted[context] += frames
        for hider in self.hiders:
            until = END[0] if last is None else last
            for context, frames in self._session.rows(f"hidden_contexts{scope.ending}", hider, *states, start, until):
                counted[context] -= frames
        return counted, last

    def rows_by_id(self, after: str, limit: int) -> list[int]:
        """Give rows by frame id, from the one after an id."""
        found = self._merge("level_by_id", [[level, after] for level in self.levels], "in_order_of_ids", limit)
        return [pk for _, pk in found]

    def changes(self, after: int, limit: int) -> list[Any]:
        """Give the change feed after a position: change, frame id, key, state."""
        return self._merge("level_changes", [[level, after] for level in self.levels], "in_order_of_changes", limit)

    def rows_of(self, frame_ids: Sequence[str], *, inherited: bool = False) -> list[int]:
        """Give the rows of those ids that are shown; if `inherited`, of ancestors alone."""
        levels = [level for level in self.levels if not (inherited and level == self.pk)]
        # No frame has such an id, and SQLite would read it as what comes before its NUL.
        ids = json.encode([frame_id for frame_id in frame_ids if "\0" not in frame_id]).decode()
        numbers = json.encode(levels).decode()
        return [pk for (pk,) in self._session.rows("shown_rows_of_ids", ids, numbers, self._hiding)]

    def frames(self, rows: Sequence[int]) -> list[StoredFrame]:
        """Read rows, in the order given."""
        read = {row[0]: row for row in self._session.rows("frames_of_rows", json.encode(rows).decode())}
        return [self._stored(read[pk]) for pk in rows]

    def frame(self, frame_id: str) -> StoredFrame:
        """Read a frame. Raises NotFound."""
        rows = self.rows_of([frame_id])
        if not rows:
            raise NotFound("frame", frame_id)
        return self.frames(rows)[0]

    def _stored(self, row: Any) -> StoredFrame:
        _, frame_id, context_id, timestamp, document, key, state, error_code, error_mask, origin = row
        position = frame_id, context_id, timestamp
        source = None if origin == self.pk else self.ids[origin]
        return StoredFrame(*position, document, key, STATES[state], error_code, error_mask, source)

    def _merge(self, query: str, values: Sequence[Sequence[Any]], order: str, limit: int) -> list[Any]:
        """Run a query for each level; the columns that rows are ordered by come first."""
        groups = [values[first : first + LEVELS_MERGED] for first in range(0, len(values), LEVELS_MERGED)]
        found = [self._session.merged(query, self._with_hiders(group), order, limit) for group in groups]
        if len(found) == 1:
            return found[0]
        return sorted(chain.from_iterable(found), reverse=order == "in_reverse")[:limit]

    def _with_hiders(self, values: Sequence[Sequence[Any]]) -> list[list[Any]]:
        return [[*each, self._hiding] for each in values]


def _is_before(place: Place, end: Place) -> bool:
    return end == END or place < end


def _earlier(one: Place, other: Place) -> Place:
    if END in (one, other):
        return other if one == END else one
    return min(one, other)
