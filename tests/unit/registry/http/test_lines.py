"""A body in chunks, cut into lines."""

from collections.abc import AsyncIterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mattebox_registry.http.lines import split_lines
from mattebox_registry.rules.ingestion import TOO_LONG

WHITESPACE = b" \t\r\n"


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def lines(*parts: bytes, max_bytes: int = 100) -> list[bytes]:
    return [line async for group in split_lines(chunks(*parts), max_bytes) for line in group]


async def test_lines_are_put_together_across_chunks() -> None:
    assert await lines(b"ab", b"c\nd", b"", b"e\n\nf", b"\n") == [b"abc", b"de", b"f"]


async def test_the_last_line_needs_no_newline() -> None:
    assert await lines(b"a\nb") == [b"a", b"b"]


async def test_nothing_has_no_lines() -> None:
    assert await lines() == await lines(b"") == []


async def test_a_line_over_the_limit_is_told_and_not_kept() -> None:
    assert await lines(b"12345\n1234\n", max_bytes=4) == [TOO_LONG, b"1234"]
    assert await lines(b"123", b"45", b"67890", b"1\n1234", max_bytes=4) == [TOO_LONG, b"1234"]
    assert await lines(b"1\n12345", max_bytes=4) == [b"1", TOO_LONG]
    assert await lines(b"1\n123", b"4567", max_bytes=4) == [b"1", TOO_LONG]


async def test_blank_lines_and_indentation_are_left_out() -> None:
    assert await lines(b"\r\n \n", b"\t\n  ", b" a b\r\n\r\n", b"\n  c", b"\n \n") == [b"a b\r", b"c"]
    assert await lines(b"\n" * 1_000, b" " * 1_000, b"\n", max_bytes=4) == []


async def test_blank_lines_cost_no_memory() -> None:
    """Where each was a line, a list of a million would come of this."""
    groups = [group async for group in split_lines(chunks(b"\n" * 1_000_000 + b"a\n" + b" \n" * 500_000), 100)]
    assert groups == [[b"a"]]


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=6), st.integers(1, 20))
async def test_chunks_make_no_difference(body: bytes, cuts: list[int], max_bytes: int) -> None:
    body = body.replace(b"\x00", b"\n").replace(b"\x01", b" ").replace(TOO_LONG, b"")
    places = [0, *sorted(cuts), len(body)]
    parts = [body[start:end] for start, end in pairwise(places) if start <= end]
    expected = [line.lstrip(WHITESPACE) for line in body.split(b"\n") if line.strip(WHITESPACE)]
    assert await lines(*parts, max_bytes=max_bytes) == [
        line if len(line) <= max_bytes else TOO_LONG for line in expected
    ]
