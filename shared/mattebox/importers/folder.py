"""A folder of images and a folder of masks, read into a plan of what to register."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from mattebox.errors import InputError
from mattebox.importers.files import find_media, resolved
from mattebox.importers.label_file import LabelFile, LabelLists, names_file, read_label_file
from mattebox.importers.pairing import Pairing, pair
from mattebox.importers.places import Place
from mattebox.importers.plan import Finding, ImportPlan, LeftOut, PlannedMask, PlannedPicture, some
from mattebox.models import ALL_MASKS, MaskLabel, MaskMode


def plan_folder_import(
    images: Place, masks: Place, *, labels: Place | None = None, mode: MaskMode = "auto", recursive: bool = False
) -> ImportPlan:
    """Find and pair the files, and read the labels.

    Raises:
        InputError: a folder or the labels cannot be used, or nothing belongs together.
    """
    if resolved(images) == resolved(masks):
        raise InputError("Images and masks lie in one folder: move the masks to a folder of their own.")
    found_images = find_media(images, recursive=recursive, without=masks)
    found_masks = find_media(masks, recursive=recursive, without=images)
    _require(found_images, images, "images", recursive)
    _require(found_masks, masks, "masks", recursive)
    pairing = pair(found_images, found_masks)
    if not pairing.pairs:
        raise InputError(
            f"None of the {len(found_images)} images has one of the {len(found_masks)} masks: names must begin alike, "
            f"as in 0001.jpg and 0001_mask.png. Here they are {found_images[0].name} and {found_masks[0].name}."
        )
    label_file = read_label_file(labels) if labels else LabelFile({})
    by_id, own, unused = _assign(label_file.lists, pairing)
    frames = _frames(images, masks, pairing, own, mode)
    notes = _merging(label_file)
    if unused:
        notes.append(f"no mask has these names, so their labels are not used: {some(unused)}")
    return ImportPlan(
        frames,
        len(frames),
        sum(len(frame.files()) for frame in frames),
        [
            Finding(len(found_images), "images", str(images)),
            Finding(len(found_masks), "masks", str(masks)),
            Finding(len(frames), "pairs"),
        ],
        by_id,
        notes=notes,
        left_out=[
            *(LeftOut(image.as_posix(), "image", "without a mask") for image in pairing.images_alone),
            *(LeftOut(mask.as_posix(), "mask", "without an image") for mask in pairing.masks_alone),
        ],
    )


def _frames(
    images: Place, masks: Place, pairing: Pairing, own: dict[PurePosixPath, list[MaskLabel]], mode: MaskMode
) -> list[PlannedPicture]:
    mask_mode = None if mode == "auto" else mode
    return [
        PlannedPicture(
            image.as_posix(),
            images / image,
            tuple(
                PlannedMask(mask.id, masks / mask.path, mode=mask_mode, labels=own.get(mask.path)) for mask in paired
            ),
            context_id=None if image.parent.as_posix() == "." else image.parent.as_posix(),
        )
        for image, paired in pairing.pairs
    ]


def _merging(labels: LabelFile) -> list[str]:
    if not labels.merged:
        return []
    values = "repeated value" if labels.merged == 1 else "repeated values"
    text = f"{labels.merged:,} {values} in the labels: each value is taken once, with all its labels"
    if labels.recolored:
        text += f"; {labels.recolored:,} asked for another colour than the first, which counts"
    return [f"{text}."]


def _require(found: Sequence[PurePosixPath], folder: Place, kind: str, recursive: bool) -> None:
    if not found:
        hint = "" if recursive else " Are they in subfolders? Then add --recursive."
        raise InputError(f"There are no {kind} in {str(folder)!r}.{hint}")


def _assign(lists: LabelLists, pairing: Pairing) -> tuple[LabelLists, dict[PurePosixPath, list[MaskLabel]], list[str]]:
    masks = [mask for pair in pairing.pairs for mask in pair.masks]
    ids = {mask.id for mask in masks} | {ALL_MASKS}
    by_file_name = defaultdict(list)
    for mask in masks:
        by_file_name[mask.path.name].append(mask.path)
    by_id: LabelLists = {}
    own: dict[PurePosixPath, list[MaskLabel]] = {}
    unused = []
    for name, entries in lists.items():
        files = [file for file in by_file_name[PurePosixPath(name).name] if names_file(name, file)]
        if name in ids:
            by_id[name] = entries
        elif files:
            own |= dict.fromkeys(files, entries)
        else:
            unused.append(name)
    return by_id, own, unused
