"""Writing frames in SQLite: put, deleted, given the previews of a new style."""

from collections.abc import Mapping, Sequence

from mattebox_registry.errors import StyleChanged
from mattebox_registry.records import Job, NewFrame, PutOutcome
from mattebox_registry.store.catalog import VersionHead, draft_head, version_head
from mattebox_registry.store.changes import Changes, Held
from mattebox_registry.store.codes import STATE_CODES
from mattebox_registry.store.connection import Session
from mattebox_registry.store.heirs import Heir
from mattebox_registry.store.outbox import add_tables


def put_frames(
    session: Session,
    version_id: str,
    frames: Sequence[NewFrame],
    style_revision: int,
    tables: Mapping[bytes, bytes],
    now: str,
) -> tuple[PutOutcome, list[Job]]:
    """Create or update frames; give what is owed for them where all of them are new."""
    version = draft_head(session, version_id)
    if version.style_revision != style_revision:
        raise StyleChanged
    add_tables(session, tables)
    changes = Changes(session, version.pk, now=now)
    newest = list({frame.id: frame for frame in frames}.values())
    rest = newest if version.parent is None else _replace_inherited(session, version_id, newest, changes)
    jobs = [changes.owe(frame) for frame in rest]
    held = _insert_new(session, version.pk, rest, jobs)
    changes.counts.update([STATE_CODES[frame.state] for frame in rest])
    changes.counts.subtract(STATE_CODES[frame.state] for frame, _ in held)
    for frame, row in held:
        _update(session, row, frame, changes)
    changes.flush()
    created = len(rest) - len(held)
    outcome = PutOutcome(created, len(frames) - created)
    return outcome, [] if held or rest is not newest else _jobs_of(version_id, newest, jobs, frozenset(tables))


def delete_frames(session: Session, version_id: str, frame_ids: Sequence[str], now: str) -> int:
    """Delete those of the frames that are shown; say how many."""
    version = draft_head(session, version_id)
    frame_ids = list(dict.fromkeys(frame_ids))
    held = [row for frame_id in frame_ids if (row := _find(session, version.pk, frame_id)) is not None]
    changes = Changes(session, version.pk, now=now)
    hidden = 0
    if version.parent is not None:
        hidden = _hide_inherited(session, version_id, frame_ids, changes)
    for row in held:
        changes.outbox.withdraw(row.job)
        changes.outbox.withdraw_requests(row.pk)
        changes.counts[row.state] -= 1
    changes.flush()
    session.run_many("delete_frame", [(row.pk,) for row in held])
    return len(held) + hidden


def restyle_frames(
    session: Session,
    version_id: str,
    frames: Sequence[NewFrame],
    style_revision: int,
    done_up_to: str | None,
    tables: Mapping[bytes, bytes],
) -> None:
    """Give frames the keys of a new style, and note how far that has come."""
    version = renew_frames(session, version_id, frames, style_revision, tables)
    session.run("restyled_up_to", done_up_to, version)


def renew_frames(
    session: Session,
    version_id: str,
    frames: Sequence[NewFrame],
    style_revision: int,
    tables: Mapping[bytes, bytes],
) -> int:
    """Give frames the keys of a new style; give the number of the version."""
    version = version_head(session, version_id)
    if version.style_revision != style_revision:
        raise StyleChanged
    add_tables(session, tables)
    is_published = version.status == "published"
    changes = Changes(session, version.pk, is_published=is_published)
    if version.parent is None:
        for frame in frames:
            held = _find(session, version.pk, frame.id)
            if held is not None and _is_outdated(held, frame):
                changes.give_key(held, frame)
    else:
        heir = Heir(session, version_id, changes, is_published=is_published)
        _restyle_inherited(session, version, frames, changes, heir)
    changes.flush()
    return version.pk


def _replace_inherited(
    session: Session, version_id: str, frames: Sequence[NewFrame], changes: Changes
) -> Sequence[NewFrame]:
    """Put frames in place of those that are inherited; give the others."""
    heir = Heir(session, version_id, changes, is_published=False)
    inherited = heir.inherited([frame.id for frame in frames])
    if not inherited:
        return frames
    for frame in frames:
        if frame.id in inherited:
            heir.replace(inherited[frame.id], frame)
    heir.flush()
    return [frame for frame in frames if frame.id not in inherited]


def _hide_inherited(session: Session, version_id: str, frame_ids: Sequence[str], changes: Changes) -> int:
    heir = Heir(session, version_id, changes, is_published=False)
    inherited = heir.inherited(frame_ids)
    for held in inherited.values():
        heir.hide(held)
    heir.flush()
    return len(inherited)


def _restyle_inherited(
    session: Session, version: VersionHead, frames: Sequence[NewFrame], changes: Changes, heir: Heir
) -> None:
    inherited = heir.inherited([frame.id for frame in frames])
    for frame in frames:
        own = _find(session, version.pk, frame.id)
        if own is not None:
            if _is_outdated(own, frame) and not heir.reveal(own, frame):
                changes.give_key(own, frame)
        elif frame.id in inherited:
            heir.replace(inherited[frame.id], frame)
    heir.flush()


def _is_outdated(held: Held, frame: NewFrame) -> bool:
    # A frame that was stored meanwhile got its key by the new style then.
    return held.document == frame.document and held.key != frame.key


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
) -> list[tuple[NewFrame, Held]]:
    """Insert the frames that are not there, owed under the numbers given; give the others, with what is there.

    Mostly all are new: they are inserted without a look, and only where a row was refused are the rows compared.
    """
    rows = [
        (version, frame.id, frame.context_id, frame.timestamp, frame.document, frame.key, STATE_CODES[frame.state], job)
        for frame, job in zip(frames, jobs, strict=True)
    ]
    inserted = session.insert("insert_frame", rows)
    if inserted == len(rows):
        return []
    (last,) = session.row("last_frame")
    present = ((frame, _find(session, version, frame.id)) for frame in frames)
    # Rows are numbered from the highest on.
    return [(frame, row) for frame, row in present if row is not None and row.pk <= last - inserted]


def _find(session: Session, version: int, frame_id: str) -> Held | None:
    row = session.row("frame_head", version, frame_id)
    return None if row is None else Held(*row)


def _update(session: Session, held: Held, frame: NewFrame, changes: Changes) -> None:
    if frame.document != held.document:
        session.run("update_document", frame.context_id, frame.timestamp, frame.document, held.pk)
    if frame.key != held.key:
        changes.give_key(held, frame)
