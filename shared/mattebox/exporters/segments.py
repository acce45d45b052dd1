"""Frames for formats that hold one picture with one segmentation: which mask that is, read pixel by pixel.

The renderer has read the mask, whatever its encoding: its index map in the size of the source says of each pixel which
entry of the mapping it belongs to. So what is written means what previews show.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from mattebox._batches import in_batches
from mattebox._parallel import in_parallel
from mattebox.aio import Client
from mattebox.answers import IndexEntry, IndexLegend, PreviewStatus, Version
from mattebox.errors import NotFound, PreviewFailed, PreviewPending
from mattebox.exporters.names import Names
from mattebox.exporters.outcome import Exported
from mattebox.exporters.pictures import Picture, download_picture, draw_picture
from mattebox.exporters.pixels import Numbers, is_upright, present, read_index, translated
from mattebox.importers.plan import LeftOut
from mattebox.importers.voc import IMAGE_SETS
from mattebox.models import MaskLabel, numbered_id

PARALLEL_FRAMES = 4
OBJECTS = "object"
"""Id of a mask that tells the objects of another one apart, as VOC has them."""
PREFERRED = ("class", "panoptic")
"""Masks that go before others of the same picture."""
NAMELESS = ("border", "void", "unlabelled", "unlabeled", "ignore")
"""Labels that mean no more than that nothing counts there."""


class SegmentMap(Struct, frozen=True):
    """A mask, pixel by pixel."""

    mask: str
    pixels: Numbers
    """Positions in `entries`, from 1; 0 is what nothing declares."""
    entries: Sequence[IndexEntry]
    panoptic: bool
    """Whether each value is an object of its own."""

    def entry(self, number: int) -> IndexEntry | None:
        """Give the entry that a pixel belongs to."""
        return self.entries[number - 1] if number else None

    def numbered(self, number_of: Callable[[IndexEntry], int], void: int) -> Numbers:
        """Give the mask by other numbers; pixels that nothing declares are `void`."""
        there = present(self.pixels)
        numbers = [number_of(entry) if at in there else void for at, entry in enumerate(self.entries, start=1)]
        return translated(self.pixels, [void, *numbers])


class Segmented(NamedTuple):
    """A picture with its segmentation."""

    name: str
    """Relative to the folder, without extension."""
    image: Path
    """Where the picture lies by now, with an extension of its own."""
    classes: SegmentMap
    objects: SegmentMap | None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        height, width = self.classes.pixels.shape
        return width, height


class Format(Protocol):
    """What writes segmentations in a format."""

    below: str
    """Folder that the format puts pictures in: of names that contain it, the rest counts."""
    home: str
    """Folder for names that have none."""
    exported: Exported

    def image(self, name: str) -> Path:
        """Say where a picture goes, without its extension."""

    def begin(self, labels: Sequence[str]) -> None:
        """Learn the names of the version's labels, in their order."""

    def add(self, segmented: Segmented, document: Mapping[str, Any]) -> None:
        """Write masks and annotations of a picture of a frame."""

    def finish(self) -> None:
        """Write what is about all of them."""


async def export_segmented(
    client: Client, version: Version, target: Format, on_frames: Callable[[int], None], mask: str | None
) -> Exported:
    """Write a version frame by frame; `mask` is the one to write of pictures that have several.

    Raises:
        InputError: the labels are too many for the format.
        OSError: the folder cannot be written to.
    """
    declared = await client.mask_labels(version.id)
    chosen = {mask: declared[mask]} if mask in declared else declared
    target.begin([name_of(e) for name, entries in chosen.items() if name != OBJECTS for e in entries if not e.ignore])
    names, reading, unsaid = Names(target.below, target.home), _Reading(client, version, target, mask), _Unsaid()
    async for batch in in_batches(client.frames(version.id), PARALLEL_FRAMES):
        unsaid.count(frame.document for frame in batch)
        pictures = [one for frame in batch for one in _pictures(version.id, frame.document)]
        named = [(one, names.name(document, one.source)) for one, document in pictures]
        read = await in_parallel([reading.read(one, name) for one, name in named], "export")
        for one, (_, document) in zip(read, pictures, strict=True):
            if isinstance(one, LeftOut):
                target.exported.left_out.append(one)
            else:
                await asyncio.to_thread(target.add, one, document)
        target.exported.frames += len(batch)
        on_frames(len(batch))
    await asyncio.to_thread(target.finish)
    target.exported.reduced += unsaid.told()
    return target.exported


def name_of(entry: MaskLabel | IndexEntry) -> str:
    """Name an entry where a class has one name: by its labels, else by its value."""
    labels = [entry.labels] if isinstance(entry.labels, str) else entry.labels
    return ", ".join(labels) or str(entry.value)


class Naming:
    """Names the classes of entries, and tells once of each what its name does not say."""

    def __init__(self, void: str, exported: Exported) -> None:
        self._void = void
        self._exported = exported
        self._told: set[str] = set()

    def name(self, entry: IndexEntry) -> str | None:
        """Name the class of an entry; None is void, as everything that is ignored."""
        name = name_of(entry)
        if entry.ignore:
            if name.lower() not in NAMELESS:
                self.tell(name, f"ignored, now {self._void} without a name")
            return None
        if len(entry.labels) > 1:
            self.tell(name, "of one value, now one name together")
        return name

    def tell(self, label: str, why: str) -> None:
        """Tell what becomes of a label."""
        if label not in self._told:
            self._told.add(label)
            self._exported.reduced.append(LeftOut(label, "label", why))


