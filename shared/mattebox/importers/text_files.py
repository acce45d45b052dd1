"""Descriptions that come with datasets, read with faults told by file and line."""

from collections.abc import Iterator
from re import search
from typing import Any

import msgspec

from mattebox.errors import InputError
from mattebox.importers.places import Place


def read_bytes(file: Place) -> bytes:
    """Read a whole file. Raises InputError."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{str(file)!r} cannot be read: {error.strerror}.") from error


def read_json(file: Place, kind: Any) -> Any:
    """Read a file of JSON into a type.

    Raises:
        InputError: it cannot be read, is not JSON, or not of the type; the message names the line where there is one.
    """
    return decode_json(read_bytes(file), kind, str(file))


def decode_json(content: bytes, kind: Any, name: str, first_line: int = 1) -> Any:
    """Decode JSON that begins at a line of what `name` says. Raises InputError."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        where = f", line {first_line}" if first_line > 1 else ""
        raise InputError(f"{name}{where}: {str(error).replace('`', '')}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        line = first_line + content.count(b"\n", 0, _offset(error, content))
        raise InputError(f"{name}, line {line}: this is not JSON: {error}.") from error


def _offset(error: Exception, content: bytes) -> int:
    if isinstance(error, UnicodeDecodeError):
        return error.start
    # The position is told in words alone; text that breaks off has none.
    told = search(r"\(byte (\d+)\)", str(error))
    return int(told[1]) if told else len(content.rstrip())


def read_lines(file: Place) -> Iterator[tuple[int, str]]:
    """Give the lines that say something, each with its number; comments begin with `#`. Raises InputError."""
    try:
        text = read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{str(file)!r} is not a text in UTF-8: {error.reason}.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.strip()
