"""COCO panoptic: masks of segment ids as colours, and JSON files that say which category each segment is of."""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

import msgspec
from msgspec import structs

from mattebox.aio import Client
from mattebox.answers import IndexEntry, Version
from mattebox.exporters.outcome import Exported
from mattebox.exporters.pixels import Numbers, box_of, paired, present, translated, write_panoptic_png
from mattebox.exporters.segments import Naming, Segmented, SegmentMap, export_segmented, tell_undeclared
from mattebox.importers.coco_panoptic import CATEGORIES, Category, read_categories

ANNOTATIONS = "annotations"
VOID = 0
MAX_ID = 2**24 - 1


async def export_coco_panoptic(
    client: Client, version: Version, folder: Path, on_frames: Callable[[int], None], mask: str | None = None
) -> Exported:
    """Write a version as `mattebox import coco-panoptic` takes it back; `mask` is the one that holds the segments.

    Raises:
        OSError: the folder cannot be written to.
    """
    target = _Coco(folder, read_categories(version.metadata.get(CATEGORIES)))
    try:
        return await export_segmented(client, version, target, on_frames, mask)
    finally:
        target.close()


class Segment(NamedTuple):
    """What one id of a mask stands for."""

    entry: IndexEntry
    id: int | None = None
    """The id it has had; None where its mask had none."""
    object: int | None = None
    """What tells it from others of its category, where something does."""


def segments_of(classes: SegmentMap, objects: SegmentMap | None) -> tuple[Numbers, list[Segment | None]]:
    """Give a map of numbers from 0, and the segment that each number stands for; None is void."""
    if objects is None:
        return classes.pixels, [_segment(classes, number) for number in range(len(classes.entries) + 1)]
    index, pairs = paired(classes.pixels, objects.pixels)
    return index, [_segment(classes, number, objects, other) for number, other in pairs]


def _segment(classes: SegmentMap, number: int, objects: SegmentMap | None = None, other: int = 0) -> Segment | None:
    entry = classes.entry(number)
    if entry is None:
        return None
    if classes.panoptic:
        return Segment(entry, panoptic_id(entry) or None, number)
    told_apart = objects.entry(other) if objects else None
    is_object = told_apart and not told_apart.ignore and panoptic_id(told_apart) != VOID
    return Segment(entry, None, other if is_object else None)


def panoptic_id(entry: IndexEntry) -> int:
    """Give the id that a value stands for in COCO: r + 256 g + 65536 b."""
    return entry.value if isinstance(entry.value, int) else int.from_bytes(bytes(entry.value[:3]), "little")


class _Coco:
    below = ""
    home = "all"

    def __init__(self, folder: Path, known: Sequence[Category]) -> None:
        self.exported = Exported()
        self._folder = folder
        self._splits: dict[str, _Split] = {}
        self._categories = _Categories(known, Naming("void (0)", self.exported))

    def image(self, name: str) -> Path:
        return self._folder / name

    def begin(self, labels: Sequence[str]) -> None:
        """Categories come with the segments: a label of no picture is none."""

    def add(self, segmented: Segmented, document: Mapping[str, Any]) -> None:
        del document
        split_name, _, name = segmented.name.partition("/")
        masks = self._folder / ANNOTATIONS / f"panoptic_{split_name}"
        if split_name not in self._splits:
            self._splits[split_name] = _Split(masks.with_name(f"{masks.name}.json"))
        numbers, segments = segments_of(segmented.classes, segmented.objects)
        there = present(numbers)
        known = [self._categories.find(one) if number in there else None for number, one in enumerate(segments)]
        ids = _ids([one for one in known if one])
        mask = translated(numbers, [ids[one] if one else VOID for one in known])
        write_panoptic_png(masks / f"{name}.png", mask)
        tell_undeclared(segmented.name, segmented.classes, f"void ({VOID})", self.exported)
        file = segmented.image.relative_to(self._folder / split_name).as_posix()
        self._splits[split_name].add(file, f"{name}.png", segmented.size, _infos(mask, ids))
        self.exported.files += 2

    def finish(self) -> None:
        for split in self._splits.values():
            split.write(self._categories.listed())

    def close(self) -> None:
        """Drop what was gathered."""
        for split in self._splits.values():
            split.close()


