"""PASCAL VOC, and what annotation tools export in its form: class and object masks with a palette."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import structs

from mattebox.errors import InputError
from mattebox.importers.label_colors import color_of, hex_color, palette_color
from mattebox.importers.label_file import LabelLists, Merging
from mattebox.importers.layout import Layout
from mattebox.importers.places import Place
from mattebox.importers.plan import ImportPlan, PlannedPicture, Remade
from mattebox.importers.stems import Kind, Matched, join, match
from mattebox.importers.text_files import read_lines
from mattebox.models import MaskLabel

IMAGES = "JPEGImages"
MASKS = {"class": "SegmentationClass", "object": "SegmentationObject"}
SETS = "ImageSets/Segmentation"
LABEL_MAP = "labelmap.txt"
IMAGE_SETS = "image_sets"
"""Name of the lists that have an image, in the metadata of its frame."""

CLASSES = (
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
    "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
)  # fmt: skip
"""By palette index."""

BORDER = 255
OBJECTS = range(1, 254)
"""As many as an index map of 8 bits can tell apart, beside background and border; no photo of VOC has a fifth of it."""


def plan_voc(root: Place) -> ImportPlan:
    """Plan the import of a folder. Raises InputError."""
    bases = [path.parent for pattern in MASKS.values() for depth in ("", "*/") for path in root.glob(depth + pattern)]
    if not bases:
        raise InputError(
            f"{str(root)!r} does not look like PASCAL VOC: give the folder that holds JPEGImages and SegmentationClass."
        )
    bases = sorted(set(bases))
    lists = [_labels(base) for base in bases]
    if any(one != lists[0] for one in lists):
        raise InputError(f"The years below {str(root)!r} have different labels: import each into a version of its own.")
    origin = LABEL_MAP if (bases[0] / LABEL_MAP).is_file() else "the 20 classes of VOC"
    return join([_match(root, base) for base in bases]).plan(root, lists[0], origin)


def _match(root: Place, base: Place) -> Matched:
    masks = {mask_id: Kind(base / name) for mask_id, name in MASKS.items() if (base / name).is_dir()}
    sets: dict[str, list[str]] = defaultdict(list)
    for file in sorted((base / SETS).glob("*.txt")):
        for _, name in read_lines(file):
            sets[name].append(file.stem)
    images = Kind(base / IMAGES)
    # Most photos of VOC are of other tasks: they lack nothing where no set for segmentation lists them.
    matched = match(root, images, masks, _no_context, lambda key: not sets or key in sets)
    below = PurePosixPath((base / IMAGES).relative_to(root).as_posix())
    return matched._replace(frames=Remade(lambda: (_listed(frame, sets, below) for frame in matched.frames)))


def _listed(frame: PlannedPicture, sets: Mapping[str, list[str]], below: PurePosixPath) -> PlannedPicture:
    """Keep with a frame which lists have it."""
    lists = sets.get(PurePosixPath(frame.id).relative_to(below).with_suffix("").as_posix())
    return structs.replace(frame, meta={IMAGE_SETS: lists}) if lists else frame


def _no_context(image: str) -> None:
    del image


def _labels(base: Place) -> LabelLists:
    border = _entry("border", palette_color(BORDER), ignore=True)
    classes = [_background(), *(_entry(name, palette_color(index)) for index, name in enumerate(CLASSES[1:], start=1))]
    if (base / LABEL_MAP).is_file():
        classes = list(_label_map(base / LABEL_MAP))
    objects = [_entry(f"object {index}", palette_color(index)) for index in OBJECTS]
    return {
        "class": Merging().merge([*classes, *(() if _declares(classes, border) else (border,))]),
        "object": [_background(), *objects, border],
    }


def _label_map(file: Place) -> Iterator[MaskLabel]:
    """Read lines of `name:r,g,b:parts:actions`; a label without a colour has that of its place in the palette."""
    for index, (number, line) in enumerate(read_lines(file)):
        where = f"{file.name}, line {number}"
        name, *rest = line.split(":")
        if not name or not rest:
            raise InputError(f"{where}: {line!r} is not 'name:r,g,b:parts:actions', as in 'cat:64,0,0::'.")
        color = color_of(rest[0].split(","), where) if rest[0] else palette_color(index)
        yield _background() if (name, [*color]) == (CLASSES[0], [0, 0, 0]) else _entry(name, color)


def _declares(entries: list[MaskLabel], wanted: MaskLabel) -> bool:
    return any(entry.value == wanted.value for entry in entries)


def _background() -> MaskLabel:
    return MaskLabel([0, 0, 0], [CLASSES[0]], opacity=0)


def _entry(name: str, color: tuple[int, int, int] | list[int], *, ignore: bool = False) -> MaskLabel:
    return MaskLabel(list(color), [name], hex_color(color), ignore=ignore)


VOC = Layout(
    "voc",
    "PASCAL VOC, class and object masks; also as CVAT and labelme export it.",
    "JPEGImages and SegmentationClass, or years that do",
    "VOCdevkit/VOC2012",
    "JPEGImages/x.jpg with SegmentationClass/x.png and SegmentationObject/x.png; the ids of the masks are class and "
    "object. Where ImageSets/Segmentation lists images, others need no mask.",
    "labelmap.txt (lines of 'name:r,g,b:parts:actions') where there is one, else the 20 classes and the background in "
    "the colours of the VOC palette. The border (index 255) is ignored. Objects are numbered.",
    plan_voc,
)
