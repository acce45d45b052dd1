"""Labels with colours: in text files, a label a line, and in the classic palette."""

from collections.abc import Container

from mattebox.errors import InputError
from mattebox.importers.label_file import Merging
from mattebox.importers.places import Place
from mattebox.importers.text_files import read_lines
from mattebox.models import MaskLabel


def hex_color(color: tuple[int, int, int] | list[int]) -> str:
    """Spell a colour as `#rrggbb`."""
    return "#" + bytes(color).hex()


def read_label_colors(file: Place, ignored: Container[str]) -> list[MaskLabel]:
    """Read lines of `r g b name` (label_colors.txt); names that are `ignored` in lower case are no labels.

    Raises:
        InputError: the file cannot be read, or a line is something else; the message names it.
    """
    entries = []
    for number, line in read_lines(file):
        fields = line.split(maxsplit=3)
        if len(fields) != 4:
            raise InputError(f"{file.name}, line {number}: {line!r} is not 'r g b name', as in '64 128 64 Animal'.")
        color = color_of(fields[:3], f"{file.name}, line {number}")
        entries.append(MaskLabel(color, [fields[3]], hex_color(color), ignore=fields[3].lower() in ignored))
    if not entries:
        raise InputError(f"{file.name}: it holds no labels.")
    return Merging().merge(entries)


def color_of(channels: list[str], where: str) -> list[int]:
    """Read three channels. Raises InputError, which begins with `where`."""
    try:
        color = [int(channel) for channel in channels]
    except ValueError:
        color = []
    if len(color) != 3 or not all(0 <= channel <= 255 for channel in color):
        raise InputError(f"{where}: {' '.join(channels)!r} is not a colour: three numbers from 0 to 255.")
    return color


def palette_color(index: int) -> tuple[int, int, int]:
    """Give an entry of the palette of PASCAL VOC: the bits of the index, dealt out to r, g, b from the highest down."""
    red = green = blue = 0
    for place in range(7, -1, -1):
        red |= (index & 1) << place
        green |= (index >> 1 & 1) << place
        blue |= (index >> 2 & 1) << place
        index >>= 3
    return red, green, blue
