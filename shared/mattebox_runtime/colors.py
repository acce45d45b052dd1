"""Colours as specs, labels and clients write them."""

Color = tuple[int, int, int]
"""8-bit sRGB."""

BLACK: Color = (0, 0, 0)


def parse_color(text: str) -> Color:
    """Read `#rrggbb`.

    Raises:
        ValueError: anything else.
    """
    if len(text) != 7 or text[0] != "#":
        msg = f"a colour is written #rrggbb, not {text!r}"
        raise ValueError(msg)
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


def format_color(color: Color) -> str:
    """Write `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*color)
