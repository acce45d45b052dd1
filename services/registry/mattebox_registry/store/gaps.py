"""Runs of rows of one ancestor none of which a version shows: kept by who hides rows, leapt over by who reads.

A gap only ever says what is so without it too; nothing depends on it but how many rows a page goes through.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from typing import Any, NamedTuple

from msgspec import json

from mattebox_registry.store.connection import Session

Place = tuple[Any, float, str]
"""Context, timestamp and id: where a frame stands in the order of lists."""

BEGIN: Place = ("", float("-inf"), "")
# A blob comes after every text, in SQLite; Python does not compare the two.
END: Place = (b"", 0.0, "")

MAX_STEPS = 1_000
"""Rows and gaps of others that a run grows over at a time: it need not be as long as it might be."""

_LARGEST = 2**40


class Span(NamedTuple):
    """Where the rows of a level are to be read: between two places, and then on from a third if there is one."""

    level: int
    begin: Place
    end: Place
    beyond: Place | None = None


class Leaps:
    """The long gaps of a lineage, for who reads."""

    def __init__(self, session: Session, levels: Sequence[int], hiders: Sequence[int]) -> None:
        self._session = session
        self._levels = levels
        self._hiders: defaultdict[int, list[int]] = defaultdict(list)
        if hiders:
            pairs = session.rows("gapped_levels", json.encode(hiders).decode(), json.encode(levels).decode())
            for hider, level in pairs:
                self._hiders[level].append(hider)

    def ahead(self, start: Place) -> list[Span]:
        """Tell where each level is to be read from a place on."""
        return [self._span_ahead(level, start) for level in self._levels]

    def behind(self, start: Place) -> list[Span]:
        """Tell where each level is to be read before a place, backwards."""
        return [self._span_behind(level, start) for level in self._levels]

    def _span_ahead(self, level: int, start: Place) -> Span:
        gaps = sorted(self._found("long_gap_ahead", level, start))
        for first, last in gaps:
            if first > start:
                return Span(level, start, first, last)
            start = max(start, last)
        return Span(level, start, END)

    def _span_behind(self, level: int, start: Place) -> Span:
        gaps = sorted(self._found("long_gap_behind", level, start), key=lambda gap: gap[1], reverse=True)
        for first, last in gaps:
            if last < start:
                return Span(level, last, start, first)
            start = min(start, first)
        return Span(level, BEGIN, start)

    def _found(self, query: str, level: int, start: Place) -> list[tuple[Place, Place]]:
        rows = (self._session.row(query, hider, level, *start) for hider in self._hiders.get(level, ()))
        return [(row[:3], row[3:]) for row in rows if row is not None]


class GapKeeper:
    """The gaps of one version, for who hides rows in it."""

    def __init__(self, session: Session, version: int, hiders: Sequence[int]) -> None:
        """`hiders` are all of its lineage that hide rows."""
        self._session = session
        self._version = version
        self._hiders = [version, *(hider for hider in hiders if hider != version)]
        self._hiding = json.encode(self._hiders).decode()

    def widen(self, level: int, places: Iterable[Place]) -> None:
        """Take in rows of a level that were hidden."""
        fresh = set(places)
        last: Place | None = None
        for place in sorted(fresh):
            if last is None or place > last:
                last = self._keep(level, place, fresh)

    def split(self, level: int, place: Place) -> None:
        """Leave out a row of a level that is shown again."""
        gap = self._over(self._version, level, place)
        if gap is None:
            return
        first, last, size = gap
        self._forget(level, first, first)
        before, after = (self._neighbour(query, level, place)[:3] for query in ("row_before", "row_after"))
        if first < before < place:
            self._add(level, first, before, size)
        if place < after < last:
            self._add(level, after, last, size)

    def _keep(self, level: int, place: Place, fresh: Set[Place]) -> Place:
        """Keep the run of hidden rows around one that was hidden now; give its last."""
        first, before = self._reach("row_before", level, place, fresh)
        last, after = self._reach("row_after", level, place, fresh)
        if before or after:
            self._forget(level, first, last)
            self._add(level, first, last, before + 1 + after)
        return last

    def _reach(self, query: str, level: int, place: Place, fresh: Set[Place]) -> tuple[Place, int]:
        """Go on from a row over those beside it that are hidden, by whomever; give the last of them, and how many."""
        size = others = 0
        while others < MAX_STEPS:
            *beside, is_hidden = self._neighbour(query, level, place)
            if not is_hidden:
                break
            place = tuple(beside)
            # A row that was shown until now is in no gap.
            gap = None if place in fresh else self._over_any(level, place)
            others += place not in fresh
            if gap is not None:
                place = gap[0] if query == "row_before" else gap[1]
            size += 1 if gap is None else gap[2]
        return place, size

    def _neighbour(self, query: str, level: int, place: Place) -> Any:
        return self._session.row(query, self._hiding, level, *place) or (*place, False)

    def _over_any(self, level: int, place: Place) -> tuple[Place, Place, int] | None:
        return next((gap for hider in self._hiders if (gap := self._over(hider, level, place)) is not None), None)

    def _over(self, hider: int, level: int, place: Place) -> tuple[Place, Place, int] | None:
        row = self._session.row("gap_up_to", hider, level, *place)
        return None if row is None or row[3:6] < place else (row[:3], row[3:6], row[6])

    def _forget(self, level: int, first: Place, last: Place) -> None:
        self._session.run("forget_gaps_within", self._version, level, *first, *last)

    def _add(self, level: int, first: Place, last: Place, size: int) -> None:
        # A gap that is split gives its size to both parts, so that a sum may go far beyond the rows there are.
        self._session.run("add_gap", self._version, level, *first, *last, min(size, _LARGEST))