def tell_undeclared(name: str, mapped: SegmentMap, void: str, exported: Exported) -> None:
    """Tell that pixels of a picture are of no label."""
    if pixels := present(mapped.pixels).get(0):
        what = f"{name} ({mapped.mask}, {pixels:,} pixels)"
        exported.reduced.append(LeftOut(what, "mask", f"with values that nothing declares, now {void}"))


def _pictures(version_id: str, document: Mapping[str, Any]) -> Iterator[tuple[Picture, Mapping[str, Any]]]:
    for position, source in enumerate(document["sources"]):
        yield Picture(version_id, document["id"], source.get("id") or numbered_id(position), source), document


class _Reading:
    """Reads pictures with their masks."""

    def __init__(self, client: Client, version: Version, target: Format, mask: str | None) -> None:
        self._client = client
        self._encodings: Mapping[str, Any] = version.metadata.get("mask_encodings") or {}
        self._target = target
        self._wanted = mask

    async def read(self, picture: Picture, name: str) -> Segmented | LeftOut:
        """Read a picture with its segmentation, or say why there is none."""
        try:
            status = await self._client.preview_status(picture.version_id, picture.frame_id, source=picture.source_id)
            legend = self._choose(status.index)
            if legend is None:
                return LeftOut(picture.frame_id, "frame", _why_none(status.index, self._wanted))
            classes = await self._map(picture, legend.mask)
            others = {other.mask for other in status.index if other.kind == "labels"} - {legend.mask}
            objects = await self._map(picture, OBJECTS) if OBJECTS in others else None
            image = await self._image(picture, name, classes.pixels.shape)
        except (NotFound, PreviewFailed, PreviewPending) as error:
            return LeftOut(picture.frame_id, "frame", f"that cannot be drawn: {error}")
        self._target.exported.reduced += _unwritten(name, status, {legend.mask, OBJECTS})
        return Segmented(name, image, classes, objects)

    def _choose(self, legends: Sequence[IndexLegend]) -> IndexLegend | None:
        """Choose the mask to write: the one that is wanted, else the first that is of labels."""
        if self._wanted is not None:
            legends = [legend for legend in legends if legend.mask == self._wanted]
        of_labels = [legend for legend in legends if legend.kind == "labels"]
        return min(of_labels, key=lambda legend: _rank(legend.mask), default=None)

    async def _map(self, picture: Picture, mask_id: str) -> SegmentMap:
        drawn = await self._client.index_map(
            picture.version_id, picture.frame_id, mask_id, source=picture.source_id, size="full"
        )
        encoding = _mask(picture, mask_id).get("encoding") or self._encodings.get(mask_id)
        pixels = await asyncio.to_thread(read_index, drawn.body)
        return SegmentMap(mask_id, pixels, drawn.legend.entries, encoding == "panoptic")

    async def _image(self, picture: Picture, name: str, shape: tuple[int, ...]) -> Path:
        """Write the picture; one that readers would see turned, or not at all, as it is drawn."""
        place = self._target.image(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f".{place.name}.part")
        try:
            extension = picture.extension()
            if not (
                extension
                and await download_picture(self._client, picture, part)
                and await asyncio.to_thread(is_upright, part, shape)
            ):
                extension = ".png"
                await draw_picture(self._client, picture, part)
                why = "not as registered, but as drawn (PNG)"
                self._target.exported.reduced.append(LeftOut(name, "picture", why))
            image = place.with_name(place.name + extension)
            part.replace(image)
        finally:
            part.unlink(missing_ok=True)
        return image


def _rank(mask_id: str) -> int:
    return PREFERRED.index(mask_id) if mask_id in PREFERRED else len(PREFERRED) + (mask_id == OBJECTS)


def _mask(picture: Picture, mask_id: str) -> Mapping[str, Any]:
    masks = enumerate(picture.source.get("masks") or ())
    return next((mask for number, mask in masks if (mask.get("id") or numbered_id(number)) == mask_id), {})


def _why_none(legends: Sequence[IndexLegend], wanted: str | None) -> str:
    if not legends:
        return "without a mask"
    there = ", ".join(f"{legend.mask!r} of {legend.kind}" for legend in legends)
    return f"without a mask{'' if wanted is None else f' {wanted!r}'} of labels; its masks: {there}"


def _unwritten(name: str, status: PreviewStatus, written: set[str]) -> Iterator[LeftOut]:
    """Tell what does not get into the picture's one segmentation, as it is."""
    for legend in status.index:
        if legend.mask not in written:
            yield LeftOut(f"{name} ({legend.mask})", "mask", f"of {legend.kind}, beside the one that is written")
    for report in (status.report or {}).get("masks", ()):
        if report["id"] in written and any(one["code"] == "size_mismatch" for one in report.get("warnings", ())):
            yield LeftOut(f"{name} ({report['id']})", "mask", "stretched to the size of its picture")


class _Unsaid:
    """Counts what frames say besides pictures and masks."""

    def __init__(self) -> None:
        self._frames: Counter[str] = Counter()

    def count(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Look at some frames."""
        for document in documents:
            meta = document.get("meta")
            said = {
                "regions": document.get("rois"),
                "metadata": meta.keys() - {IMAGE_SETS} if isinstance(meta, Mapping) else meta,
                "context": document.get("context_id"),
                "grouped sources": len(document["sources"]) > 1,
            }
            self._frames.update(what for what, there in said.items() if there)

    def told(self) -> list[LeftOut]:
        """Tell it once for all frames."""
        counts = sorted(self._frames.items())
        return [LeftOut(f"{what} ({count:,})", "field", "of frames that the format lacks") for what, count in counts]
