"""How SQLite is reached: one connection that writes, a few that read, each on its own aiosqlite thread.

A transaction is one function that runs on such a thread from BEGIN to COMMIT. Whoever awaits it may be cancelled at any
time: the function was handed over whole, so it still ends, and no other task's statement can come in between.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import aiosqlite
import msgspec
import structlog

from mattebox_registry.errors import StorageBusy, StorageFull

P = ParamSpec("P")
T = TypeVar("T")

_FULL = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT})
_PRIMARY_CODE = 0xFF

log = structlog.get_logger(__name__)

_ROW = re.compile(r"(?<=VALUES )\([?, ]+\)")

# How many rows one statement inserts, the most first: 1,000 of eight columns are far below SQLite's 32,766 values.
_INSERT_ROWS = (1_000, 50)

# Between two looks at the clock a query runs some 0.1 ms.
_STEPS_PER_LOOK = 10_000


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes and times of the connections."""

    readers: int = 4
    busy_timeout_s: float = 5.0
    """How long to wait for another process that holds the database."""
    read_deadline_s: float = 5.0
    """A read that takes longer is broken off: it would keep the log from being checkpointed."""
    idle_s: float = 1.0
    """Checkpoint after so long without a write."""
    log_pages: int = 16_000
    """Checkpoint also under way once the log is that long (64 MB): the shorter, the more often a page is copied."""
    writer_cache_kib: int = 65_536
    reader_cache_kib: int = 8_192


@cache
def _widen(insert: str, rows: int) -> str:
    """Let an INSERT of one row take so many."""
    return _ROW.sub(lambda row: ", ".join([row.group()] * rows), insert, count=1)


@cache
def _merge(query: str, order: str, times: int) -> str:
    """Merge the rows of so many runs of a query: each gives them in order, none is sorted."""
    return "\nUNION ALL\n".join([query] * times) + "\n" + order


