"""The outbox in SQLite: what is owed, what is in the streams, what was withdrawn."""

from collections.abc import Sequence
from typing import Any

from mattebox_registry.errors import NotFound, OverQuota
from mattebox_registry.records import AppliedResult, Job, JobNumber, NewJob, PreviewRecord
from mattebox_registry.store.catalog import version_head
from mattebox_registry.store.clock import Clock, utc_text
from mattebox_registry.store.codes import LANE_CODES, LANES, PENDING, STATES
from mattebox_registry.store.connection import Readers, Session, Writer
from mattebox_registry.store.counts import Move, move_frame
from mattebox_registry.store.fresh import FreshJobs
from mattebox_registry.store.lineage import Lineage
from mattebox_registry.store.outbox import Outbox, add_tables
from mattebox_registry.store.results import Settlement, find_owed, requeue
from mattebox_runtime.events import Lane, RenderResult

RETRY_REQUEST_S = 2


class SqliteJobs:
    """The jobs part of the store."""

    _writer: Writer
    _readers: Readers
    _clock: Clock
    _generation: str
    _fresh: FreshJobs

    @property
    def generation(self) -> str:
        return self._generation

    async def rotate_generation(self) -> str:
        self._generation = await self._writer.run(_rotate_generation)
        return self._generation

    async def last_seq(self) -> int:
        return await self._readers.run(_number, "last_seq")

    async def request_preview(self, job: NewJob, *, max_requested: int | None = None) -> bool:
        return await self._writer.run(_request_preview, job, max_requested)

    async def is_requested(self, key: bytes) -> bool:
        return await self._readers.run(_is_requested, key)

    async def unpublished(self, lane: Lane, limit: int) -> list[Job]:
        if lane == "interactive":
            return await self._readers.run(_unpublished_requests, limit)
        fresh = self._fresh.first(limit)
        # What is being committed now will be here in a moment, and need not be read back.
        more_come = self._fresh.is_awaited
        if more_come and not fresh:
            return []
        if fresh:
            is_next = await self._readers.run(_are_next, fresh, limit, more_come)
            if is_next:
                return fresh
        return await self._readers.run(_unpublished_frames, limit)

    async def backlog(self, lane: Lane) -> int:
        return await self._readers.run(_number, f"backlog_{lane}")

    async def outstanding(self, lane: Lane) -> int:
        return await self._readers.run(_number, "outstanding", LANE_CODES[lane])

    async def mark_published(self, lane: Lane, seqs: Sequence[int]) -> None:
        await self._writer.run(_mark_published, lane, seqs, self._clock())
        if seqs and lane == "bulk":
            self._fresh.forget(max(seqs))

    async def withdrawn(self, limit: int) -> list[JobNumber]:
        return await self._readers.run(_withdrawn, limit)

    async def forget_withdrawn(self, seqs: Sequence[int]) -> None:
        await self._writer.run(_forget_withdrawn, seqs)

    async def are_owed(self, seqs: Sequence[int]) -> bool:
        return await self._readers.run(_are_owed, seqs)

    async def published_before(self, age_s: float, after_seq: int, limit: int) -> list[JobNumber]:
        return await self._readers.run(_published_before, self._clock() - age_s, after_seq, limit)

    async def republish(self, seqs: Sequence[int]) -> int:
        return await self._writer.run(_republish, seqs)

    async def apply_results(self, results: Sequence[RenderResult]) -> list[AppliedResult]:
        return await self._writer.run(_apply_results, results, utc_text(self._clock()))

    async def preview(self, key: bytes) -> PreviewRecord | None:
        return await self._readers.run(_preview, key)

    async def previews(self, keys: Sequence[bytes]) -> dict[bytes, PreviewRecord]:
        return await self._readers.run(_previews, keys)

    async def table(self, digest: bytes) -> bytes | None:
        return await self._readers.run(_table, digest)


def find_generation(session: Session) -> str:
    """Give the identity of this database's history."""
    generation: str = session.row("generation")[0]
    return generation


def _rotate_generation(session: Session) -> str:
    session.run("empty_lanes")
    session.run("forget_publications")
    session.run("forget_all_withdrawn")
    session.run("rotate_generation")
    return find_generation(session)


def _number(session: Session, query: str, *values: Any) -> int:
    number: int = session.row(query, *values)[0]
    return number


def _unpublished_frames(session: Session, limit: int) -> list[Job]:
    return [
        Job(seq, "bulk", version_id, frame_id, key, document=document)
        for seq, version_id, frame_id, key, document in session.rows("unpublished_bulk", limit)
    ]


