"""How a result settles its job.

The first result of a key stands. A job that was owed before it was recorded is a duplicate of that render and only
takes its own frame along, so that a key has one visible outcome however often it is delivered. A job owed later
(its picture was evicted, say) or a forced one is a new render and replaces the record.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from mattebox_registry.records import AppliedResult
from mattebox_registry.store.codes import BULK, PENDING, STATE_CODES, STATES
from mattebox_registry.store.connection import Session
from mattebox_registry.store.counts import Move, add_counts, follow_moves
from mattebox_registry.store.outbox import Outbox, drop_jobs, leave_streams
from mattebox_runtime.events import RenderResult


class _Owed(NamedTuple):
    """A job and the frame it is for."""

    lane: int
    force: bool
    key: bytes
    frame: int
    frame_id: str
    frame_key: bytes
    frame_state: int
    version: int
    version_id: str
    root: int


def find_owed(session: Session, seq: int) -> _Owed | None:
    """Find what is owed under a job number."""
    row = session.row("bulk_job", seq) or session.row("request", seq)
    return None if row is None else _Owed(*row)


def requeue(session: Session, seq: int) -> bool:
    """Owe a job under a new number, which makes it unpublished; False where it is not owed any more."""
    job = find_owed(session, seq)
    if job is None:
        return False
    leave_streams(session, [(seq, job.lane)])
    outbox = Outbox(session)
    session.run("renumber_bulk_job" if job.lane == BULK else "renumber_request", outbox.take_number(), seq)
    outbox.flush()
    return True


class Settlement:
    """Results applied in one transaction; lanes and versions are written once, by `flush`."""

    def __init__(self, session: Session, now: str) -> None:
        self._session = session
        self._now = now
        self._last_seq: int = session.row("last_seq")[0]
        self._dropped: dict[int, int] = {}
        self._counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._moves: list[Move] = []
        # The newest position in the change feed of each family: a version, its ancestors and what inherits of them.
        self._changes: dict[int, int] = {}

    def apply(self, result: RenderResult) -> AppliedResult | None:
        """Settle the job of one result; None where it is owed no more, or owed again."""
        job = None if result.seq in self._dropped else find_owed(self._session, result.seq)
        if result.type == "table_missing":
            if job is not None:
                requeue(self._session, result.seq)
            return None
        if job is None or job.key != result.key:
            self._record_stray(result)
            return None
        self._dropped[result.seq] = job.lane
        recorded = self._session.row("preview_seq", result.key)
        is_duplicate = recorded is not None and not job.force and result.seq <= recorded[1]
        if is_duplicate:
            state = recorded[0]
        else:
            state = STATE_CODES[result.state]
            self._record(result, self._last_seq)
        change = None
        if (
            job.frame_key == result.key
            and job.frame_state != state
            and (job.frame_state == PENDING or not is_duplicate)
        ):
            change = self._move_frame(job, result.seq, state)
        return AppliedResult(job.version_id, job.frame_id, result.key, STATES[state], change)

    def flush(self) -> None:
        """Write what was added up."""
        drop_jobs(self._session, list(self._dropped.items()))
        for root, change in self._changes.items():
            self._session.run("update_last_change", change, root)
        for version, counts in self._counts.items():
            add_counts(self._session, version, counts)
        follow_moves(self._session, self._moves)

    def _move_frame(self, job: _Owed, seq: int, state: int) -> int:
        last: int | None = self._changes.get(job.root)
        change: int = 1 + (self._session.row("last_change_of", job.root)[0] if last is None else last)
        self._changes[job.root] = change
        self._session.run("settle_frame", state, change, seq, job.frame)
        self._counts[job.version].update({job.frame_state: -1})
        self._counts[job.version].update({state: 1})
        self._moves.append(Move(job.frame, job.frame_state, state))
        return change

    def _record_stray(self, result: RenderResult) -> None:
        """Keep what a job that is owed no longer came to, until a job that is owed says otherwise."""
        if self._session.row("preview_seq", result.key) is None:
            self._record(result, last_seq=0)

    def _record(self, result: RenderResult, last_seq: int) -> None:
        code, mask = (result.failure.code, result.failure.mask) if result.failure else (None, None)
        self._session.run(
            "record_preview",
            *(result.key, STATE_CODES[result.state], result.attempts, code, mask, result.report, self._now, last_seq),
        )