class Session:
    """One transaction, for the function that runs it: named queries on the thread's connection."""

    __slots__ = ("_connection", "_queries")

    def __init__(self, connection: sqlite3.Connection, queries: Mapping[str, str]) -> None:
        self._connection = connection
        self._queries = queries

    def run(self, query: str, *values: Any) -> int:
        """Run one statement; say how many rows it changed."""
        return self._connection.execute(self._queries[query], values).rowcount

    def run_many(self, query: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for each row; say how many rows were changed in all."""
        return self._connection.executemany(self._queries[query], rows).rowcount

    def insert(self, query: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run an INSERT of one row for many rows, many at a time; say how many were inserted.

        This takes 0.73 of the time of `run_many` where nothing else runs, and far less where the event loop is busy:
        each statement waits for the interpreter's lock when it ends.
        """
        done = inserted = 0
        for width in _INSERT_ROWS:
            while len(rows) - done >= width:
                values = list(chain.from_iterable(rows[done : done + width]))
                inserted += self._connection.execute(_widen(self._queries[query], width), values).rowcount
                done += width
        return inserted + (self.run_many(query, rows[done:]) if done < len(rows) else 0)

    def merged(self, query: str, values: Sequence[Sequence[Any]], order: str, *limit: Any) -> list[Any]:
        """Run a query once for each set of values and merge their rows, as the end of a query named `order` says."""
        if not values:
            return []
        statement = _merge(self._queries[query], self._queries[order], len(values))
        return self._connection.execute(statement, [*chain.from_iterable(values), *limit]).fetchall()

    def row(self, query: str, *values: Any) -> Any:
        """Give the first row, or None."""
        return self._connection.execute(self._queries[query], values).fetchone()

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Give all rows."""
        return self._connection.execute(self._queries[query], values).fetchall()


Transaction = Callable[Concatenate[Session, P], T]


class _Thread(aiosqlite.Connection):
    """A connection whose thread takes whole functions, not single statements."""

    async def open(self) -> None:
        try:
            await self
        except BaseException:
            # aiosqlite stops the thread of a failed connection but leaves it behind, to report to a closed loop.
            self._thread.join()
            raise

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call] # aiosqlite's own
        return result


def _open_thread(database: str, timeout_s: float) -> _Thread:
    # Transactions are begun by hand, always: isolation_level None.
    connect = partial(sqlite3.connect, database, timeout=timeout_s, isolation_level=None, uri=True)
    return _Thread(connect, iter_chunk_size=64)


def _transact(connection: sqlite3.Connection, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
    connection.execute(begin)
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has rolled back by itself where the disk was full.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        code = error.sqlite_errorcode
        if code in _FULL:
            raise StorageFull("The disk is full; nothing of the request was stored.") from error
        if code & _PRIMARY_CODE in _BUSY:
            raise StorageBusy("The database did not answer in time; nothing of the request was stored.") from error
        raise


class Writer:
    """The only connection that writes and checkpoints."""

    def __init__(self, path: Path, queries: Mapping[str, str], limits: Limits) -> None:
        self._thread = _open_thread(path.absolute().as_uri(), limits.busy_timeout_s)
        self._queries = queries
        self._limits = limits
        self._idle: asyncio.TimerHandle | None = None
        self._checkpoint: asyncio.Task[None] | None = None
        self._is_closing = False

    async def open(self, prepare: Callable[[sqlite3.Connection], None]) -> None:
        """Connect, set the modes that durability rests on, then `prepare` the database."""
        await self._thread.open()
        await self._thread.run(self._set_modes)
        await self._thread.run(prepare)

    async def run(self, work: Transaction[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` as one transaction; when this returns it is on disk.

        Raises:
            StorageBusy, StorageFull: nothing was stored.
        """

        def transaction(connection: sqlite3.Connection) -> T:
            return work(Session(connection, self._queries), *args, **kwargs)

        try:
            with _refusals():
                return await self._thread.run(lambda connection: _transact(connection, "BEGIN IMMEDIATE", transaction))
        finally:
            self._checkpoint_when_idle()

    async def close(self) -> None:
        """Checkpoint and disconnect."""
        self._is_closing = True
        if self._idle is not None:
            self._idle.cancel()
        if self._checkpoint is not None:
            await self._checkpoint
        # The last connection to close checkpoints by itself.
        await self._thread.close()

    def _set_modes(self, connection: sqlite3.Connection) -> None:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            msg = f"The database stays in journal mode {mode!r}: put it on a local file system that allows WAL."
            raise RuntimeError(msg)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA wal_autocheckpoint = {self._limits.log_pages:d}")
        connection.execute(f"PRAGMA cache_size = -{self._limits.writer_cache_kib:d}")

    def _checkpoint_when_idle(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if not self._is_closing:
            self._idle = asyncio.get_running_loop().call_later(self._limits.idle_s, self._start_checkpoint)

    def _start_checkpoint(self) -> None:
        self._checkpoint = asyncio.create_task(self._empty_log(), name="store checkpoint")

    async def _empty_log(self) -> None:
        try:
            await self._thread.run(_truncate_log)
        except sqlite3.OperationalError:
            # Nothing is lost: the log holds it, and the next idle moment tries again.
            log.warning("checkpoint failed", exc_info=True)


def _truncate_log(connection: sqlite3.Connection) -> None:
    (timeout_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    # A reader in the way is no reason to keep writes waiting: the next idle moment will do.
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {timeout_ms:d}")


class Readers:
    """A few connections that cannot write, each used by one read at a time."""

    def __init__(self, path: Path, queries: Mapping[str, str], limits: Limits) -> None:
        location = f"{path.absolute().as_uri()}?mode=ro"
        self._threads = [_open_thread(location, limits.busy_timeout_s) for _ in range(limits.readers)]
        self._free: asyncio.Queue[_Thread] = asyncio.Queue()
        self._queries = queries
        self._limits = limits

    async def open(self) -> None:
        """Connect all of them to a database that is there."""
        for thread in self._threads:
            await thread.open()
            await thread.run(self._set_modes)
            self._free.put_nowait(thread)

    async def run(self, work: Transaction[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` on one snapshot of the database.

        Raises:
            StorageBusy: it took longer than the deadline.
        """

        def transaction(connection: sqlite3.Connection) -> T:
            late_at = time.monotonic() + self._limits.read_deadline_s
            connection.set_progress_handler(lambda: time.monotonic() > late_at, _STEPS_PER_LOOK)
            return work(Session(connection, self._queries), *args, **kwargs)

        thread = await self._free.get()
        try:
            with _refusals():
                return await thread.run(lambda connection: _transact(connection, "BEGIN", transaction))
        finally:
            self._free.put_nowait(thread)

    async def close(self) -> None:
        """Disconnect all."""
        for thread in self._threads:
            await thread.close()

    def _set_modes(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA cache_size = -{self._limits.reader_cache_kib:d}")
