"""Where frames stand in the order of a list, in SQLite."""

from typing import Any

from mattebox.reasons import PreviewState
from mattebox_registry.errors import NotFound
from mattebox_registry.records import ContextSummary, FrameMarks, FramePosition, Neighbours
from mattebox_registry.store.catalog import version_head
from mattebox_registry.store.codes import STATE_CODES
from mattebox_registry.store.connection import Readers, Session

_Place = tuple[Any, float, str]

_BEGIN: _Place = ("", float("-inf"), "")
# A blob comes after every text.
_END: _Place = (b"", 0.0, "")


class SqlitePlaces:
    """The places part of the store."""

    _readers: Readers

    async def frame_marks(
        self,
        version_id: str,
        *,
        every: int,
        limit: int,
        after: FramePosition | None = None,
        context_id: str | None = None,
        state: PreviewState | None = None,
    ) -> FrameMarks:
        return await self._readers.run(_frame_marks, version_id, (every, limit), after, context_id, state)

    async def frame_rank(
        self, version_id: str, frame_id: str, *, context_id: str | None = None, state: PreviewState | None = None
    ) -> int:
        return await self._readers.run(_frame_rank, version_id, frame_id, context_id, state)

    async def neighbours(self, version_id: str, frame_id: str, limit: int) -> Neighbours:
        return await self._readers.run(_neighbours, version_id, frame_id, limit)

    async def contexts(
        self, version_id: str, *, after: str | None, limit: int, state: PreviewState | None = None
    ) -> list[ContextSummary]:
        return await self._readers.run(_contexts, version_id, after, limit, state)


class _List:
    """The frames of a version that a list shows."""

    def __init__(self, session: Session, version_id: str, context_id: str | None, state: PreviewState | None) -> None:
        self._session = session
        self._ending = "" if state is None else "_in_state"
        self._scope = [version_head(session, version_id).pk, *([] if state is None else [STATE_CODES[state]])]
        self.begin = _BEGIN if context_id is None else (context_id, float("-inf"), "")
        self.end = _END if context_id is None else (context_id, float("inf"), "")

    @property
    def version(self) -> int:
        """Number of the version."""
        return self._scope[0]

    def place(self, start: _Place, frames: int) -> FramePosition | None:
        """Give the place of the frame that comes so many after a place, None where the list ends before."""
        row = self._session.row(f"place_after{self._ending}", *self._scope, *start, *self.end, frames - 1)
        return None if row is None else FramePosition(*row)

    def count(self, start: _Place, end: _Place) -> int:
        """Count the frames between two places."""
        (frames,) = self._session.row(f"frames_between{self._ending}", *self._scope, *start, *end)
        return int(frames)


def _frame_marks(
    session: Session,
    version_id: str,
    size: tuple[int, int],
    after: FramePosition | None,
    context_id: str | None,
    state: PreviewState | None,
) -> FrameMarks:
    every, limit = size
    frames = _List(session, version_id, context_id, state)
    start: _Place = frames.begin if after is None else max(frames.begin, after)
    marks: list[FramePosition] = []
    while len(marks) < limit:
        place = frames.place(start, every)
        if place is None:
            return FrameMarks(marks, frames.count(start, frames.end))
        marks.append(place)
        start = place
    return FrameMarks(marks, None)


def _frame_rank(
    session: Session, version_id: str, frame_id: str, context_id: str | None, state: PreviewState | None
) -> int:
    frames = _List(session, version_id, context_id, state)
    row = session.row("frame", frames.version, frame_id)
    if row is None:
        raise NotFound("frame", frame_id)
    place: _Place = (row[1], row[2], row[0])
    return frames.count(frames.begin, place if context_id is None else min(place, frames.end))


def _neighbours(session: Session, version_id: str, frame_id: str, limit: int) -> Neighbours:
    version = version_head(session, version_id).pk
    row = session.row("frame", version, frame_id)
    if row is None:
        raise NotFound("frame", frame_id)
    place = FramePosition(row[1], row[2], row[0])
    before = [FramePosition(*found) for found in session.rows("places_before", version, *place, limit)]
    after = [FramePosition(*found) for found in session.rows("places_after", version, *place, limit)]
    return Neighbours(before[::-1], place, after)


def _contexts(
    session: Session, version_id: str, after: str | None, limit: int, state: PreviewState | None
) -> list[ContextSummary]:
    values: list[Any] = [version_head(session, version_id).pk]
    query = "contexts_from"
    if state is not None:
        query += "_in_state"
        values.append(STATE_CODES[state])
    # No text lies between another one and the same with a zero behind it.
    start = "" if after is None else after + "\0"
    return [ContextSummary(*row) for row in session.rows(query, *values, start, limit)]
