"""Which mask belongs to which image, by their names alone.

A mask belongs to the image whose stem it shares: `0001.jpg` and `0001.png`. Else to the image whose stem it begins
with, up to a separator: `lemur.png` and `lemur_alpha.png`; the longest such stem wins. Words that only tell an image
from a mask are set aside in both: `x_leftImg8bit.png` and `x_gtFine_labelIds.png`, `img_7.jpg` and `mask_7.png`.
A mask is looked for in the same subfolder, or anywhere where one of the two sides has no subfolders.

What is left of a mask's stem becomes its id; where no image has more than one mask, every mask is "00".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from mattebox.importers.files import split_name
from mattebox.models import numbered_id

SEPARATORS = "_-. "

_IMAGE_WORD = re.compile(r"^(?:image|img|photo|rgb)[_-]|[_-](?:leftImg8bit|image|img|photo|rgb|sat)$", re.IGNORECASE)
_MASK_WORD = re.compile(r"^(?:mask|label|seg|gt|matte|alpha)[_-]", re.IGNORECASE)


class PairedMask(Struct, frozen=True, gc=False):
    """A mask of an image."""

    id: str
    path: str


class Pair(Struct, frozen=True, gc=False):
    """An image with its masks, paths relative to the two folders."""

    image: str
    masks: tuple[PairedMask, ...]


class Pairing(NamedTuple):
    """All pairs, and what found no partner, each in the order of the paths."""

    pairs: list[Pair]
    images_alone: list[str]
    masks_alone: list[str]


def pair(images: Iterable[str], masks: Iterable[str]) -> Pairing:
    """Pair images with masks by name; both are given relative to their folders."""
    images, masks = sorted(images, key=_by_parts), sorted(masks, key=_by_parts)
    found, masks_alone = _find_owners(images, masks)
    images_alone = [image for image in images if image not in found]
    name_masks = any(len(group) > 1 for group in found.values())
    # Taken out one by one: both together would take half as much memory again.
    paired = (image for image in images if image in found)
    pairs = [Pair(image, tuple(_identify(found.pop(image), name_masks))) for image in paired]
    return Pairing(pairs, images_alone, masks_alone)


_Owned = dict[str, tuple[tuple[str, str], ...]]
"""By image its masks, each with what is left of its stem."""


def _find_owners(images: Sequence[str], masks: Sequence[str]) -> tuple[_Owned, list[str]]:
    """Give the masks by their images, and those that have none."""
    index = _ImageIndex(images, anywhere=_may_lie_elsewhere(images, masks))
    found: _Owned = {}
    masks_alone = []
    for mask in masks:
        owners, rest = index.owners(mask)
        if not owners:
            masks_alone.append(mask)
        for image in owners:
            found[image] = (*found.get(image, ()), (mask, rest))
    return found, masks_alone


class _ImageIndex:
    def __init__(self, images: Sequence[str], *, anywhere: bool) -> None:
        self._by_stem = _Stems(anywhere=anywhere)
        self._by_bare_stem = _Stems(anywhere=anywhere)
        for image in images:
            folder, stem, _ = split_name(image)
            self._by_stem.add(folder, stem, image)
            bare = _IMAGE_WORD.sub("", stem)
            if bare and bare != stem:
                self._by_bare_stem.add(folder, bare, image)

    def owners(self, mask: str) -> tuple[Sequence[str], str]:
        """Give the images a mask belongs to (several only if they share their stem), and what is left of its stem."""
        folder, whole, _ = split_name(mask)
        for stem in dict.fromkeys((whole, _MASK_WORD.sub("", whole))):
            for start, rest in _cuts(stem):
                for stems in (self._by_stem, self._by_bare_stem):
                    owners = stems.of(folder, start)
                    if owners:
                        return owners, rest
        return (), ""


class _Stems:
    """Images by their stems."""

    def __init__(self, *, anywhere: bool) -> None:
        self._images: dict[str, tuple[str, ...]] = {}
        """By folder and stem."""
        self._anywhere = anywhere
        self._folders: dict[str, str | None] = {}
        """By stem; None where it is in several folders: no guess is better than a wrong one."""

    def add(self, folder: str, stem: str, image: str) -> None:
        """Take in an image."""
        beside = f"{folder}/{stem}"
        self._images[beside] = (*self._images.get(beside, ()), image)
        if self._anywhere and self._folders.setdefault(stem, folder) != folder:
            self._folders[stem] = None

    def of(self, folder: str, stem: str) -> Sequence[str]:
        """Give the images of a stem in a folder, else those in the one other folder that has it, where that counts."""
        beside = self._images.get(f"{folder}/{stem}", ())
        if beside or (elsewhere := self._folders.get(stem)) is None:
            return beside
        return self._images[f"{elsewhere}/{stem}"]


def _by_parts(path: str) -> str:
    """Sort as lists of the parts would be: nothing in a name is before a NUL."""
    return path.replace("/", "\0")


def _cuts(stem: str) -> Iterator[tuple[str, str]]:
    yield stem, ""
    for position in range(len(stem) - 1, 0, -1):
        if stem[position] in SEPARATORS:
            yield stem[:position], stem[position + 1 :].strip(SEPARATORS)


def _may_lie_elsewhere(images: Sequence[str], masks: Sequence[str]) -> bool:
    """Tell whether one side has no subfolders, so that masks need not lie in the subfolders of their images."""
    of_images, of_masks = ({path.rpartition("/")[0] for path in paths} for paths in (images, masks))
    return min(len(of_images), len(of_masks)) <= 1 and of_images != of_masks


def _identify(masks: tuple[tuple[str, str], ...], name_masks: bool) -> Iterator[PairedMask]:
    taken: set[str] = set()
    for mask, rest in masks:
        wanted = (rest if name_masks else "") or numbered_id(0)
        free = next(name for name in _numbered(wanted) if name not in taken)
        taken.add(free)
        yield PairedMask(free, mask)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1
