"""A body in chunks, cut into lines."""

import re
from collections.abc import AsyncIterable, AsyncIterator

from mattebox_registry.rules.ingestion import TOO_LONG

_WHITESPACE = b" \t\r\n"

# A newline and the blank lines after it, found without a step of Python for each.
_NEWLINES = re.compile(rb"\n[ \t\r\n]+")


async def split_lines(chunks: AsyncIterable[bytes], max_bytes: int) -> AsyncIterator[list[bytes]]:
    """Give the lines of a body that are not blank, without newline and indentation, as many as a chunk completes.

    Never holds more than a chunk and `max_bytes`; a longer line is TOO_LONG. The last line needs no newline.
    """
    begun = b""
    skipping = False
    async for chunk in chunks:
        part = _NEWLINES.sub(b"\n", chunk if begun or skipping else chunk.lstrip(_WHITESPACE))
        head, newline, rest = part.partition(b"\n")
        if not skipping:
            begun += head
        if len(begun) > max_bytes:
            begun, skipping = b"", True
        if not newline:
            continue
        lines = rest.split(b"\n")
        last = lines.pop()
        if len(rest) > max_bytes:
            lines = [line if len(line) <= max_bytes else TOO_LONG for line in lines]
        yield [TOO_LONG if skipping else begun, *lines]
        begun, skipping = (last, False) if len(last) <= max_bytes else (b"", True)
    if skipping:
        yield [TOO_LONG]
    elif begun:
        yield [begun]
