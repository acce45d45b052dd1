"""The pages about the SDK say what the code does."""

import re
import runpy
from pathlib import Path

import pytest

import mattebox

DOCS = Path(__file__).parents[2] / "docs"
ROWS = re.findall(
    r"^\| `([\w.]+)` \| (same|differs|not there) \| (.*)\|$",
    (DOCS / "coming-from-clearml.md").read_text(),
    re.MULTILINE,
)


def is_there(name: str) -> bool:
    """Tell whether the SDK has a class, or a class or its instances a member."""
    kind, _, member = name.partition(".")
    found = getattr(mattebox, kind)
    return not member or hasattr(found, member) or hasattr(found() if kind in INSTANCES else found, member)


INSTANCES = {"SingleFrame", "FrameGroup"}
"""Classes that set some of their attributes when they are made."""


@pytest.mark.parametrize(("name", "verdict"), [row[:2] for row in ROWS])
def test_the_table_of_names_tells_the_truth(name: str, verdict: str) -> None:
    """What it calls there is there, and what it calls not there is not."""
    assert is_there(name) is (verdict != "not there")


def test_the_table_says_how_what_differs_differs() -> None:
    """A note for each."""
    assert len(ROWS) > 60
    assert [row for row in ROWS if row[1] == "differs" and not row[2].strip()] == []


def test_the_reference_is_that_of_the_docstrings() -> None:
    """`python docs/reference.py` writes it."""
    write = runpy.run_path(str(DOCS / "reference.py"))["with_reference"]
    page = (DOCS / "sdk.md").read_text()
    assert write(page) == page
