"""Pictures of a version: rendered previews, and masks as index maps with their labels beside them."""

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from mattebox._batches import in_batches
from mattebox._parallel import in_parallel
from mattebox.aio import Client
from mattebox.answers import IndexLegend, Version
from mattebox.errors import NotFound, PreviewFailed, PreviewPending
from mattebox.exporters.names import Names, safe_path
from mattebox.exporters.outcome import Exported
from mattebox.importers.label_file import grey
from mattebox.importers.plan import LeftOut
from mattebox.models import MaskLabel, numbered_id

PREVIEWS, MASKS = "previews", "masks"
FILES = "files.csv"
LABELS = "labels.json"
PARALLEL_FRAMES = 4
SIZE: Literal["full"] = "full"
EIGHT_BITS = 8


class Drawn(NamedTuple):
    """A picture to write: the preview of a source where `mask` is None, else the index map of a mask."""

    frame: str
    source: str
    mask: str | None
    own_labels: bool
    name: str

    @property
    def file(self) -> str:
        """Where it goes, below the folder."""
        folder = PREVIEWS if self.mask is None else f"{MASKS}/{safe_path(self.mask)}"
        return f"{folder}/{self.name}.png"

    @property
    def label_file(self) -> str:
        """Where the labels of a mask go: beside those of its id, unless it brings its own."""
        return (
            self.file.removesuffix(".png") + f".{LABELS}"
            if self.own_labels
            else f"{MASKS}/{safe_path(str(self.mask))}/{LABELS}"
        )


async def export_pngs(client: Client, version: Version, folder: Path, on_frames: Callable[[int], None]) -> Exported:
    """Write previews and index maps in the size of their sources, and `files.csv`, which says what each is of.

    Raises:
        OSError: the folder cannot be written to.
    """
    (folder / PREVIEWS).mkdir(parents=True, exist_ok=True)
    names, exported = Names(), Exported()
    with (folder / FILES).open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target, lineterminator="\n")
        rows.writerow(("frame", "source", "mask", "file"))
        async for batch in in_batches(client.frames(version.id), PARALLEL_FRAMES):
            pictures = [picture for frame in batch for picture in _pictures(frame.document, names)]
            outcomes = await in_parallel([_write(client, version.id, folder, one) for one in pictures], "export")
            for picture, left in zip(pictures, outcomes, strict=True):
                if left:
                    exported.left_out.append(left)
                else:
                    rows.writerow((picture.frame, picture.source, picture.mask, picture.file))
                    exported.files += 1
            exported.frames += len(batch)
            on_frames(len(batch))
    return exported


def _pictures(document: Mapping[str, Any], names: Names) -> Iterator[Drawn]:
    for position, source in enumerate(document["sources"]):
        source_id = source.get("id") or numbered_id(position)
        name = names.name(document, source)
        yield Drawn(document["id"], source_id, None, False, name)
        for number, mask in enumerate(source.get("masks") or ()):
            mask_id = mask.get("id") or numbered_id(number)
            yield Drawn(document["id"], source_id, mask_id, bool(mask.get("labels")), name)


async def _write(client: Client, version_id: str, folder: Path, picture: Drawn) -> LeftOut | None:
    """Draw a picture and write it; give why there is none."""
    file = folder / picture.file
    try:
        if picture.mask is None:
            drawn = await client.preview(version_id, picture.frame, source=picture.source, size=SIZE, format="png")
            body = drawn.body
        else:
            index = await client.index_map(version_id, picture.frame, picture.mask, source=picture.source, size=SIZE)
            body = index.body
            if index.legend.kind == "labels":
                _write_labels(folder / picture.label_file, index.legend)
    except (NotFound, PreviewFailed, PreviewPending) as error:
        return LeftOut(picture.file, "picture", str(error))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return None


def _write_labels(file: Path, legend: IndexLegend) -> None:
    """Write what the pixels of an index map mean, as `mattebox import folder --labels` reads it."""
    value = grey if legend.bits == EIGHT_BITS else int
    entries = [MaskLabel(value(0), ["unlabelled"], ignore=True)]
    entries += [
        MaskLabel(value(entry.index), entry.labels, entry.color, entry.opacity, entry.ignore)
        for entry in legend.entries
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(entries)) + b"\n")
