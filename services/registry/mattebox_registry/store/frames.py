"""Reading and writing frames in SQLite."""

from collections.abc import Mapping, Sequence
from typing import Any

from mattebox.reasons import PreviewState
from mattebox_registry.errors import NotFound
from mattebox_registry.records import FrameChange, FramePosition, NewFrame, PreviewCounts, PutOutcome, StoredFrame
from mattebox_registry.store.catalog import version_head
from mattebox_registry.store.clock import Clock, utc_text
from mattebox_registry.store.codes import STATE_CODES, STATES
from mattebox_registry.store.connection import Readers, Session, Writer
from mattebox_registry.store.fresh import FreshJobs
from mattebox_registry.store.lineage import Lineage, Scope
from mattebox_registry.store.writing import delete_frames, put_frames, renew_frames, restyle_frames

_FIRST = FramePosition("", float("-inf"), "")


class SqliteFrames:
    """The frames part of the store."""

    _writer: Writer
    _readers: Readers
    _clock: Clock
    _fresh: FreshJobs

    async def put_frames(
        self, version_id: str, frames: Sequence[NewFrame], *, style_revision: int, tables: Mapping[bytes, bytes]
    ) -> PutOutcome:
        now = utc_text(self._clock())
        with self._fresh.awaited():
            outcome, owed = await self._writer.run(put_frames, version_id, frames, style_revision, tables, now)
            self._fresh.add(owed)
        return outcome

    async def frame(self, version_id: str, frame_id: str) -> StoredFrame:
        return await self._readers.run(_frame, version_id, frame_id)

    async def frames(
        self,
        version_id: str,
        *,
        after: FramePosition | None,
        limit: int,
        context_id: str | None = None,
        state: PreviewState | None = None,
    ) -> list[StoredFrame]:
        return await self._readers.run(_frames, version_id, after or _FIRST, limit, context_id, state)

    async def frames_by_id(self, version_id: str, frame_ids: Sequence[str]) -> list[StoredFrame]:
        return await self._readers.run(_frames_by_id, version_id, frame_ids)

    async def delete_frames(self, version_id: str, frame_ids: Sequence[str]) -> int:
        return await self._writer.run(delete_frames, version_id, frame_ids, utc_text(self._clock()))

    async def preview_counts(self, version_id: str) -> PreviewCounts:
        return await self._readers.run(_preview_counts, version_id)

    async def changes_after(self, version_id: str, change: int, limit: int) -> list[FrameChange]:
        return await self._readers.run(_changes_after, version_id, change, limit)

    async def last_change(self, version_id: str) -> int:
        return await self._readers.run(_last_change, version_id)

    async def frames_to_restyle(self, version_id: str, limit: int) -> list[StoredFrame]:
        return await self._readers.run(_frames_to_restyle, version_id, limit)

    async def lineage(self, version_id: str) -> list[str]:
        return await self._readers.run(_lineage, version_id)

    async def restyle_frames(
        self,
        version_id: str,
        frames: Sequence[NewFrame],
        *,
        style_revision: int,
        done_up_to: str | None,
        tables: Mapping[bytes, bytes],
    ) -> None:
        await self._writer.run(restyle_frames, version_id, frames, style_revision, done_up_to, tables)

    async def renew_frames(
        self, version_id: str, frames: Sequence[NewFrame], *, style_revision: int, tables: Mapping[bytes, bytes]
    ) -> None:
        await self._writer.run(renew_frames, version_id, frames, style_revision, tables)


def _stored(row: tuple[Any, ...]) -> StoredFrame:
    frame_id, context_id, timestamp, document, key, state, error_code, error_mask = row
    return StoredFrame(frame_id, context_id, timestamp, document, key, STATES[state], error_code, error_mask)


def _frame(session: Session, version_id: str, frame_id: str) -> StoredFrame:
    version = version_head(session, version_id)
    if version.parent is not None:
        return Lineage(session, version_id).frame(frame_id)
    row = session.row("frame", version.pk, frame_id)
    if row is None:
        raise NotFound("frame", frame_id)
    return _stored(row)


def _frames_by_id(session: Session, version_id: str, frame_ids: Sequence[str]) -> list[StoredFrame]:
    version = version_head(session, version_id)
    if version.parent is not None:
        lineage = Lineage(session, version_id)
        return lineage.frames(lineage.rows_of(list(dict.fromkeys(frame_ids))))
    rows = (session.row("frame", version.pk, frame_id) for frame_id in dict.fromkeys(frame_ids))
    return [_stored(row) for row in rows if row is not None]


def _frames(
    session: Session,
    version_id: str,
    after: FramePosition,
    limit: int,
    context_id: str | None,
    state: PreviewState | None,
) -> list[StoredFrame]:
    version = version_head(session, version_id)
    if version.parent is not None:
        scope = Scope.of(context_id, state)
        return Lineage(session, version_id).page(scope._replace(begin=max(scope.begin, after)), limit)
    query = "frames_after"
    values: list[Any] = [version.pk]
    if state is not None:
        query += "_in_state"
        values.append(STATE_CODES[state])
    if context_id is None:
        values += after
    else:
        query += "_in_context"
        values += _place_in_context(context_id, after)
    return [_stored(row) for row in session.rows(query, *values, limit)]


def _place_in_context(context_id: str, after: FramePosition) -> tuple[str, float, str]:
    if after.context_id < context_id:
        return context_id, _FIRST.timestamp, _FIRST.id
    if after.context_id > context_id:
        return context_id, float("inf"), ""
    return after


def _preview_counts(session: Session, version_id: str) -> PreviewCounts:
    row = session.row("preview_counts", version_id)
    if row is None:
        raise NotFound("version", version_id)
    *counts, parent = row
    return dict(zip(STATES, counts, strict=True)) if parent is None else Lineage(session, version_id).counts


def _changes_after(session: Session, version_id: str, change: int, limit: int) -> list[FrameChange]:
    version = version_head(session, version_id)
    if version.parent is None:
        rows = session.rows("changes_after", version.pk, change, limit)
    else:
        rows = Lineage(session, version_id).changes(change, limit)
    return [FrameChange(position, frame_id, key, STATES[state]) for position, frame_id, key, state in rows]


def _last_change(session: Session, version_id: str) -> int:
    row = session.row("last_change", version_id)
    if row is None:
        raise NotFound("version", version_id)
    change: int = row[0]
    return change


def _frames_to_restyle(session: Session, version_id: str, limit: int) -> list[StoredFrame]:
    version = version_head(session, version_id)
    if version.restyle_after is None:
        return []
    if version.parent is not None:
        lineage = Lineage(session, version_id)
        return lineage.frames(lineage.rows_by_id(version.restyle_after, limit))
    return [_stored(row) for row in session.rows("frames_by_id_after", version.pk, version.restyle_after, limit)]


def _lineage(session: Session, version_id: str) -> list[str]:
    return list(Lineage(session, version_id).ids.values())
