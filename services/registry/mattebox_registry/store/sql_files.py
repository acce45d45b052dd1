"""Reads the `.sql` files that lie beside this module: named queries and migrations."""

import re
from importlib.resources import files
from typing import NamedTuple

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


class Migration(NamedTuple):
    """One step of the schema; the number is the database's `user_version` after it."""

    number: int
    script: str


def parse_queries(text: str) -> dict[str, str]:
    """Split a file at its `-- name: ...` lines; comments stay with their query.

    Raises:
        ValueError: two queries of one name.
    """
    _, *parts = _NAME.split(text)
    names = parts[::2]
    if len(set(names)) < len(names):
        msg = f"a query name is used twice among {sorted(names)}"
        raise ValueError(msg)
    return {name: body.strip() for name, body in zip(names, parts[1::2], strict=True)}


def load_queries() -> dict[str, str]:
    """Give every named query of `queries/*.sql` by its name, which is unique among all files."""
    folder = files(__package__) / "queries"
    texts = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return parse_queries("\n".join(texts))


def load_migrations() -> list[Migration]:
    """Give `migrations/NNNN_*.sql` in order."""
    folder = files(__package__) / "migrations"
    scripts = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return sorted(Migration(int(entry.name[:4]), entry.read_text("utf-8")) for entry in scripts)
