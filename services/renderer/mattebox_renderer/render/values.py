"""From pixel values to entries of a label table.

Every pixel and every entry gets a *key*, an int64 in one of three readings, and a pixel belongs to the entry of
the same key. NO_KEY belongs to nothing.
"""

from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from mattebox.models import MaskEncoding
from mattebox_renderer.render.masks import Pixels
from mattebox_runtime.tables import HIDDEN_BIT, IGNORE_BIT, KIND_BITS, NUMPY_FIELDS, ValueKind

Keys = npt.NDArray[np.int64]
Reading = Literal["color", "integer", "color_alpha"]

NO_KEY: Final = -1
UNMAPPED: Final = -1
_GREY: Final = 0x010101
_COLOR_BITS: Final = 0xFFFFFF
_OPAQUE: Final = 0xFF000000

Value = list[int] | int | float | None
"""A pixel value as a report names it: [r, g, b], [r, g, b, a] or a number; None: not a number."""


class Table(NamedTuple):
    """A label table as arrays; entry i is (values[i], kinds[i], ...)."""

    values: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]
    colors: npt.NDArray[np.uint8]
    """(n, 3)"""
    opacities: npt.NDArray[np.float32]
    ignored: npt.NDArray[np.bool_]
    hidden: npt.NDArray[np.bool_]

    def value(self, entry: int) -> Value:
        """Name the value of an entry as it was declared."""
        value = int(self.values[entry])
        match ValueKind(int(self.kinds[entry])):
            case ValueKind.RGB:
                return _channels(value, 3)
            case ValueKind.RGBA:
                return _channels(value, 4)
            case ValueKind.INTEGER:
                return value


def read_table(packed: bytes) -> Table:
    """Read a packed label table; empty bytes give an empty table."""
    records = np.frombuffer(packed, dtype=np.dtype(NUMPY_FIELDS))
    flags = records["flags"]
    return Table(
        values=records["value"].astype(np.int64),
        kinds=(flags & KIND_BITS).astype(np.uint8),
        colors=records["color"],
        opacities=records["opacity"],
        ignored=(flags & IGNORE_BIT) != 0,
        hidden=(flags & HIDDEN_BIT) != 0,
    )


def reading_of(pixels: Pixels, encoding: MaskEncoding) -> Reading:
    """Decide how the values of a mask are compared under a decided encoding."""
    match pixels.form:
        case "integer" | "float":
            return "integer"
        case "grey":
            # Grey under rgb is (v, v, v); as an index or a panoptic id it is v.
            return "integer" if encoding in {"index", "panoptic"} else "color"
        case "palette":
            return "integer" if encoding == "index" else "color"
        case "color_alpha" if encoding == "rgba":
            return "color_alpha"
    return "color"


def pixel_keys(pixels: Pixels, values: npt.NDArray[Any], reading: Reading) -> Keys:
    """Give the keys of (n,) native values of a mask."""
    match pixels.form, reading:
        case "float", _:
            return _float_keys(values)
        case "palette", "color" if pixels.palette is not None:
            colors: Keys = pixels.palette[values].astype(np.int64)
            return colors
        case "grey", "color":
            return values.astype(np.int64) * _GREY
        case (("color" | "color_alpha"), "color"):
            return values.astype(np.int64) & _COLOR_BITS
    return values.astype(np.int64)


def entry_keys(table: Table, pixels: Pixels, reading: Reading, encoding: MaskEncoding) -> Keys:
    """Give the (n,) keys of a table's entries."""
    rgb, integer = table.kinds == ValueKind.RGB, table.kinds == ValueKind.INTEGER
    keys = np.full(len(table.values), NO_KEY, np.int64)
    match reading:
        case "color":
            keys[rgb] = table.values[rgb]
            # An id of a panoptic mask is r + 256·g + 65536·b already; elsewhere a number up to 255 is a grey.
            limit, unit = (_COLOR_BITS, 1) if encoding == "panoptic" else (255, _GREY)
            fits = integer & (table.values <= limit)
            keys[fits] = table.values[fits] * unit
        case "integer":
            keys[integer] = table.values[integer]
            if encoding == "panoptic" and pixels.form == "integer":
                keys[rgb] = table.values[rgb]
            else:
                greys = rgb & (table.values == (table.values & 0xFF) * _GREY)
                keys[greys] = table.values[greys] & 0xFF
        case "color_alpha":
            keys[:] = table.values
            keys[rgb] |= _OPAQUE
    return keys


def match_keys(wanted: Keys, declared: Keys) -> npt.NDArray[np.int32]:
    """Give for each wanted key the first declared entry of the same key, or UNMAPPED."""
    known, entries = np.unique(declared, return_index=True)
    if not len(known):
        return np.full(len(wanted), UNMAPPED, np.int32)
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    found = (known[places] == wanted) & (wanted != NO_KEY)
    return np.where(found, entries[places], UNMAPPED).astype(np.int32)


def key_value(key: int, reading: Reading) -> Value:
    """Name a key as a report does."""
    match reading:
        case "color":
            return _channels(key, 3)
        case "color_alpha":
            return _channels(key, 4)
        case "integer":
            return key


def key_colors(keys: Keys, reading: Reading) -> npt.NDArray[np.uint8]:
    """Give the (n, 3) colours of keys; integers are greys."""
    packed = keys * _GREY if reading == "integer" else keys
    return np.stack([packed & 0xFF, packed >> 8 & 0xFF, packed >> 16 & 0xFF], axis=1).astype(np.uint8)


def color_keys(colors: npt.NDArray[np.float32]) -> Keys:
    """Give the keys of the 8-bit colours nearest to (n, 3) colours."""
    rounded: Keys = np.clip(np.rint(colors), 0, 255).astype(np.int64) @ np.array([1, 1 << 8, 1 << 16])
    return rounded


def _channels(packed: int, count: int) -> list[int]:
    return [packed >> 8 * i & 0xFF for i in range(count)]


def _float_keys(values: npt.NDArray[np.float32]) -> Keys:
    whole = np.isfinite(values) & (values >= 0) & (values < 2**32)
    keys = np.where(whole, values, 0).astype(np.int64)
    return np.where(whole & (keys == values), keys, NO_KEY)
