"""A folder of images and a folder of masks, read into a plan of what to register."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct, field

from mattebox.errors import InputError
from mattebox.importers.files import content_type, find_media
from mattebox.importers.label_file import LabelFile, LabelLists, names_file, read_label_file
from mattebox.importers.pairing import Pair, PairedMask, Pairing, pair
from mattebox.models import ALL_MASKS, Frame, Mask, MaskLabel, MaskMode, Source

UriOf = Callable[[Path], str]


class FolderImport(Struct, frozen=True):
    """What is to be imported, before anything is sent."""

    images: Path
    masks: Path
    pairing: Pairing
    labels: LabelLists = field(default_factory=dict)
    """By mask id, with `_all_` for the others."""
    own_labels: dict[PurePosixPath, list[MaskLabel]] = field(default_factory=dict)
    """By mask file, for files that have a list of their own."""
    unused_labels: list[str] = field(default_factory=list)
    """Names in the labels that are neither the id nor the file of any mask."""
    merged_labels: int = 0
    """Entries that were brought together with an earlier one of the same value."""
    recolored_labels: int = 0
    """Those of them whose own colour, opacity or `ignore` gave way to that of the earlier one."""
    mode: MaskMode = "auto"

    @property
    def file_count(self) -> int:
        """Images and masks of all pairs."""
        return sum(1 + len(pair.masks) for pair in self.pairing.pairs)

    def all_label_lists(self) -> list[list[MaskLabel]]:
        """The lists of entries, wherever they belong."""
        return [*self.labels.values(), *self.own_labels.values()]

    def files(self, pair: Pair) -> list[Path]:
        """The files of a pair, the image first."""
        return [self.images / pair.image, *(self.masks / mask.path for mask in pair.masks)]

    def frame(self, pair: Pair, uri_of: UriOf) -> Frame:
        """Describe a pair as a frame; its id is the image's path, so that a second import updates it."""
        image = pair.image
        source = Source(
            uri=uri_of(self.images / image),
            content_type=content_type(image),
            masks=[self._mask(mask, uri_of) for mask in pair.masks],
        )
        folder = image.parent.as_posix()
        return Frame(id=image.as_posix(), context_id=None if folder == "." else folder, sources=[source])

    def _mask(self, mask: PairedMask, uri_of: UriOf) -> Mask:
        return Mask(
            id=mask.id,
            uri=uri_of(self.masks / mask.path),
            content_type=content_type(mask.path),
            mode=None if self.mode == "auto" else self.mode,
            labels=self.own_labels.get(mask.path),
        )


def plan_folder_import(
    images: Path, masks: Path, *, labels: Path | None = None, mode: MaskMode = "auto", recursive: bool = False
) -> FolderImport:
    """Find and pair the files, and read the labels.

    Raises:
        InputError: a folder or the labels cannot be used, or nothing belongs together.
    """
    if images.exists() and masks.exists() and images.resolve() == masks.resolve():
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
    merged, recolored = label_file.merged, label_file.recolored
    return FolderImport(images, masks, pairing, by_id, own, unused, merged, recolored, mode)


def _require(found: Sequence[PurePosixPath], folder: Path, kind: str, recursive: bool) -> None:
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