def _unpublished_requests(session: Session, limit: int) -> list[Job]:
    return [
        Job(seq, "interactive", version_id, frame_id, key, spec, force=bool(force))
        for seq, version_id, frame_id, key, spec, force in session.rows("unpublished_interactive", limit)
    ]


def _are_next(session: Session, jobs: Sequence[Job], limit: int, more_come: bool) -> bool:
    """Tell whether jobs are those that `unpublished_bulk` would give, or the first of them if `more_come`."""
    seqs = [seq for (seq,) in session.rows("numbers_of_unpublished_bulk", len(jobs) if more_come else limit)]
    return seqs == [job.seq for job in jobs]


def _request_preview(session: Session, job: NewJob, max_requested: int | None) -> bool:
    pk, version, default_key, state, bulk_job = _find_frame(session, job.version_id, job.frame_id)
    owed = session.row("request_of_key", job.key)
    if owed is not None and not job.force:
        return False
    if owed is None and max_requested is not None:
        _check_requested(session, job.holder, max_requested)
    outbox = Outbox(session)
    if owed is not None:
        outbox.withdraw_request(owed[0])
    if job.force:
        session.run("forget_preview", job.key)
    if job.force and job.key == default_key:
        outbox.withdraw(bulk_job)
        session.run("settle_frame", PENDING, None, bulk_job, pk)
        move_frame(session, version, Move(pk, state, PENDING))
    add_tables(session, job.tables)
    outbox.request(pk, job)
    outbox.flush()
    return True


def _check_requested(session: Session, holder: bytes, max_requested: int) -> None:
    if _number(session, "requests_of_holder", holder) >= max_requested:
        detail = f"A token may have {max_requested:,} previews waiting to be drawn: ask again when some are."
        raise OverQuota("too_many_requested", detail, RETRY_REQUEST_S)


def _find_frame(session: Session, version_id: str, frame_id: str) -> tuple[int, int, bytes, int, int | None]:
    """Give the number, version, key, state and job of the row that a version shows, be it an ancestor's."""
    version = version_head(session, version_id)
    if version.parent is None:
        row = session.row("frame_row_of_id", version.pk, frame_id)
    else:
        found = Lineage(session, version_id).rows_of([frame_id])
        row = session.row("frame_row", found[0]) if found else None
    if row is None:
        raise NotFound("frame", frame_id)
    pk, level, key, state, job = row
    return pk, level, key, state, job


def _is_requested(session: Session, key: bytes) -> bool:
    return session.row("request_of_key", key) is not None


def _mark_published(session: Session, lane: Lane, seqs: Sequence[int], now: float) -> None:
    if seqs and session.run(f"publish_{lane}", max(seqs)):
        session.run("note_publication", LANE_CODES[lane], max(seqs), now)
        session.run(f"prune_publications_{lane}")


def _published_before(session: Session, time: float, after_seq: int, limit: int) -> list[JobNumber]:
    found: list[JobNumber] = []
    for lane, code in LANE_CODES.items():
        until = _number(session, "published_until", code, time)
        found += [JobNumber(seq, lane) for (seq,) in session.rows(f"published_{lane}", after_seq, until, limit)]
    return sorted(found)[:limit]


def _are_owed(session: Session, seqs: Sequence[int]) -> bool:
    return any(find_owed(session, seq) is not None for seq in seqs)


def _republish(session: Session, seqs: Sequence[int]) -> int:
    return sum(requeue(session, seq) for seq in seqs)


def _apply_results(session: Session, results: Sequence[RenderResult], now: str) -> list[AppliedResult]:
    settlement = Settlement(session, now)
    applied = [settlement.apply(result) for result in results]
    settlement.flush()
    return [change for change in applied if change is not None]


def _withdrawn(session: Session, limit: int) -> list[JobNumber]:
    return [JobNumber(seq, LANES[lane]) for seq, lane in session.rows("withdrawn", limit)]


def _forget_withdrawn(session: Session, seqs: Sequence[int]) -> None:
    session.run_many("forget_withdrawn", [(seq,) for seq in seqs])


def _preview(session: Session, key: bytes) -> PreviewRecord | None:
    row = session.row("preview", key)
    if row is None:
        return None
    key, state, attempts, error_code, error_mask, report, rendered_at = row
    return PreviewRecord(key, STATES[state], attempts, error_code, error_mask, report, rendered_at)


def _previews(session: Session, keys: Sequence[bytes]) -> dict[bytes, PreviewRecord]:
    found = (_preview(session, key) for key in dict.fromkeys(keys))
    return {record.key: record for record in found if record is not None}


def _table(session: Session, digest: bytes) -> bytes | None:
    row = session.row("table", digest)
    return None if row is None else row[0]
