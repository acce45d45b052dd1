"""What a write does to the outbox: owe new jobs, withdraw outdated ones."""

from collections.abc import Mapping, Sequence

from mattebox_registry.records import NewJob
from mattebox_registry.store.codes import BULK, INTERACTIVE
from mattebox_registry.store.connection import Session


class Outbox:
    """The jobs of one transaction; what it takes in is written by `flush`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seq: int = session.row("last_seq")[0]
        self._written = self._seq
        self._requests: list[tuple[int, int, bytes, bytes, bool, bytes]] = []
        self._withdrawn: list[tuple[int, int]] = []

    def take_number(self) -> int:
        """Give out the next job number: who writes it to `frames.job` owes the frame's default preview."""
        self._seq += 1
        return self._seq

    def request(self, frame: int, job: NewJob) -> None:
        """Owe a render on the interactive lane for the frame of this row number."""
        self._requests.append((self.take_number(), frame, job.key, job.spec, job.force, job.holder))

    def withdraw(self, seq: int | None) -> None:
        """What a frame owed under this number, if it owed anything, is outdated; it is taken from its row elsewhere."""
        if seq is not None:
            self._withdrawn.append((seq, BULK))

    def withdraw_request(self, seq: int) -> None:
        """What is owed on the interactive lane under this number is outdated."""
        self._session.run("drop_request", seq)
        self._withdrawn.append((seq, INTERACTIVE))

    def withdraw_requests(self, frame: int) -> None:
        """What is owed on the interactive lane for the frame of this row number is outdated."""
        for (seq,) in self._session.rows("requests_of_frame", frame):
            self.withdraw_request(seq)

    def flush(self) -> None:
        """Write it; outdated jobs that are in a stream stay in `withdrawn` until they are taken out of it."""
        if self._withdrawn:
            self._session.run_many("withdraw", self._withdrawn)
            leave_streams(self._session, self._withdrawn)
        if self._seq > self._written:
            self._session.run("give_out_numbers", self._seq)
        self._session.insert("owe_request", self._requests)


def leave_streams(session: Session, jobs: Sequence[tuple[int, int]]) -> None:
    """Take jobs, given by number and lane, out of the count of their lane, if that has them."""
    session.run_many("leave_stream", [(lane, seq) for seq, lane in jobs])


def drop_jobs(session: Session, jobs: Sequence[tuple[int, int]]) -> None:
    """Take jobs, given by number and lane, out of the outbox and of the count of their lane."""
    leave_streams(session, jobs)
    session.run_many("drop_bulk_job", [(seq,) for seq, lane in jobs if lane == BULK])
    session.run_many("drop_request", [(seq,) for seq, lane in jobs if lane == INTERACTIVE])


def add_tables(session: Session, tables: Mapping[bytes, bytes]) -> None:
    """Keep label tables by digest, and that they are needed now."""
    session.run_many("keep_table", tables.items())
