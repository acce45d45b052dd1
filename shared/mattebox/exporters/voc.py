"""PASCAL VOC: class and object masks with the palette of VOC, lists of the images, and a label map."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mattebox.aio import Client
from mattebox.answers import IndexEntry, Version
from mattebox.errors import InputError
from mattebox.exporters.names import safe_path
from mattebox.exporters.outcome import Exported
from mattebox.exporters.pixels import present, write_palette_png
from mattebox.exporters.segments import (
    OBJECTS,
    Naming,
    Segmented,
    SegmentMap,
    export_segmented,
    name_of,
    tell_undeclared,
)
from mattebox.importers.label_colors import palette_color
from mattebox.importers.plan import LeftOut
from mattebox.importers.voc import BORDER, CLASSES, IMAGE_SETS, IMAGES, LABEL_MAP, MASKS, SETS

BACKGROUND = CLASSES[0]
DEFAULT_SET = "default"
VOID = f"void ({BORDER})"

_PALETTE = {palette_color(number): number for number in range(BORDER)}


async def export_voc(
    client: Client, version: Version, folder: Path, on_frames: Callable[[int], None], mask: str | None = None
) -> Exported:
    """Write a version as `mattebox import voc` takes it back; `mask` is the one that holds the classes.

    Raises:
        InputError: it has more classes than VOC can tell apart.
        OSError: the folder cannot be written to.
    """
    return await export_segmented(client, version, _Voc(folder), on_frames, mask)


class _Voc:
    below = IMAGES
    home = ""

    def __init__(self, folder: Path) -> None:
        self.exported = Exported()
        self._folder = folder
        self._naming = Naming(VOID, self.exported)
        self._numbers = {BACKGROUND: 0}
        self._sets: dict[str, list[str]] = defaultdict(list)

    def image(self, name: str) -> Path:
        return self._folder / IMAGES / name

    def begin(self, labels: Sequence[str]) -> None:
        for name in labels:
            self._number(name)

    def add(self, segmented: Segmented, document: Mapping[str, Any]) -> None:
        classes, objects = segmented.classes, segmented.objects
        if classes.mask == OBJECTS:
            self._write_objects(segmented.name, classes)
        else:
            self._write(segmented.name, "class", classes, self._class)
            if objects or classes.panoptic:
                self._write_objects(segmented.name, objects or classes)
        meta = document.get("meta")
        sets = meta.get(IMAGE_SETS) if isinstance(meta, dict) else None
        for listed in sets if isinstance(sets, list) and sets else [DEFAULT_SET]:
            self._sets[safe_path(str(listed)).replace("/", "_")].append(segmented.name)
        self.exported.files += 1

    def finish(self) -> None:
        rows = [":".join((name, ",".join(map(str, palette_color(n))), "", "")) for name, n in self._numbers.items()]
        _write_lines(self._folder / LABEL_MAP, ["# label:color_rgb:parts:actions", *rows])
        for name, images in self._sets.items():
            _write_lines(self._folder / SETS / f"{name}.txt", images)

    def _write_objects(self, name: str, objects: SegmentMap) -> None:
        numbers = object_numbers(objects)
        if numbers is None:
            why = f"of more objects than the {BORDER - 1} that VOC can tell apart"
            self.exported.left_out.append(LeftOut(name, "object mask", why))
        else:
            self._write(name, "object", objects, lambda entry: BORDER if entry.ignore else numbers.get(entry.index, 0))

    def _write(self, name: str, kind: str, mapped: SegmentMap, number_of: Callable[[IndexEntry], int]) -> None:
        tell_undeclared(name, mapped, VOID, self.exported)
        write_palette_png(self._folder / MASKS[kind] / f"{name}.png", mapped.numbered(number_of, BORDER))
        self.exported.files += 1

    def _class(self, entry: IndexEntry) -> int:
        name = self._naming.name(entry)
        return BORDER if name is None else self._number(name)

    def _number(self, name: str) -> int:
        if name.lower() == BACKGROUND:
            name = BACKGROUND
        if ":" in name:
            self._naming.tell(name, "with colons, now ';'")
            name = name.replace(":", ";")
        number = self._numbers.setdefault(name, len(self._numbers))
        if number == BORDER:
            raise InputError(f"VOC tells {BORDER - 1} classes apart, and this version has more: choose a --mask.")
        return number


def object_numbers(objects: SegmentMap) -> dict[int, int] | None:
    """Number the objects of a mask by their index: as its values do where they are VOC's, else from 1.

    None where there are too many of them.
    """
    there = [entry for number in present(objects.pixels) if (entry := objects.entry(number))]
    apart = [entry for entry in there if not entry.ignore and name_of(entry).lower() != BACKGROUND]
    own = [number for entry in apart if (number := _own_number(entry.value))]
    if len(set(own)) < len(apart):
        own = list(range(1, len(apart) + 1))
    if len(own) >= BORDER:
        return None
    return dict(zip((entry.index for entry in apart), own, strict=True))


def _own_number(value: Sequence[int] | int) -> int | None:
    if isinstance(value, int):
        return value if value < BORDER else None
    red, green, blue = value[:3]
    return _PALETTE.get((red, green, blue))


def _write_lines(file: Path, lines: Sequence[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    part.replace(file)
