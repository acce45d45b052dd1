"""What an acknowledged write rests on: the modes of the writer, whole transactions, full disks and locked files."""

import asyncio
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from mattebox_registry.errors import StorageBusy
from mattebox_registry.store.connection import Limits, Session
from mattebox_registry.store.sqlite import SqliteStore, open_store
from support.stores import add_version, make_dataset, make_frame, owed, put
from support.wait import wait_until


def pragma(session: Session, name: str) -> object:
    """A setting of the connection that runs this."""
    return session._connection.execute(f"PRAGMA {name}").fetchone()[0]


def log_bytes(database: Path) -> int:
    """How large the write-ahead log is."""
    log = database.with_name(database.name + "-wal")
    return log.stat().st_size if log.exists() else 0


async def test_the_writer_syncs_each_commit_of_its_log(store: SqliteStore) -> None:
    """synchronous 2 is FULL."""
    assert await store._writer.run(pragma, "journal_mode") == "wal"
    assert await store._writer.run(pragma, "synchronous") == 2


async def test_readers_cannot_write(store: SqliteStore) -> None:
    """Not even to a temporary table of their own."""
    assert await store._readers.run(pragma, "query_only") == 1
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await store._readers.run(Session.run, "rotate_generation")


async def test_a_read_past_its_deadline_is_broken_off(database: Path) -> None:
    """The reader is good for the next one."""

    def endless(session: Session) -> None:
        session._connection.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT max(i) FROM n")

    async with open_store(database, limits=Limits(readers=1, read_deadline_s=0.05)) as store:
        with pytest.raises(StorageBusy):
            await store._readers.run(endless)
        await store.ping()


async def test_a_write_that_raises_leaves_nothing_behind(store: SqliteStore) -> None:
    """The writer is good for the next one."""

    def fail(session: Session) -> None:
        session.run("rotate_generation")
        raise LookupError

    before = store.generation
    with pytest.raises(LookupError):
        await store._writer.run(fail)
    assert (await store._readers.run(Session.row, "generation"))[0] == before
    await store.add_dataset(make_dataset())


async def test_cancelled_writes_are_whole_or_absent(store: SqliteStore) -> None:
    """At whatever moment the caller goes away: each frame that is there owes its render and is counted."""
    await add_version(store)
    chance = random.Random(7)  # noqa: S311 - a fixed sequence of moments
    batches = [[make_frame(f"{batch}-{n}") for n in range(20)] for batch in range(100)]
    for number, batch in enumerate(batches):
        writing = asyncio.create_task(put(store, *batch))
        # From at once to long enough for any machine to have written some.
        await asyncio.wait([writing], timeout=chance.random() * number / 2_500)
        writing.cancel()
        await asyncio.wait([writing])
    # What was handed over before is done before this.
    await put(store, make_frame("last"))
    found = {frame.id for frame in await store.frames("v1", after=None, limit=10_000)}
    for batch in batches:
        assert len(found & {frame.id for frame in batch}) in (0, len(batch))
    assert {job.frame_id for job in await store.unpublished("bulk", 10_000)} == found
    assert (await store.preview_counts("v1"))["pending"] == len(found)
    assert len(found) > 1


async def test_a_write_cancelled_in_flight_does_not_mix_with_the_next(store: SqliteStore) -> None:
    """Both are whole: the first was handed over already."""
    await add_version(store)
    first = asyncio.create_task(put(store, *(make_frame(f"a{n}") for n in range(500))))
    await wait_until(
        lambda: store._writer._thread._tx.qsize() == 0 and first.done() is False, description="handed over"
    )
    second = asyncio.create_task(put(store, make_frame("b")))
    first.cancel()
    assert await second == (1, 0)
    await asyncio.wait([first])
    assert len(await owed(store)) in (1, 501)


