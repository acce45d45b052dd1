"""Images and masks of formats that pair them by rule: the same name but for a fixed suffix, below two folders."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from mattebox.errors import InputError
from mattebox.importers.files import CONTENT_TYPES, find_files
from mattebox.importers.label_file import LabelLists
from mattebox.importers.places import Place
from mattebox.importers.plan import Finding, ImportPlan, LeftOut, PlannedMask, PlannedPicture
from mattebox.models import MaskEncoding


class Kind(NamedTuple):
    """The files of a folder, and of those below it, whose stems end with `suffix`."""

    folder: Place
    suffix: str = ""
    encoding: MaskEncoding | None = None
    """Of masks: how their pixels are values, where the format says it."""

    def files(self) -> Iterator[tuple[str, PurePosixPath]]:
        """Give each file, relative to the folder, after what pairs it: its path without suffix and extension."""
        for file in find_files(self.folder, recursive=True):
            if file.stem.endswith(self.suffix):
                yield (file.parent / file.stem.removesuffix(self.suffix)).as_posix(), file


class Matched(NamedTuple):
    """Pictures with at least one mask, and what is left out."""

    frames: list[PlannedPicture]
    left_out: list[LeftOut]
    image_count: int
    mask_count: int

    def plan(self, root: Place, labels: LabelLists, label_origin: str) -> ImportPlan:
        """Make it a plan. Raises InputError where nothing belongs together."""
        if not self.frames:
            seen = f": {self.left_out[0]}" if self.left_out else ""
            raise InputError(f"No image in {str(root)!r} has a mask{seen}.")
        return ImportPlan(
            self.frames,
            len(self.frames),
            sum(len(frame.files()) for frame in self.frames),
            [Finding(self.image_count, "images", str(root)), Finding(self.mask_count, "masks")],
            labels,
            label_origin,
            left_out=self.left_out,
        )


def match(
    root: Place,
    images: Kind,
    masks: Mapping[str, Kind],
    context_of: Callable[[PurePosixPath], str | None],
    needs_mask: Callable[[str], bool] = bool,
) -> Matched:
    """Pair the images with the masks of each mask id; a frame's id is its image's path below `root`.

    `context_of` tells by that path which frames belong together; an image that does not need a mask is not left out
    for want of one, by what pairs it.

    Raises:
        InputError: a folder cannot be read.
    """
    left_out: list[LeftOut] = []
    by_key: dict[str, dict[str, PurePosixPath]] = {}
    for mask_id, kind in masks.items():
        by_key[mask_id] = _by_key(root, kind, "mask", left_out)
    pictures = _by_key(root, images, "image", left_out)
    frames = []
    for key, image in pictures.items():
        found = tuple(
            PlannedMask(mask_id, root / files[key], encoding=masks[mask_id].encoding)
            for mask_id, files in by_key.items()
            if key in files
        )
        if found:
            frames.append(PlannedPicture(str(image), root / image, found, context_of(image)))
        elif needs_mask(key):
            left_out.append(LeftOut(str(image), "image", "without a mask"))
    for files in by_key.values():
        alone = [file for key, file in files.items() if key not in pictures]
        left_out += [LeftOut(str(file), "mask", "without an image") for file in alone]
    return Matched(frames, left_out, len(pictures), sum(map(len, by_key.values())))


def join(parts: list[Matched]) -> Matched:
    """Put the parts of a dataset together."""
    return Matched(
        [frame for part in parts for frame in part.frames],
        [left for part in parts for left in part.left_out],
        sum(part.image_count for part in parts),
        sum(part.mask_count for part in parts),
    )


def _by_key(root: Place, kind: Kind, noun: str, left_out: list[LeftOut]) -> dict[str, PurePosixPath]:
    """Give the files by what pairs them, relative to the root."""
    below = PurePosixPath(kind.folder.relative_to(root).as_posix())
    files: dict[str, PurePosixPath] = {}
    for key, file in kind.files():
        name = below / file
        if file.suffix.lower() not in CONTENT_TYPES:
            left_out.append(LeftOut(str(name), noun, f"with the unknown extension {file.suffix!r}"))
        elif key in files:
            left_out.append(LeftOut(str(name), noun, f"of the same name as {files[key].name}"))
        else:
            files[key] = name
    return files
