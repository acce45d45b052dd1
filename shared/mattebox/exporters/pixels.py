"""Pixels of exported masks, by Pillow and NumPy: this module alone needs them, and is imported where they are used."""

from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox.importers.label_colors import palette_color

Numbers = npt.NDArray[np.uint32]
"""Of shape (height, width)."""

_ORIENTATION = 0x0112
_PALETTE = bytes(channel for index in range(256) for channel in palette_color(index))


def read_index(png: bytes) -> Numbers:
    """Read an index map, a grey PNG of 8 or 16 bits."""
    with Image.open(BytesIO(png)) as image:
        return np.asarray(image).astype(np.uint32)


def translated(index: Numbers, numbers: list[int]) -> Numbers:
    """Put `numbers[i]` where the index map holds i."""
    table = np.asarray(numbers, np.uint32)
    return table[index]


def present(numbers: Numbers) -> dict[int, int]:
    """Count the pixels of each number that is there, the lowest first."""
    found, counts = np.unique(numbers, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def paired(first: Numbers, second: Numbers) -> tuple[Numbers, list[tuple[int, int]]]:
    """Number the pairs that two maps of one size hold, from 0, and give the pairs in the order of their numbers."""
    both = first.astype(np.uint64) << np.uint64(32) | second
    found, numbers = np.unique(both, return_inverse=True)
    pairs = [(pair >> 32, pair & 0xFFFFFFFF) for pair in found.tolist()]
    return numbers.reshape(first.shape).astype(np.uint32), pairs


def box_of(numbers: Numbers, wanted: int) -> tuple[int, int, int, int]:
    """Give the box around the pixels of a number that is there: x, y, width, height."""
    here = numbers == wanted
    rows, columns = np.flatnonzero(here.any(axis=1)), np.flatnonzero(here.any(axis=0))
    top, left = int(rows[0]), int(columns[0])
    return left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1


def write_palette_png(file: Path, numbers: Numbers) -> None:
    """Write numbers below 256 as a PNG with the palette of PASCAL VOC."""
    image = Image.fromarray(numbers.astype(np.uint8))
    image.putpalette(_PALETTE)
    _save(image, file)


def write_panoptic_png(file: Path, ids: Numbers) -> None:
    """Write ids below 2**24 as a PNG of colours: an id is r + 256 g + 65536 b (COCO's panoptic format)."""
    channels = np.stack([ids & 255, ids >> 8 & 255, ids >> 16 & 255], axis=-1)
    _save(Image.fromarray(channels.astype(np.uint8)), file)


def is_upright(file: Path, shape: tuple[int, ...]) -> bool:
    """Tell whether a picture is of a map's shape as its samples lie, so that no reader has to turn it first."""
    try:
        with Image.open(file) as image:
            return (image.height, image.width) == shape and image.getexif().get(_ORIENTATION, 1) == 1
    except (OSError, SyntaxError, ValueError):
        # Of a kind that Pillow does not know, or not what its name says.
        return False


def _save(image: Image.Image, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    try:
        image.save(part, "PNG")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