class _Told(NamedTuple):
    """A segment by its category."""

    category: int
    id: int | None
    object: int | None


class _Categories:
    """Categories by name: those that the version knows with their ids, and new ones."""

    def __init__(self, known: Sequence[Category], naming: Naming) -> None:
        self._naming = naming
        self._known = {category.name: category for category in known}
        self._new: dict[str, Category] = {}
        taken = {category.id for category in known}
        self._ids = (number for number in count(1) if number not in taken)

    def find(self, segment: Segment | None) -> _Told | None:
        name = self._naming.name(segment.entry) if segment else None
        if segment is None or name is None:
            return None
        category = self._known.get(name) or self._new.get(name)
        if category is None:
            red, green, blue = bytes.fromhex(segment.entry.color.removeprefix("#"))
            category = self._new[name] = Category(next(self._ids), name, name, 0, (red, green, blue))
        if name in self._new and segment.object is not None:
            self._new[name] = structs.replace(category, isthing=1)
        return _Told(category.id, segment.id, segment.object)

    def listed(self) -> list[Category]:
        return [*self._known.values(), *self._new.values()]


def _ids(segments: Sequence[_Told]) -> dict[_Told, int]:
    """Give each segment an id: the one it had, else the next that is free."""
    taken = {segment.id for segment in segments}
    free = (number for number in range(1, MAX_ID + 1) if number not in taken)
    ids: dict[_Told, int] = {}
    for segment in segments:
        if segment not in ids:
            ids[segment] = segment.id if segment.id and segment.id <= MAX_ID else next(free)
    return ids


def _infos(mask: Numbers, ids: Mapping[_Told, int]) -> list[dict[str, Any]]:
    areas = present(mask)
    return [
        {"id": id_, "category_id": told.category, "area": areas[id_], "bbox": box_of(mask, id_), "iscrowd": 0}
        for told, id_ in ids.items()
    ]


class _Split:
    """The JSON of a split, whose lists are gathered in files of their own: they can be larger than memory."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._images, self._annotations = TemporaryFile(), TemporaryFile()  # noqa: SIM115 - open until it is written
        self._taken: set[int] = set()

    def add(self, image: str, mask: str, size: tuple[int, int], infos: Sequence[Mapping[str, Any]]) -> None:
        width, height = size
        image_id = self._id(PurePosixPath(image).stem)
        _append(self._images, {"id": image_id, "file_name": image, "width": width, "height": height})
        _append(self._annotations, {"image_id": image_id, "file_name": mask, "segments_info": infos})

    def write(self, categories: Sequence[Category]) -> None:
        """Put it together."""
        part = self._file.with_name(f".{self._file.name}.part")
        with part.open("wb") as target:
            for before, gathered in ((b'{"images":[', self._images), (b'],"annotations":[', self._annotations)):
                target.write(before)
                gathered.seek(0)
                copyfileobj(gathered, target)
            target.write(b'],"categories":%s}\n' % msgspec.json.encode(categories))
        part.replace(self._file)

    def close(self) -> None:
        """Drop what was gathered."""
        self._images.close()
        self._annotations.close()

    def _id(self, stem: str) -> int:
        """Number an image as its name does, as those of COCO are named."""
        wanted = int(stem) if stem.isascii() and stem.isdecimal() else 0
        if not wanted or wanted in self._taken:
            wanted = next(number for number in count(len(self._taken) + 1) if number not in self._taken)
        self._taken.add(wanted)
        return wanted


def _append(gathered: IO[bytes], item: Mapping[str, Any]) -> None:
    if gathered.tell():
        gathered.write(b",")
    gathered.write(msgspec.json.encode(item))
