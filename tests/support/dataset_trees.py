"""Small datasets in the formats that people have, written to a folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from mattebox.importers.label_colors import palette_color

SIZE = (24, 16)


def picture(file: Path) -> Path:
    """Write a photo."""
    return _saved(Image.new("RGB", SIZE, (90, 120, 150)), file)


def grey_mask(file: Path, *values: int) -> Path:
    """Write a mask of grey values, side by side."""
    image = Image.new("L", SIZE)
    _fill(values, image.paste)
    return _saved(image, file)


def color_mask(file: Path, *colors: tuple[int, int, int]) -> Path:
    """Write a mask of colours, side by side."""
    image = Image.new("RGB", SIZE)
    _fill(colors, image.paste)
    return _saved(image, file)


def palette_mask(file: Path, *indices: int) -> Path:
    """Write a mask with the palette of PASCAL VOC."""
    image = Image.new("P", SIZE)
    image.putpalette([channel for index in range(256) for channel in palette_color(index)])
    _fill(indices, image.paste)
    return _saved(image, file)


def text(file: Path, content: str) -> Path:
    """Write a text."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    return file


def camvid(root: Path) -> Path:
    """Two frames as SegNet's tutorial has them, grey."""
    for name in ("0016E5_00390", "0016E5_00420"):
        picture(root / "train" / f"{name}.png")
        grey_mask(root / "trainannot" / f"{name}.png", 0, 3, 11)
    return root


def camvid_colors(root: Path) -> Path:
    """A frame as Cambridge has it, in colours."""
    picture(root / "701_StillsRaw_full" / "0001TP_006690.png")
    color_mask(root / "LabeledApproved_full" / "0001TP_006690_L.png", (64, 128, 64), (0, 0, 0))
    text(root / "label_colors.txt", "64 128 64\tAnimal\n192 0 128\t\tArchway\n0 0 0\t\tVoid\n")
    return root


def cityscapes(root: Path) -> Path:
    """Two frames of two cities, one of them coarse too."""
    for city, frame in (("aachen", "aachen_000000_000019"), ("ulm", "ulm_000001_000019")):
        picture(root / "leftImg8bit" / "train" / city / f"{frame}_leftImg8bit.png")
        fine = root / "gtFine" / "train" / city
        grey_mask(fine / f"{frame}_gtFine_labelIds.png", 4, 7, 26)
        color_mask(fine / f"{frame}_gtFine_color.png", (128, 64, 128))
        text(fine / f"{frame}_gtFine_polygons.json", "{}")
    grey_mask(root / "gtCoarse" / "train" / "ulm" / "ulm_000001_000019_gtCoarse_labelIds.png", 7)
    return root


def voc(root: Path) -> Path:
    """Two photos with class and object masks, and one of another task."""
    for name in ("2011_000003", "2011_000006"):
        picture(root / "JPEGImages" / f"{name}.jpg")
        palette_mask(root / "SegmentationClass" / f"{name}.png", 0, 15, 255)
        palette_mask(root / "SegmentationObject" / f"{name}.png", 0, 1, 2)
    picture(root / "JPEGImages" / "2011_000001.jpg")
    text(root / "ImageSets" / "Segmentation" / "train.txt", "2011_000003\n")
    text(root / "ImageSets" / "Segmentation" / "val.txt", "2011_000006\n")
    return root


PANOPTIC = {
    "images": [
        {"id": 1, "file_name": "000000000001.jpg", "width": SIZE[0], "height": SIZE[1]},
        {"id": 2, "file_name": "000000000002.jpg", "width": SIZE[0], "height": SIZE[1]},
    ],
    "annotations": [
        {"image_id": 2, "file_name": "000000000002.png", "segments_info": [{"id": 257, "category_id": 24}]},
        {
            "image_id": 1,
            "file_name": "000000000001.png",
            "segments_info": [{"id": 3, "category_id": 24}, {"id": 65536, "category_id": 193}],
        },
    ],
    "categories": [{"id": 24, "name": "zebra"}, {"id": 193, "name": "grass", "color": [152, 251, 152]}],
}


def coco_panoptic(root: Path) -> Path:
    """Two photos; each mask has ids of its own."""
    masks = root / "annotations" / "panoptic_val2017"
    json(masks.with_suffix(".json"), PANOPTIC)
    for name, colors in (("000000000001", [(3, 0, 0), (0, 0, 1)]), ("000000000002", [(1, 1, 0), (0, 0, 0)])):
        picture(root / "val2017" / f"{name}.jpg")
        color_mask(masks / f"{name}.png", *colors)
    return root


def ade20k(root: Path) -> Path:
    """A photo of each part of the dataset."""
    for part, name in (("training", "ADE_train_00000001"), ("validation", "ADE_val_00000001")):
        picture(root / "images" / part / f"{name}.jpg")
        grey_mask(root / "annotations" / part / f"{name}.png", 0, 1, 2)
    text(
        root / "objectInfo150.txt",
        "Idx\tRatio\tTrain\tVal\tName\n1\t0.2\t3\t4\twall\n2\t0.1\t5\t6\tbuilding, edifice\n",
    )
    return root


def json(file: Path, content: object) -> Path:
    """Write JSON."""
    return text(file, msgspec.json.encode(content).decode())


def _saved(image: Image.Image, file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    image.save(file)
    return file


def _fill(values: tuple[Any, ...], paste: Callable[[Any, tuple[int, int, int, int]], None]) -> None:
    width = SIZE[0] // len(values)
    for position, value in enumerate(values):
        paste(value, (position * width, 0, (position + 1) * width, SIZE[1]))
