"""The header of a PNG, without an image library."""

from struct import unpack

from mattebox.errors import InputError
from mattebox.importers.places import Place

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY = 0


def is_grey(file: Place) -> bool:
    """Tell whether the pixels of a PNG are single grey values (PNG specification, 11.2.2). False for other files.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with file.open("rb") as handle:
            head = handle.read(26)
    except OSError as error:
        raise InputError(f"{str(file)!r} cannot be read: {error.strerror}.") from error
    if len(head) < 26 or not head.startswith(_SIGNATURE):
        return False
    (color_type,) = unpack(">B", head[25:])
    return bool(color_type == _GREY)
