"""Reading and writing frames in SQLite."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mattebox.reasons import PreviewState
from mattebox_registry.errors import NotFound, StyleChanged
from mattebox_registry.records import FrameChange, FramePosition, Job, NewFrame, PreviewCounts, PutOutcome, StoredFrame
from mattebox_registry.store.catalog import draft_head, version_head
from mattebox_registry.store.clock import Clock, utc_text
from mattebox_registry.store.codes import STATE_CODES, STATES
from mattebox_registry.store.connection import Readers, Session, Writer
from mattebox_registry.store.counts import add_counts
from mattebox_registry.store.fresh import FreshJobs
from mattebox_registry.store.outbox import Outbox, add_tables

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
            outcome, owed = await self._writer.run(_put_frames, version_id, frames, style_revision, tables, now)
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
        return await self._writer.run(_delete_frames, version_id, frame_ids, utc_text(self._clock()))

    async def preview_counts(self, version_id: str) -> PreviewCounts:
        return await self._readers.run(_preview_counts, version_id)

    async def changes_after(self, version_id: str, change: int, limit: int) -> list[FrameChange]:
        return await self._readers.run(_changes_after, version_id, change, limit)

    async def last_change(self, version_id: str) -> int:
        return await self._readers.run(_last_change, version_id)

    async def frames_to_restyle(self, version_id: str, limit: int) -> list[StoredFrame]:
        return await self._readers.run(_frames_to_restyle, version_id, limit)

    async def restyle_frames(
        self,
        version_id: str,
        frames: Sequence[NewFrame],
        *,
        style_revision: int,
        done_up_to: str | None,
        tables: Mapping[bytes, bytes],
    ) -> None:
        await self._writer.run(_restyle_frames, version_id, frames, style_revision, done_up_to, tables)

    async def renew_frames(
        self, version_id: str, frames: Sequence[NewFrame], *, style_revision: int, tables: Mapping[bytes, bytes]
    ) -> None:
        await self._writer.run(_renew_frames, version_id, frames, style_revision, tables)


class _Held(NamedTuple):
    """The row of a frame that is there; `job` is None where nothing is owed."""

    pk: int
    document: bytes
    key: bytes
    state: int
    job: int | None


class _Changes:
    """What one transaction does to a version beside its frames: renders owed or withdrawn, counts moved."""

    def __init__(self, session: Session) -> None:
        self.outbox = Outbox(session)
        self.counts: Counter[int] = Counter()
        self._session = session

    def owe(self, frame: NewFrame) -> int | None:
        """Owe the default preview of a frame, where there is something to draw, under the number given."""
        return None if frame.spec is None else self.outbox.take_number()

    def flush(self, version: int) -> None:
        """Write it."""
        self.outbox.flush()
        add_counts(self._session, version, self.counts)


def _put_frames(
    session: Session,
    version_id: str,
    frames: Sequence[NewFrame],
    style_revision: int,
    tables: Mapping[bytes, bytes],
    now: str,
) -> tuple[PutOutcome, list[Job]]:
    version = draft_head(session, version_id)
    if version.style_revision != style_revision:
        raise StyleChanged
    add_tables(session, tables)
    changes = _Changes(session)
    newest = list({frame.id: frame for frame in frames}.values())
    jobs = [changes.owe(frame) for frame in newest]
    held = _insert_new(session, version.pk, newest, jobs)
    changes.counts.update([STATE_CODES[frame.state] for frame in newest])
    changes.counts.subtract(STATE_CODES[frame.state] for frame, _ in held)
    for frame, row in held:
        _update(session, row, frame, changes)
    changes.flush(version.pk)
    session.run("touch_version", now, version.pk)
    created = len(newest) - len(held)
    outcome = PutOutcome(created, len(frames) - created)
    return outcome, [] if held else _jobs_of(version_id, newest, jobs, frozenset(tables))


def _jobs_of(
    version_id: str, frames: Sequence[NewFrame], seqs: Sequence[int | None], tables: frozenset[bytes]
) -> list[Job]:
    """Give what is owed for frames that are all new."""
    return [
        Job(seq, "bulk", version_id, frame.id, frame.key, frame.spec, tables=tables)
        for frame, seq in zip(frames, seqs, strict=True)
        if seq is not None
    ]


def _insert_new(
    session: Session, version: int, frames: Sequence[NewFrame], jobs: Sequence[int | None]
) -> list[tuple[NewFrame, _Held]]:
    """Insert the frames that are not there, owed under the numbers given; give the others, with what is there.

    Mostly all are new: they are inserted without a look, and only where a row was refused are the rows compared.
    """
    (last,) = session.row("last_frame")
    rows = [
        (
            pk,
            version,
            frame.id,
            frame.context_id,
            frame.timestamp,
            frame.document,
            frame.key,
            STATE_CODES[frame.state],
            job,
        )
        for pk, (frame, job) in enumerate(zip(frames, jobs, strict=True), last + 1)
    ]
    if session.insert("insert_frame", rows) == len(rows):
        return []
    present = ((pk, frame, _find(session, version, frame.id)) for pk, frame in enumerate(frames, last + 1))
    return [(frame, row) for pk, frame, row in present if row is not None and row.pk != pk]


def _find(session: Session, version: int, frame_id: str) -> _Held | None:
    row = session.row("frame_head", version, frame_id)
    return None if row is None else _Held(*row)


def _update(session: Session, held: _Held, frame: NewFrame, changes: _Changes) -> None:
    if frame.document != held.document:
        session.run("update_document", frame.context_id, frame.timestamp, frame.document, held.pk)
    if frame.key != held.key:
        _give_key(session, held, frame, changes)


def _give_key(session: Session, held: _Held, frame: NewFrame, changes: _Changes) -> None:
    state = STATE_CODES[frame.state]
    changes.outbox.withdraw(held.job)
    session.run("update_key", frame.key, state, changes.owe(frame), held.pk)
    changes.counts[held.state] -= 1
    changes.counts[state] += 1


def _delete_frames(session: Session, version_id: str, frame_ids: Sequence[str], now: str) -> int:
    version = draft_head(session, version_id)
    found = (_find(session, version.pk, frame_id) for frame_id in dict.fromkeys(frame_ids))
    held = [row for row in found if row is not None]
    changes = _Changes(session)
    for row in held:
        changes.outbox.withdraw(row.job)
        changes.outbox.withdraw_requests(row.pk)
        changes.counts[row.state] -= 1
    changes.flush(version.pk)
    session.run_many("delete_frame", [(row.pk,) for row in held])
    session.run("touch_version", now, version.pk)
    return len(held)


def _restyle_frames(
    session: Session,
    version_id: str,
    frames: Sequence[NewFrame],
    style_revision: int,
    done_up_to: str | None,
    tables: Mapping[bytes, bytes],
) -> None:
    version = _renew_frames(session, version_id, frames, style_revision, tables)
    session.run("restyled_up_to", done_up_to, version)


def _renew_frames(
    session: Session,
    version_id: str,
    frames: Sequence[NewFrame],
    style_revision: int,
    tables: Mapping[bytes, bytes],
) -> int:
    version = version_head(session, version_id)
    if version.style_revision != style_revision:
        raise StyleChanged
    add_tables(session, tables)
    changes = _Changes(session)
    for frame in frames:
        held = _find(session, version.pk, frame.id)
        # A frame that was stored meanwhile got its key by the new style then.
        if held is not None and held.document == frame.document and held.key != frame.key:
            _give_key(session, held, frame, changes)
    changes.flush(version.pk)
    return version.pk


def _stored(row: tuple[Any, ...]) -> StoredFrame:
    frame_id, context_id, timestamp, document, key, state, error_code, error_mask = row
    return StoredFrame(frame_id, context_id, timestamp, document, key, STATES[state], error_code, error_mask)


def _frame(session: Session, version_id: str, frame_id: str) -> StoredFrame:
    row = session.row("frame", version_head(session, version_id).pk, frame_id)
    if row is None:
        raise NotFound("frame", frame_id)
    return _stored(row)


def _frames_by_id(session: Session, version_id: str, frame_ids: Sequence[str]) -> list[StoredFrame]:
    version = version_head(session, version_id).pk
    rows = (session.row("frame", version, frame_id) for frame_id in dict.fromkeys(frame_ids))
    return [_stored(row) for row in rows if row is not None]


def _frames(
    session: Session,
    version_id: str,
    after: FramePosition,
    limit: int,
    context_id: str | None,
    state: PreviewState | None,
) -> list[StoredFrame]:
    query = "frames_after"
    values: list[Any] = [version_head(session, version_id).pk]
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
    return dict(zip(STATES, row, strict=True))


def _changes_after(session: Session, version_id: str, change: int, limit: int) -> list[FrameChange]:
    rows = session.rows("changes_after", version_head(session, version_id).pk, change, limit)
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
    return [_stored(row) for row in session.rows("frames_by_id_after", version.pk, version.restyle_after, limit)]
