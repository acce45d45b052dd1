"""A folder of images and a folder of masks, read into a plan of what to register."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from mattebox.errors import InputError
from mattebox.importers.files import find_media, is_text, readable, resolved, split_name
from mattebox.importers.label_file import LabelFile, LabelLists, names_file, read_label_file
from mattebox.importers.pairing import Pairing, pair
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
    some,
)
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
    left_out: list[LeftOut] = []
    found_images = _named(find_media(images, recursive=recursive, without=masks), "image", left_out)
    found_masks = _named(find_media(masks, recursive=recursive, without=images), "mask", left_out)
    _require(found_images, images, "images", recursive)
    _require(found_masks, masks, "masks", recursive)
    pairing = pair(found_images, found_masks)
    if not pairing.pairs:
        raise InputError(
            f"None of the {len(found_images)} images has one of the {len(found_masks)} masks: names must begin alike, "
            f"as in 0001.jpg and 0001_mask.png. Here they are {PurePosixPath(found_images[0]).name} and "
            f"{PurePosixPath(found_masks[0]).name}."
        )
    label_file = read_label_file(labels) if labels else LabelFile({})
    by_id, own, unused = _assign(label_file.lists, pairing)
    notes = _merging(label_file) + (_trimaps(pairing) if mode == "auto" else [])
    if unused:
        notes.append(f"no mask has these names, so their labels are not used: {some(unused)}")
    return ImportPlan(
        Remade(lambda: _frames(images, masks, pairing, own, mode)),
        len(pairing.pairs),
        sum(1 + len(pair.masks) for pair in pairing.pairs),
        [
            Finding(len(found_images), "images", str(images)),
            Finding(len(found_masks), "masks", str(masks)),
            Finding(len(pairing.pairs), "pairs"),
        ],
        by_id,
        notes=notes,
        left_out=[
            *left_out,
            *(LeftOut(image, "image", "without a mask") for image in pairing.images_alone),
            *(LeftOut(mask, "mask", "without an image") for mask in pairing.masks_alone),
        ],
    )


def _frames(
    images: Place, masks: Place, pairing: Pairing, own: dict[str, list[MaskLabel]], mode: MaskMode
) -> Iterator[PlannedPicture]:
    for found in pairing.pairs:
        paired = [
            PlannedMask(mask.id, DatasetFile(masks, mask.path), mode=_mode_of(mask.id, mode), labels=own.get(mask.path))
            for mask in found.masks
        ]
        context = split_name(found.image)[0] or None
        yield PlannedPicture(found.image, DatasetFile(images, found.image), tuple(paired), context)


def _mode_of(mask_id: str, mode: MaskMode) -> MaskMode | None:
    if mode != "auto":
        return mode
    # It says where to look for a matte, in three values that mean something, and is none itself.
    return "segmentation" if is_trimap(mask_id) else None


def is_trimap(mask_id: str) -> bool:
    """Tell by its name a mask that a matte was made from."""
    return "trimap" in mask_id.lower()


def _trimaps(pairing: Pairing) -> list[str]:
    count = sum(is_trimap(mask.id) for found in pairing.pairs for mask in found.masks)
    noun = "trimap" if count == 1 else "trimaps"
    return [f"{count:,} {noun}: read by labels, not as opacity, and not drawn where none are given."] if count else []


def _merging(labels: LabelFile) -> list[str]:
    if not labels.merged:
        return []
    values = "repeated value" if labels.merged == 1 else "repeated values"
    text = f"{labels.merged:,} {values} in the labels: each value is taken once, with all its labels"
    if labels.recolored:
        text += f"; {labels.recolored:,} asked for another colour than the first, which counts"
    return [f"{text}."]


def _named(found: list[str], noun: str, left_out: list[LeftOut]) -> list[str]:
    left_out += [LeftOut(readable(name), noun, NOT_TEXT) for name in found if not is_text(name)]
    return [name for name in found if is_text(name)] if left_out else found


def _require(found: Sequence[str], folder: Place, kind: str, recursive: bool) -> None:
    if not found:
        hint = "" if recursive else " Are they in subfolders? Then add --recursive."
        raise InputError(f"There are no {kind} in {str(folder)!r}.{hint}")


def _assign(lists: LabelLists, pairing: Pairing) -> tuple[LabelLists, dict[str, list[MaskLabel]], list[str]]:
    masks = [mask for pair in pairing.pairs for mask in pair.masks]
    ids = {mask.id for mask in masks} | {ALL_MASKS}
    by_file_name = defaultdict(list)
    for mask in masks if lists.keys() - ids else ():
        path = PurePosixPath(mask.path)
        by_file_name[path.name].append(path)
    by_id: LabelLists = {}
    own: dict[str, list[MaskLabel]] = {}
    unused = []
    for name, entries in lists.items():
        files = [file for file in by_file_name[PurePosixPath(name).name] if names_file(name, file)]
        if name in ids:
            by_id[name] = entries
        elif files:
            own |= dict.fromkeys(map(str, files), entries)
        else:
            unused.append(name)
    return by_id, own, unused
