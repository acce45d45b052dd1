"""A store on a file that tests may look into."""

import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mattebox_registry.store.sqlite import SqliteStore, open_store


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the database lies."""
    return tmp_path / "mattebox.db"


@pytest.fixture
async def store(database: Path) -> AsyncGenerator[SqliteStore, None]:
    """An open store."""
    async with open_store(database) as opened:
        yield opened


@pytest.fixture
def reader(store: SqliteStore, database: Path) -> Iterator[sqlite3.Connection]:
    """Another process's look into the open store's file."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection
