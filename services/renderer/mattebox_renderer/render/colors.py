"""Colours as specs write them."""

from typing import Final

RGB = tuple[int, int, int]

BLACK: Final[RGB] = (0, 0, 0)


def parse_color(text: str) -> RGB:
    """Read `#rrggbb`."""
    packed = int(text.removeprefix("#"), 16)
    return packed >> 16 & 0xFF, packed >> 8 & 0xFF, packed & 0xFF
