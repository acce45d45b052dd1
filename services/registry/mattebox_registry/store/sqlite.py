"""The SQLite store: one file, one writer, a few readers."""

import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import structlog

from mattebox_registry.store.catalog import SqliteCatalog
from mattebox_registry.store.clock import Clock
from mattebox_registry.store.connection import Limits, Readers, Session, Writer
from mattebox_registry.store.frames import SqliteFrames
from mattebox_registry.store.fresh import FreshJobs
from mattebox_registry.store.jobs import SqliteJobs, find_generation
from mattebox_registry.store.places import SqlitePlaces
from mattebox_registry.store.pruning import SqlitePruning
from mattebox_registry.store.schema import migrate
from mattebox_registry.store.sessions import SqliteSessions
from mattebox_registry.store.sql_files import load_migrations, load_queries
from mattebox_registry.store.summaries import SqliteSummaries
from mattebox_registry.store.tokens import SqliteTokens

# STRICT tables.
_OLDEST_SQLITE = (3, 37, 0)

log = structlog.get_logger(__name__)


class SqliteStore(
    SqliteCatalog,
    SqliteFrames,
    SqliteJobs,
    SqliteTokens,
    SqliteSessions,
    SqliteSummaries,
    SqlitePlaces,
    SqlitePruning,
):
    """`store.port.Store` in one SQLite file; made by `open_store`."""

    def __init__(self, writer: Writer, readers: Readers, generation: str, clock: Clock) -> None:
        self._writer = writer
        self._readers = readers
        self._generation = generation
        self._clock = clock
        self._fresh = FreshJobs()

    async def ping(self) -> None:
        """Prove that reads work."""
        await self._readers.run(_ping)

    async def close(self) -> None:
        """Checkpoint and close; closing twice changes nothing."""
        await self._readers.close()
        await self._writer.close()


@asynccontextmanager
async def open_store(
    path: Path, *, limits: Limits | None = None, clock: Clock = time.time
) -> AsyncGenerator[SqliteStore, None]:
    """Open the database at `path`, made if it is not there, and bring it to this build's schema.

    Raises:
        NewerDatabase: a newer Mattebox wrote it.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        msg = f"SQLite {sqlite3.sqlite_version} is too old: Mattebox needs 3.37 or newer."
        raise RuntimeError(msg)
    limits = limits or Limits()
    queries = load_queries()
    async with AsyncExitStack() as stack:
        writer = Writer(path, queries, limits)
        stack.push_async_callback(writer.close)
        await writer.open(lambda connection: migrate(connection, load_migrations()))
        readers = Readers(path, queries, limits)
        stack.push_async_callback(readers.close)
        await readers.open()
        generation = await readers.run(find_generation)
        log.info("database opened", sqlite=sqlite3.sqlite_version, generation=generation)
        yield SqliteStore(writer, readers, generation, clock)


def _ping(session: Session) -> None:
    session.row("ping")
