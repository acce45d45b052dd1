"""The regular expressions in which the SDK asks for names, as far as they only say where a text is.

Others are refused: a client's expression can keep a processor busy for hours.
"""

import re
from typing import NamedTuple

from mattebox_registry.errors import FieldError, InvalidInput

_ESCAPED = re.compile(r"\\([^A-Za-z0-9])|([][*+?{}()|\\^$])|(.)", re.DOTALL)


class NamePattern(NamedTuple):
    """Names that hold a text; with both ends fixed, that text alone."""

    text: str
    from_start: bool = False
    to_end: bool = False

    @property
    def name(self) -> str | None:
        """The only name there is of this pattern, if there is only one."""
        return self.text if self.from_start and self.to_end else None

    def matches(self, name: str) -> bool:
        """Tell whether a name is one of them."""
        if self.from_start and self.to_end:
            return name == self.text
        if self.from_start:
            return name.startswith(self.text)
        return name.endswith(self.text) if self.to_end else self.text in name


def read_pattern(expression: str) -> NamePattern:
    """Read `text`, `^text`, `text$` and `^text$`, in which the text may be escaped, and `.*` around it.

    Raises:
        InvalidInput: it is any other expression.
    """
    rest = expression
    from_start, rest = rest.startswith("^"), rest.removeprefix("^")
    to_end = rest.endswith("$") and not rest.endswith("\\$")
    rest = rest[:-1] if to_end else rest
    if rest.startswith(".*"):
        from_start, rest = False, rest[2:]
    if rest.endswith(".*") and not rest.endswith("\\.*"):
        to_end, rest = False, rest[:-2]
    return NamePattern(_unescape(rest), from_start, to_end)


def _unescape(text: str) -> str:
    literal = []
    for escaped, special, plain in _ESCAPED.findall(text):
        if special:
            msg = "Regular expressions are not part of Mattebox, but for ^ and $ around a text."
            raise InvalidInput("invalid_body", "The name cannot be searched for.", [FieldError("name", msg)])
        literal.append(escaped or plain)
    return "".join(literal)
