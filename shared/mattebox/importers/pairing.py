"""Which mask belongs to which image, by their names alone.

A mask belongs to the image whose stem it shares: `0001.jpg` and `0001.png`. Else to the image whose stem it begins
with, up to a separator: `lemur.png` and `lemur_alpha.png`; the longest such stem wins. Words that only tell an image
from a mask are set aside in both: `x_leftImg8bit.png` and `x_gtFine_labelIds.png`, `img_7.jpg` and `mask_7.png`.
A mask is looked for in the same subfolder, or anywhere where one of the two sides has no subfolders.

What is left of a mask's stem becomes its id; where no image has more than one mask, every mask is "00".
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from mattebox.models import numbered_id

SEPARATORS = "_-. "

_IMAGE_WORD = re.compile(r"^(?:image|img|photo|rgb)[_-]|[_-](?:leftImg8bit|image|img|photo|rgb|sat)$", re.IGNORECASE)
_MASK_WORD = re.compile(r"^(?:mask|label|seg|gt|matte|alpha)[_-]", re.IGNORECASE)


class PairedMask(NamedTuple):
    """A mask of an image."""

    id: str
    path: PurePosixPath


class Pair(NamedTuple):
    """An image with its masks, paths relative to the two folders."""

    image: PurePosixPath
    masks: tuple[PairedMask, ...]


class Pairing(NamedTuple):
    """All pairs, and what found no partner, each in the order of the paths."""

    pairs: list[Pair]
    images_alone: list[PurePosixPath]
    masks_alone: list[PurePosixPath]


def pair(images: Iterable[PurePosixPath], masks: Iterable[PurePosixPath]) -> Pairing:
    """Pair images with masks by name; both are given relative to their folders."""
    images, masks = sorted(images), sorted(masks)
    index = _ImageIndex(images, anywhere=_flat(images) or _flat(masks))
    found: dict[PurePosixPath, list[tuple[PurePosixPath, str]]] = defaultdict(list)
    masks_alone = []
    for mask in masks:
        owners, rest = index.owners(mask)
        if not owners:
            masks_alone.append(mask)
        for image in owners:
            found[image].append((mask, rest))
    name_masks = any(len(group) > 1 for group in found.values())
    return Pairing(
        [Pair(image, tuple(_identify(found[image], name_masks))) for image in images if image in found],
        [image for image in images if image not in found],
        masks_alone,
    )


class _ImageIndex:
    def __init__(self, images: Sequence[PurePosixPath], *, anywhere: bool) -> None:
        self._anywhere = anywhere
        self._by_stem: dict[str, list[PurePosixPath]] = defaultdict(list)
        self._by_bare_stem: dict[str, list[PurePosixPath]] = defaultdict(list)
        for image in images:
            self._by_stem[image.stem].append(image)
            bare = _IMAGE_WORD.sub("", image.stem)
            if bare and bare != image.stem:
                self._by_bare_stem[bare].append(image)

    def owners(self, mask: PurePosixPath) -> tuple[list[PurePosixPath], str]:
        """Give the images a mask belongs to (several only if they share their stem), and what is left of its stem."""
        for stem in dict.fromkeys((mask.stem, _MASK_WORD.sub("", mask.stem))):
            for start, rest in _cuts(stem):
                for stems in (self._by_stem, self._by_bare_stem):
                    owners = self._in_reach(stems.get(start, ()), mask)
                    if owners:
                        return owners, rest
        return [], ""

    def _in_reach(self, images: Sequence[PurePosixPath], mask: PurePosixPath) -> list[PurePosixPath]:
        beside = [image for image in images if image.parent == mask.parent]
        if beside or not self._anywhere:
            return beside
        # The same name in two folders could mean either: no guess is better than a wrong one.
        return list(images) if len({image.parent for image in images}) == 1 else []


def _cuts(stem: str) -> Iterator[tuple[str, str]]:
    yield stem, ""
    for position in range(len(stem) - 1, 0, -1):
        if stem[position] in SEPARATORS:
            yield stem[:position], stem[position + 1 :].strip(SEPARATORS)


def _flat(paths: Sequence[PurePosixPath]) -> bool:
    return len({path.parent for path in paths}) <= 1


def _identify(masks: Sequence[tuple[PurePosixPath, str]], name_masks: bool) -> Iterator[PairedMask]:
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
