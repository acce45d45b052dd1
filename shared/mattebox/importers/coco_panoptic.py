"""COCO panoptic: a JSON that says which category each segment of each mask is of."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct, ValidationError, convert, structs, to_builtins

from mattebox.errors import InputError
from mattebox.importers.files import CONTENT_TYPES
from mattebox.importers.label_colors import hex_color
from mattebox.importers.label_file import Merging
from mattebox.importers.layout import Layout
from mattebox.importers.places import Place
from mattebox.importers.plan import DatasetFile, Finding, ImportPlan, LeftOut, PlannedMask, PlannedPicture
from mattebox.importers.text_files import read_json
from mattebox.models import MaskLabel

MASK_ID = "panoptic"
CATEGORIES = "coco_categories"
"""Name of the categories in the version's metadata, which an export has to know: their ids, and which are things."""
VOID = MaskLabel(0, ["void"], ignore=True)


class Image(Struct, frozen=True):
    """A photo."""

    id: int | str
    file_name: str
    width: int | None = None
    height: int | None = None


class Segment(Struct, frozen=True):
    """An area of a mask; its id is r + 256 g + 65536 b."""

    id: int
    category_id: int


class Annotation(Struct, frozen=True):
    """A mask and its segments."""

    image_id: int | str
    file_name: str
    segments_info: list[Segment]


class Category(Struct, frozen=True, omit_defaults=True):
    """What a segment can be; some files give it a colour."""

    id: int
    name: str
    supercategory: str | None = None
    isthing: int | None = None
    """1 where objects are told apart, 0 for what has none, as sky."""
    color: tuple[int, int, int] | None = None


class Panoptic(Struct, frozen=True):
    """The JSON of a split."""

    images: list[Image]
    annotations: list[Annotation]
    categories: list[Category]


def plan_coco_panoptic(path: Place) -> ImportPlan:
    """Plan the import of a JSON file or of a folder with such files. Raises InputError."""
    root, files = _places(path)
    splits = [_Split(root, file) for file in files]
    frames = [frame for split in splits for frame in split.frames]
    left_out = [left for split in splits for left in split.left_out]
    if not frames:
        seen = f": {left_out[0]}" if left_out else ""
        raise InputError(f"No image of {', '.join(file.name for file in files)} has a mask{seen}.")
    categories = {category.id: category for split in splits for category in split.categories.values()}
    names = {category.name for split in splits for category in split.categories.values()}
    return ImportPlan(
        frames,
        len(frames),
        2 * len(frames),
        [
            Finding(sum(split.image_count for split in splits), "images", ", ".join(str(file) for file in files)),
            Finding(sum(split.mask_count for split in splits), "masks"),
            Finding(len(names), "categories", "each mask has its own labels, by its segments"),
        ],
        metadata={CATEGORIES: to_builtins(list(categories.values()))},
        left_out=left_out,
    )


def read_categories(kept: Any) -> list[Category]:
    """Read the categories that a version keeps; what is none of them is left out."""
    return [category for one in kept if (category := _category(one))] if isinstance(kept, list) else []


def _category(kept: Any) -> Category | None:
    try:
        return convert(kept, Category)
    except ValidationError:
        return None


def _places(path: Place) -> tuple[Place, list[Place]]:
    """Give the folder that frames are named below, and the JSON files."""
    if path.is_file():
        return (path.parent.parent if path.parent.name == "annotations" else path.parent), [path]
    files = sorted([*path.glob("panoptic*.json"), *path.glob("annotations/panoptic*.json")])
    if not files:
        raise InputError(
            f"{str(path)!r} does not look like COCO panoptic: it has no panoptic*.json, nor annotations/panoptic*.json."
        )
    return path, files


class _Split:
    """One JSON, with the folders that belong to it."""

    def __init__(self, root: Place, file: Place) -> None:
        content: Panoptic = read_json(file, Panoptic)
        split = file.stem.removeprefix("panoptic_").removesuffix("_examples")
        here = file.parent
        self._root = root
        self._masks = _existing("masks", file, [here / file.stem, root / file.stem, here / "masks", root / "masks"])
        self._images = _existing(
            "images", file, [root / split, root / "images" / split, root / "images", root / "input_images"]
        )
        self.categories = {category.id: category for category in content.categories}
        self.image_count = len(content.images)
        self.mask_count = len(content.annotations)
        self.left_out: list[LeftOut] = []
        self.frames: list[PlannedPicture] = []
        images = {image.id: image for image in content.images}
        for annotation in content.annotations:
            self._add(annotation, images.pop(annotation.image_id, None))
        self.left_out += [LeftOut(image.file_name, "image", "without a mask") for image in images.values()]

    def _add(self, annotation: Annotation, image: Image | None) -> None:
        if image is None:
            self.left_out.append(LeftOut(annotation.file_name, "mask", "without an image of its own"))
            return
        mask_file = self._file(self._masks, annotation.file_name, "mask")
        image_file = self._file(self._images, image.file_name, "image")
        if mask_file and image_file:
            mask = PlannedMask(MASK_ID, mask_file, encoding="panoptic", labels=self._labels(annotation))
            name = image_file.place.relative_to(self._root).as_posix()
            self.frames.append(PlannedPicture(name, image_file, (mask,), None, image.width, image.height))

    def _file(self, folder: Place, name: str, noun: str) -> DatasetFile | None:
        """Find a file that the JSON names; a name that leads out of its folder is not followed."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            fault = "outside of its folder"
        elif path.suffix.lower() not in CONTENT_TYPES:
            fault = f"with the unknown extension {path.suffix!r}"
        elif not (folder / path).is_file():
            fault = "not found"
        else:
            return DatasetFile(folder, str(path))
        self.left_out.append(LeftOut(name, noun, fault))
        return None

    def _labels(self, annotation: Annotation) -> list[MaskLabel]:
        segments = (self._label(segment) for segment in annotation.segments_info)
        return Merging().merge([structs.replace(VOID), *segments])

    def _label(self, segment: Segment) -> MaskLabel:
        category = self.categories.get(segment.category_id) or Category(0, f"category {segment.category_id}")
        return MaskLabel(segment.id, [category.name], hex_color(category.color) if category.color else None)


def _existing(what: str, file: Place, candidates: Sequence[Place]) -> Place:
    for folder in candidates:
        if folder.is_dir():
            return folder
    looked = ", ".join(str(folder) for folder in dict.fromkeys(candidates))
    raise InputError(f"The {what} of {file.name} are not there: looked for {looked}.")


COCO_PANOPTIC = Layout(
    "coco-panoptic",
    "COCO panoptic: the segments of each image become that mask's own labels.",
    "panoptic*.json, or the path of one",
    "coco",
    "annotations/panoptic_val2017.json with annotations/panoptic_val2017/x.png and val2017/x.jpg, and so for other "
    "splits; the folders may also be called masks and images, and the JSON may lie beside them. The JSON says which "
    "mask belongs to which image.",
    "The categories of the JSON; the value 0 is void and ignored. Each mask has labels of its own.",
    plan_coco_panoptic,
)
