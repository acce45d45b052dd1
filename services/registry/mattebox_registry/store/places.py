"""Where frames stand in the order of a list, in SQLite."""

from mattebox.reasons import PreviewState
from mattebox_registry.errors import NotFound
from mattebox_registry.records import ContextSummary, FrameMarks, FramePosition, Neighbours
from mattebox_registry.store.catalog import version_head
from mattebox_registry.store.codes import STATE_CODES
from mattebox_registry.store.connection import Readers, Session
from mattebox_registry.store.gaps import Place
from mattebox_registry.store.lineage import Lineage, Scope


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
    """The frames of a version without ancestors that a list shows."""

    def __init__(self, session: Session, version: int, scope: Scope) -> None:
        self._session = session
        self._version = version
        self._scope = scope

    def place(self, start: Place, frames: int) -> Place | None:
        """Give the place of the frame that comes so many after a place, None where the list ends before."""
        values = self._scope.values(start, self._scope.end)
        row: Place | None = self._session.row(f"place_after{self._scope.ending}", self._version, *values, frames - 1)
        return row

    def count(self, start: Place, end: Place) -> int:
        """Count the frames between two places."""
        values = self._scope.values(start, end)
        (frames,) = self._session.row(f"frames_between{self._scope.ending}", self._version, *values)
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
    scope = Scope.of(context_id, state)
    start: Place = scope.begin if after is None else max(scope.begin, after)
    version = version_head(session, version_id)
    if version.parent is not None:
        return Lineage(session, version_id).marks(scope._replace(begin=start), every, limit)
    frames = _List(session, version.pk, scope)
    marks: list[FramePosition] = []
    while len(marks) < limit:
        place = frames.place(start, every)
        if place is None:
            return FrameMarks(marks, frames.count(start, scope.end))
        marks.append(FramePosition(*place))
        start = place
    return FrameMarks(marks, None)


def _frame_rank(
    session: Session, version_id: str, frame_id: str, context_id: str | None, state: PreviewState | None
) -> int:
    place: Place = _place_of(session, version_id, frame_id)
    scope = Scope.of(context_id, state)
    end = place if context_id is None else min(place, scope.end)
    version = version_head(session, version_id)
    if version.parent is not None:
        return Lineage(session, version_id).count(scope._replace(end=end))
    return _List(session, version.pk, scope).count(scope.begin, end)


def _neighbours(session: Session, version_id: str, frame_id: str, limit: int) -> Neighbours:
    place = _place_of(session, version_id, frame_id)
    version = version_head(session, version_id)
    if version.parent is None:
        before = [FramePosition(*found) for found in session.rows("places_before", version.pk, *place, limit)]
        after = [FramePosition(*found) for found in session.rows("places_after", version.pk, *place, limit)]
    else:
        lineage = Lineage(session, version_id)
        before = [FramePosition(*row.place) for row in lineage.rows_behind(place, limit)]
        after = [FramePosition(*row.place) for row in lineage.rows_ahead(Scope(place), limit)]
    return Neighbours(before[::-1], place, after)


def _place_of(session: Session, version_id: str, frame_id: str) -> FramePosition:
    version = version_head(session, version_id)
    if version.parent is not None:
        frame = Lineage(session, version_id).frame(frame_id)
        return FramePosition(frame.context_id, frame.timestamp, frame.id)
    row = session.row("frame", version.pk, frame_id)
    if row is None:
        raise NotFound("frame", frame_id)
    return FramePosition(row[1], row[2], row[0])


def _contexts(
    session: Session, version_id: str, after: str | None, limit: int, state: PreviewState | None
) -> list[ContextSummary]:
    # No text lies between another one and the same with a zero behind it.
    start = "" if after is None else after + "\0"
    version = version_head(session, version_id)
    if version.parent is not None:
        found = Lineage(session, version_id).contexts(start, limit, state)
    else:
        query, values = ("contexts_from", []) if state is None else ("contexts_from_in_state", [STATE_CODES[state]])
        found = session.rows(query, version.pk, *values, start, limit)
    return [ContextSummary(*row) for row in found]
