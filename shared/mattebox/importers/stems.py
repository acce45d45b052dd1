"""Images and masks of formats that pair them by rule: the same name but for a fixed suffix, below two folders."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple

from msgspec import Struct

from mattebox.errors import InputError
from mattebox.importers.files import CONTENT_TYPES, find_files, is_text, readable, split_name
from mattebox.importers.label_file import LabelLists
from mattebox.importers.places import Place
from mattebox.importers.plan import (
    NOT_TEXT,
    DatasetFile,
    Finding,
    ImportPlan,
    LeftOut,
    PlannedMask,
    PlannedPicture,
    Remade,
)
from mattebox.models import MaskEncoding


class Kind(NamedTuple):
    """The files of a folder, and of those below it, whose stems end with `suffix`."""

    folder: Place
    suffix: str = ""
    encoding: MaskEncoding | None = None
    """Of masks: how their pixels are values, where the format says it."""


class Matched(NamedTuple):
    """Pictures with at least one mask, and what is left out."""

    frames: Iterable[PlannedPicture]
    """Can be iterated again."""
    frame_count: int
    left_out: list[LeftOut]
    image_count: int
    mask_count: int
    matched_count: int
    """Masks of the frames."""

    def plan(self, root: Place, labels: LabelLists, label_origin: str) -> ImportPlan:
        """Make it a plan. Raises InputError where nothing belongs together."""
        if not self.frame_count:
            seen = f": {self.left_out[0]}" if self.left_out else ""
            raise InputError(f"No image in {str(root)!r} has a mask{seen}.")
        return ImportPlan(
            self.frames,
            self.frame_count,
            self.frame_count + self.matched_count,
            [Finding(self.image_count, "images", str(root)), Finding(self.mask_count, "masks")],
            labels,
            label_origin,
            left_out=self.left_out,
        )


class _Row(Struct, frozen=True, gc=False):
    """What is kept of a frame until it is sent: the paths of its files."""

    image: str
    masks: tuple[str | None, ...]
    """In the order of the kinds."""


def match(
    root: Place,
    images: Kind,
    masks: Mapping[str, Kind],
    context_of: Callable[[str], str | None],
    needs_mask: Callable[[str], bool] = bool,
) -> Matched:
    """Pair the images with the masks of each mask id; a frame's id is its image's path below `root`.

    `context_of` tells by that path which frames belong together; an image that does not need a mask is not left out
    for want of one, by what pairs it.

    Raises:
        InputError: a folder cannot be read.
    """
    left_out: list[LeftOut] = []
    by_key = [_by_key(root, kind, "mask", left_out) for kind in masks.values()]
    pictures = _by_key(root, images, "image", left_out)
    rows: list[_Row] = []
    for key, image in pictures.items():
        found = tuple([files.get(key) for files in by_key])
        if any(found):
            rows.append(_Row(image, found))
        elif needs_mask(key):
            left_out.append(LeftOut(image, "image", "without a mask"))
    for files in by_key:
        left_out += [LeftOut(file, "mask", "without an image") for key, file in files.items() if key not in pictures]
    return Matched(
        Remade(lambda: (_picture(root, row, masks, context_of) for row in rows)),
        len(rows),
        left_out,
        len(pictures),
        sum(map(len, by_key)),
        sum(mask is not None for row in rows for mask in row.masks),
    )


def _picture(
    root: Place, row: _Row, masks: Mapping[str, Kind], context_of: Callable[[str], str | None]
) -> PlannedPicture:
    found = tuple(
        [
            PlannedMask(mask_id, DatasetFile(root, file), encoding=kind.encoding)
            for (mask_id, kind), file in zip(masks.items(), row.masks, strict=True)
            if file is not None
        ]
    )
    return PlannedPicture(row.image, DatasetFile(root, row.image), found, context_of(row.image))


def join(parts: list[Matched]) -> Matched:
    """Put the parts of a dataset together."""
    return Matched(
        Remade(lambda: chain.from_iterable(part.frames for part in parts)),
        sum(part.frame_count for part in parts),
        [left for part in parts for left in part.left_out],
        sum(part.image_count for part in parts),
        sum(part.mask_count for part in parts),
        sum(part.matched_count for part in parts),
    )


def _by_key(root: Place, kind: Kind, noun: str, left_out: list[LeftOut]) -> dict[str, str]:
    """Give the files, relative to the root, by what pairs them: their paths without suffix and extension."""
    below = kind.folder.relative_to(root).as_posix()
    prefix = "" if below == "." else f"{below}/"
    files: dict[str, str] = {}
    for file in find_files(kind.folder, recursive=True):
        folder, stem, extension = split_name(file)
        if not stem.endswith(kind.suffix):
            continue
        name = prefix + file
        bare = stem.removesuffix(kind.suffix)
        key = f"{folder}/{bare}" if folder else bare
        if not is_text(name):
            left_out.append(LeftOut(readable(name), noun, NOT_TEXT))
        elif extension.lower() not in CONTENT_TYPES:
            left_out.append(LeftOut(name, noun, f"with the unknown extension {extension!r}"))
        elif key in files:
            left_out.append(LeftOut(name, noun, f"of the same name as {PurePosixPath(files[key]).name}"))
        else:
            files[key] = name
    return files
