"""What a write does to the outbox: owe new jobs, withdraw outdated ones."""

from collections.abc import Collection, Mapping, Sequence

from mattebox_registry.store.codes import BULK
from mattebox_registry.store.connection import Session


class Outbox:
    """The jobs of one transaction; new ones are not written before `flush`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seq: int = session.row("last_seq")[0]
        self.owed: list[tuple[int, int, int, bytes, bytes, bool]] = []
        self._withdraws = False

    def owe(self, frame: int, key: bytes, spec: bytes, *, lane: int = BULK, force: bool = False) -> int:
        """Owe one render for the frame of this row number; give the job's number."""
        self._seq += 1
        self.owed.append((self._seq, lane, frame, key, spec, force))
        return self._seq

    def cancel(self, frames: Collection[int]) -> None:
        """Do not owe what was to be owed for these row numbers."""
        self.owed = [job for job in self.owed if job[2] not in frames]

    def withdraw(self, seq: int | None) -> None:
        """A job is outdated, if it is still owed."""
        if seq is not None:
            self._session.run("mark_outdated", seq)
            self._withdraws = True

    def withdraw_requests(self, frame: int) -> None:
        """What is owed on the interactive lane for this row number is outdated."""
        self._session.run("mark_outdated_requests", frame)
        self._withdraws = True

    def flush(self) -> None:
        """Write it: withdrawals first, because a request may take the place of an older one of its key."""
        if self._withdraws:
            withdraw_marked(self._session)
        self._session.insert("owe_job", self.owed)


def withdraw_marked(session: Session) -> None:
    """Delete the jobs marked as outdated; those in a stream stay in `withdrawn` until they are taken out of it."""
    session.run("withdraw_outdated")
    session.run("discount_outdated")
    session.run("delete_outdated")
    session.run("clear_outdated")


def drop_jobs(session: Session, jobs: Sequence[tuple[int, int]]) -> None:
    """Take jobs, given by lane and number, out of the outbox, and out of the count of their lane if it has them."""
    session.run_many("leave_stream", jobs)
    session.run_many("drop_job", [(seq,) for _, seq in jobs])


def add_tables(session: Session, tables: Mapping[bytes, bytes]) -> None:
    """Keep label tables by digest; those that are there stay."""
    session.run_many("add_table", tables.items())
