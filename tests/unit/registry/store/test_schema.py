"""Migrations go forward, once each, and never half-way."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mattebox.reasons import PREVIEW_STATES
from mattebox_registry.store.schema import NewerDatabase, migrate
from mattebox_registry.store.sql_files import Migration, load_migrations
from mattebox_registry.store.sqlite import open_store
from support.stores import add_version, make_frame, publish, put, settle

FIRST = Migration(1, "CREATE TABLE a (x);\nINSERT INTO a VALUES (1);\n")
SECOND = Migration(2, "-- Why.\nALTER TABLE a ADD COLUMN y;\n")
BROKEN = Migration(2, "INSERT INTO a VALUES (2);\nINSERT INTO nowhere VALUES (1);\n")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An empty database."""
    with closing(sqlite3.connect(tmp_path / "some.db", isolation_level=None)) as opened:
        yield opened


def version(connection: sqlite3.Connection) -> int:
    """The number of the last migration."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def test_migrations_are_applied_once_each(connection: sqlite3.Connection) -> None:
    """Those that came later are added to what is there."""
    migrate(connection, [FIRST])
    migrate(connection, [FIRST])
    assert version(connection) == 1
    migrate(connection, [FIRST, SECOND])
    assert version(connection) == 2
    assert connection.execute("SELECT x, y FROM a").fetchall() == [(1, None)]


def test_a_migration_that_fails_leaves_nothing_behind(connection: sqlite3.Connection) -> None:
    """It is tried again whole."""
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(connection, [FIRST, BROKEN])
    assert version(connection) == 1
    assert connection.execute("SELECT x FROM a").fetchall() == [(1,)]
    migrate(connection, [FIRST, SECOND])
    assert version(connection) == 2


async def test_a_database_of_a_newer_build_is_refused(database: Path) -> None:
    """With what to do, and untouched."""
    async with open_store(database):
        pass
    newest = load_migrations()[-1].number
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA user_version = {newest + 1}")
    with pytest.raises(NewerDatabase, match="start a newer Mattebox"):
        async with open_store(database):
            pass
    with closing(sqlite3.connect(database)) as connection:
        assert version(connection) == newest + 1


async def test_a_reopened_database_keeps_its_generation(database: Path) -> None:
    """Another database has another one."""
    async with open_store(database) as store:
        first = store.generation
    async with open_store(database) as store:
        assert store.generation == first
    async with open_store(database.with_name("other.db")) as store:
        assert store.generation != first


async def test_what_a_first_release_owed_is_owed_still(database: Path) -> None:
    """Under the same numbers, and none is given out twice; what was settled then owes nothing."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        migrate(connection, [migration for migration in load_migrations() if migration.number < 3])
        connection.executescript(FIRST_RELEASE)
    async with open_store(database) as store:
        bulk = await store.unpublished("bulk", 9)
        assert [(job.seq, job.frame_id, job.key, job.document) for job in bulk] == [(7, "new", b"key 3", b"{3}")]
        assert [(job.seq, job.frame_id, job.spec) for job in await store.unpublished("interactive", 9)] == [
            (6, "drawn", b"large"),
        ]
        assert await store.published_before(0.0, 0, 9) == [(5, "bulk")]
        assert await store.outstanding("bulk") == 1
        assert await store.last_seq() == 8
        assert await store.republish([4, 5, 6, 8]) == 2
        assert [job.seq for job in await store.unpublished("bulk", 9)] == [7, 9]
        assert [job.seq for job in await store.unpublished("interactive", 9)] == [10]


async def test_versions_made_before_frames_were_inherited_show_their_own_alone(database: Path) -> None:
    """What comes of them from now on inherits; their counts and change feeds go on."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        migrate(connection, [migration for migration in load_migrations() if migration.number < 4])
        connection.executescript(THIRD_SCHEMA)
    async with open_store(database) as store:
        assert [frame.id for frame in await store.frames("child", after=None, limit=9)] == ["added"]
        assert [(await store.version(name)).frame_count for name in ("v", "child")] == [2, 1]
        assert await store.preview_counts("child") == dict.fromkeys(PREVIEW_STATES, 0) | {"pending": 1}
        assert await store.last_change("v") == 4
        await add_version(store, "heir", dataset_id="d", parent_id="v")
        await put(store, make_frame("drawn"), version_id="heir")
        shown = await store.frames("heir", after=None, limit=9)
        assert [(frame.id, frame.state, frame.inherited_from) for frame in shown] == [
            ("drawn", "pending", None),
            ("waits", "pending", "v"),
        ]
        await settle(store, await publish(store))
        assert [change.change for change in await store.changes_after("heir", 0, 9)] == [5, 6]


THIRD_SCHEMA = """
INSERT INTO datasets VALUES ('d', 'd', '', x'5B5D', NULL, '', '');
INSERT INTO versions (
    pk, id, dataset_id, name, description, status, parent_id, metadata, style_revision, created_at, updated_at,
    pending, ready, last_change
) VALUES
    (1, 'v', 'd', 'v', '', 'published', NULL, x'7B7D', 1, '', '', 1, 1, 4),
    (2, 'child', 'd', 'child', '', 'draft', 'v', x'7B7D', 1, '', '', 1, 0, 0);
INSERT INTO frames (pk, version, id, context_id, timestamp, document, key, state, job, change) VALUES
    (1, 1, 'drawn', '', 0, x'7B317D', CAST('key 1' AS BLOB), 1, NULL, 4),
    (2, 1, 'waits', '', 0, x'7B327D', CAST('key 2' AS BLOB), 0, 1, NULL),
    (3, 2, 'added', '', 0, x'7B337D', CAST('key 3' AS BLOB), 0, 2, NULL);
UPDATE history SET last_seq = 2;
"""

FIRST_RELEASE = """
INSERT INTO datasets VALUES ('d', 'd', '', x'5B5D', NULL, '', '');
INSERT INTO versions (
    pk, id, dataset_id, name, description, status, metadata, style_revision, created_at, updated_at, pending, ready
) VALUES (1, 'v', 'd', 'v', '', 'draft', x'7B7D', 1, '', '', 2, 1);
INSERT INTO frames (pk, version, id, context_id, timestamp, document, key, state, job, change) VALUES
    (1, 1, 'drawn', '', 0, x'7B317D', CAST('key 1' AS BLOB), 1, 4, 1),
    (2, 1, 'waits', '', 0, x'7B327D', CAST('key 2' AS BLOB), 0, 5, NULL),
    (3, 1, 'new', '', 0, x'7B337D', CAST('key 3' AS BLOB), 0, 7, NULL);
INSERT INTO jobs (seq, lane, frame, key, spec, force) VALUES
    (5, 0, 2, CAST('key 2' AS BLOB), x'02', 0),
    (6, 1, 1, CAST('another' AS BLOB), CAST('large' AS BLOB), 1),
    (7, 0, 3, CAST('key 3' AS BLOB), x'03', 0),
    (8, 1, 1, x'08', x'08', 0);
DELETE FROM jobs WHERE seq = 8;
UPDATE lanes SET published_seq = 5, outstanding = 1 WHERE lane = 0;
INSERT INTO publications VALUES (0, 5, 0.0);
"""
