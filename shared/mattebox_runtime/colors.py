"""Colours as specs, labels and clients write them."""

import re
from typing import Final

Color = tuple[int, int, int]
"""8-bit sRGB."""

_RRGGBB: Final = re.compile("#[0-9a-fA-F]{6}")

BLACK: Color = (0, 0, 0)


def parse_color(text: str) -> Color:
    """Read `#rrggbb`.

    Raises:
        ValueError: anything else.
    """
    if not _RRGGBB.fullmatch(text):
        msg = f"a colour is written #rrggbb, not {text!r}"
        raise ValueError(msg)
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


def format_color(color: Color) -> str:
    """Write `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*color)
