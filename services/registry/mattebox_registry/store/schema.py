"""Brings a database to the schema of this build, forward only."""

import sqlite3
from collections.abc import Iterator, Sequence

from mattebox_registry.store.sql_files import Migration


class NewerDatabase(RuntimeError):
    """The database was written by a newer Mattebox than this one."""


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Apply the migrations that the database has not had yet, each in a transaction of its own.

    Raises:
        NewerDatabase: its schema is one that this build does not know.
    """
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    newest = migrations[-1].number
    if found > newest:
        msg = (
            f"The database has schema {found}, this build knows schemas up to {newest}: "
            "start a newer Mattebox, or restore the backup made before the upgrade."
        )
        raise NewerDatabase(msg)
    for migration in migrations:
        if migration.number > found:
            _apply(connection, migration)


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Not executescript: it commits what is open before it begins.
        for statement in _statements(migration.script):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {migration.number:d}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
