"""Migrations go forward, once each, and never half-way."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mattebox_registry.store.schema import NewerDatabase, migrate
from mattebox_registry.store.sql_files import Migration, load_migrations
from mattebox_registry.store.sqlite import open_store

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
