"""Queries live in files, and every one of them is there for somebody."""

import re
from importlib.resources import files

import pytest

from mattebox_registry import store
from mattebox_registry.store.sql_files import load_migrations, load_queries, parse_queries


def test_a_file_is_split_at_its_names() -> None:
    """What stands before the first name belongs to no query."""
    text = "-- About.\n\n-- name: one\n-- Why.\nSELECT 1;\n\n-- name: two\nSELECT\n  2;\n"
    assert parse_queries(text) == {"one": "-- Why.\nSELECT 1;", "two": "SELECT\n  2;"}


def test_a_name_is_used_once() -> None:
    """Or one of two queries would silently be lost."""
    with pytest.raises(ValueError, match="used twice"):
        parse_queries("-- name: one\nSELECT 1;\n-- name: one\nSELECT 2;\n")


def test_every_query_is_asked_for_by_name() -> None:
    """Names that are put together from a lane or a filter count by their beginning."""
    code = "".join(entry.read_text() for entry in files(store).iterdir() if entry.name.endswith(".py"))
    composed = re.findall(r'f"(\w+)\{(?:lane|(?:self\._)?scope\.ending)\}"', code)
    beginnings = [*composed, "frames_after_in_", "contexts_from_in_"]
    unused = {name for name in load_queries() if f'"{name}"' not in code}
    assert {name for name in unused if not name.startswith(tuple(beginnings))} == set()


def test_migrations_are_numbered_without_gaps() -> None:
    """In the order of their names."""
    assert [migration.number for migration in load_migrations()] == list(range(1, len(load_migrations()) + 1))