async def test_jobs_are_published_from_memory_while_more_are_written(store: SqliteStore) -> None:
    """Those of the write under way are not read back: it gives them in a moment."""
    await add_version(store)
    await put(store, make_frame("a"))
    seen: list[list[str]] = []
    writing = asyncio.create_task(put(store, *(make_frame(f"b{n}") for n in range(2_000))))
    while not writing.done():
        jobs = await store.unpublished("bulk", 10_000)
        assert all(job.spec is not None for job in jobs)
        seen.append([job.frame_id for job in jobs])
    assert seen[0] == ["a"]
    assert all(ids == ["a"] for ids in seen if len(ids) <= 2_000)
    assert len(await owed(store)) == 1_000
    await store.delete_frames("v1", ["a"])
    assert all(job.spec is None for job in await store.unpublished("bulk", 10))


async def test_a_database_locked_by_another_process_refuses_writes_until_it_is_free(database: Path) -> None:
    """Within the time-out; reads go on."""
    async with open_store(database, limits=Limits(busy_timeout_s=0.2)) as store:
        await add_version(store)
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            asked_at = time.monotonic()
            with pytest.raises(StorageBusy):
                await put(store, make_frame("a"))
            assert time.monotonic() - asked_at < 5
            assert await store.frames("v1", after=None, limit=1) == []
            other.execute("ROLLBACK")
        assert await put(store, make_frame("a")) == (1, 0)


FILL = """
import asyncio, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from mattebox_registry.errors import StorageFull
from mattebox_registry.store.sqlite import open_store
from support.stores import add_version, make_frame, put

async def main():
    stored = 0
    async with open_store(Path(sys.argv[1])) as store:
        await add_version(store)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, resource.RLIM_INFINITY))
        try:
            while stored < 100_000:
                await put(store, *(make_frame(f"{stored + n:06d}", meta="x" * 300) for n in range(100)))
                stored += 100
        except StorageFull:
            pass
        assert 0 < stored < 100_000, stored
        assert (await store.version("v1")).frame_count == stored
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await put(store, make_frame("after"))
        print(stored + 1)

asyncio.run(main())
"""


def test_a_full_disk_refuses_writes_and_loses_nothing(database: Path) -> None:
    """Reads go on, and writes too as soon as there is room."""
    support = str(Path(__file__).parents[3])
    filled = subprocess.run(
        [sys.executable, "-c", FILL, database, support], capture_output=True, text=True, check=False
    )
    assert filled.returncode == 0, filled.stderr
    stored = int(filled.stdout.splitlines()[-1])
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM frames").fetchone() == (stored,)
        assert connection.execute("SELECT count(*) FROM frames WHERE job IS NOT NULL").fetchone() == (stored,)


async def test_the_log_is_emptied_when_the_store_is_idle(database: Path) -> None:
    """And at the end it is gone."""
    async with open_store(database, limits=Limits(idle_s=0.05)) as store:
        await store.add_dataset(make_dataset())
        assert log_bytes(database) > 0
        await wait_until(lambda: log_bytes(database) == 0, description="an empty log")
        await store.add_dataset(make_dataset("rails"))
    assert not database.with_name(database.name + "-wal").exists()


async def test_a_reader_in_the_way_does_not_hold_up_writes(database: Path) -> None:
    """The log is emptied another time."""
    async with open_store(database, limits=Limits(idle_s=0.01)) as store:
        await store.add_dataset(make_dataset())
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM datasets").fetchall()
            await store.add_dataset(make_dataset("rails"))
            await wait_until(lambda: store._writer._checkpoint is not None, description="a checkpoint")
            asked_at = time.monotonic()
            await store.add_dataset(make_dataset("canals"))
            assert time.monotonic() - asked_at < 2


async def test_closing_twice_changes_nothing(database: Path) -> None:
    """The context closes once more what was closed by hand."""
    async with open_store(database) as store:
        await store.close()
        await store.close()


async def test_a_path_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    """The error is SQLite's own: it names the fault."""
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        async with open_store(tmp_path / "missing" / "mattebox.db"):
            pass
