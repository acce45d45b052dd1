"""How a result settles its job.

The first result of a key stands. A job that was owed before it was recorded is a duplicate of that render and only
takes its own frame along, so that a key has one visible outcome however often it is delivered. A job owed later
(its picture was evicted, say) or a forced one is a new render and replaces the record.
"""

from typing import NamedTuple

from mattebox_registry.records import AppliedResult
from mattebox_registry.store.codes import BULK, PENDING, STATE_CODES, STATES
from mattebox_registry.store.connection import Session
from mattebox_registry.store.counts import move_frame
from mattebox_registry.store.outbox import Outbox, drop_job
from mattebox_runtime.events import RenderResult


class _Owed(NamedTuple):
    """A job and the frame it is for."""

    lane: int
    force: bool
    key: bytes
    spec: bytes
    frame: int
    frame_id: str
    frame_key: bytes
    frame_state: int
    version: int
    version_id: str


def _find(session: Session, seq: int) -> _Owed | None:
    row = session.row("job", seq)
    return None if row is None else _Owed(*row)


def requeue(session: Session, seq: int) -> bool:
    """Owe a job under a new number, which makes it unpublished; False where it is not owed any more."""
    job = _find(session, seq)
    if job is None:
        return False
    drop_job(session, job.lane, seq)
    outbox = Outbox(session)
    number = outbox.owe(job.frame, job.key, job.spec, lane=job.lane, force=job.force)
    outbox.flush()
    if job.lane == BULK:
        session.run("update_job", number, job.frame)
    return True


def apply_result(session: Session, result: RenderResult, now: str) -> AppliedResult | None:
    """Settle the job of one result; None where it is owed no more, or owed again."""
    if result.type == "table_missing":
        requeue(session, result.seq)
        return None
    job = _find(session, result.seq)
    if job is None or job.key != result.key:
        _record_stray(session, result, now)
        return None
    drop_job(session, job.lane, result.seq)
    recorded = session.row("preview_seq", result.key)
    is_duplicate = recorded is not None and not job.force and result.seq <= recorded[1]
    if is_duplicate:
        state = recorded[0]
    else:
        state = STATE_CODES[result.state]
        _record(session, result, now, last_seq=session.row("last_seq")[0])
    change = None
    if job.frame_key == result.key and job.frame_state != state and (job.frame_state == PENDING or not is_duplicate):
        change = _move_frame(session, job, state)
    return AppliedResult(job.version_id, job.frame_id, result.key, STATES[state], change)


def _move_frame(session: Session, job: _Owed, state: int) -> int:
    (change,) = session.row("next_change", job.version)
    session.run("settle_frame", state, change, job.frame)
    move_frame(session, job.version, job.frame_state, state)
    position: int = change
    return position


def _record_stray(session: Session, result: RenderResult, now: str) -> None:
    """Keep what a job that is owed no longer came to, until a job that is owed says otherwise."""
    if session.row("preview_seq", result.key) is None:
        _record(session, result, now, last_seq=0)


def _record(session: Session, result: RenderResult, now: str, last_seq: int) -> None:
    code, mask = (result.failure.code, result.failure.mask) if result.failure else (None, None)
    session.run(
        "record_preview",
        *(result.key, STATE_CODES[result.state], result.attempts, code, mask, result.report, now, last_seq),
    )
