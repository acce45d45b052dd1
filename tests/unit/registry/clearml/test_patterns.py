"""Names as ClearML's SDK asks for them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox_registry.clearml.patterns import NamePattern, read_pattern
from mattebox_registry.errors import InvalidInput


@given(st.text())
def test_an_exact_name_is_found_whatever_it_holds(name: str) -> None:
    """As the SDK escapes it."""
    pattern = read_pattern(f"^{re.escape(name)}$")
    assert (pattern.name, pattern.matches(name), pattern.matches(name + "x")) == (name, True, False)


@pytest.mark.parametrize(
    ("expression", "pattern"),
    [
        ("street", NamePattern("street")),
        ("v1.0", NamePattern("v1.0")),
        ("^street", NamePattern("street", from_start=True)),
        ("street$", NamePattern("street", to_end=True)),
        ("^.*street.*$", NamePattern("street")),
        (r"5\$", NamePattern("5$")),
        ("", NamePattern("")),
    ],
)
def test_a_part_of_a_name_is_enough(expression: str, pattern: NamePattern) -> None:
    """At the start, at the end, or anywhere."""
    assert read_pattern(expression) == pattern
    assert pattern.matches(pattern.text)


@pytest.mark.parametrize("expression", ["(a+)+$", "a|b", "[ab]", "a*", r"\d", "a{9}", "tail\\"])
def test_expressions_are_refused(expression: str) -> None:
    """One of a client can keep a processor busy for hours."""
    with pytest.raises(InvalidInput) as refused:
        read_pattern(expression)
    assert refused.value.errors[0].loc == "name"
