"""Versions written in the formats of segmentation datasets, and read again."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image

from mattebox.aio import Client
from mattebox.models import Frame, Mask, MaskLabel, Source
from support import dataset_trees as trees
from support.command_line import run
from support.live_stack import LiveRegistry


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands write what they left out to where they were started."""
    monkeypatch.chdir(tmp_path)


def imported(registry: LiveRegistry, command: str, folder: Path | str, dataset: str) -> str:
    """Import a folder; give the version's name as exports take it."""
    code, _, err = run(registry, "import", command, str(folder), "--dataset", dataset, "--json")
    assert code == 0, err
    return f"{dataset}/imported"


def exported(registry: LiveRegistry, version: str, format_name: str, *options: str) -> tuple[dict[str, Any], str]:
    """Export a version to `out`; give the summary and what was told."""
    code, out, err = run(registry, "export", version, "out", "--format", format_name, "--json", *options)
    assert code == 0, err
    summary: dict[str, Any] = msgspec.json.decode(out)
    return summary, err


async def documents(registry: LiveRegistry, version: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Give the frames of a version without their URIs, and its metadata."""
    dataset_name, _, name = version.rpartition("/")
    async with Client(registry.url, registry.token) as client:
        (dataset,) = [one async for one in client.datasets(name=dataset_name)]
        (found,) = [one async for one in client.versions(dataset.id, name=name)]
        frames = [frame.document async for frame in client.frames(found.id)]
    for source in (source for frame in frames for source in frame["sources"]):
        for place in (source, *source["masks"]):
            del place["uri"]
    return frames, found.metadata


async def added(registry: LiveRegistry, dataset_name: str, labels: list[MaskLabel], frames: list[Frame]) -> str:
    """Make a version of frames; give its id."""
    async with Client(registry.url, registry.token) as client:
        dataset = await client.create_dataset(dataset_name)
        version = await client.create_version(dataset.id, "v")
        await client.set_mask_labels(version.id, labels)
        await client.add_frames(version.id, frames)
        return version.id


def pixels(folder: Path) -> dict[str, Any]:
    """Read the masks below a folder as they are stored: indices of a palette, or colours."""
    return {file.relative_to(folder).as_posix(): samples(file) for file in folder.rglob("*.png")}


def samples(file: Path) -> Any:
    """Read a picture as it is stored."""
    with Image.open(file) as image:
        return np.asarray(image).tolist()


def test_voc_comes_back(registry: LiveRegistry, tmp_path: Path) -> None:
    """Frames with the lists that have them, labels, masks pixel by pixel, and photos byte by byte."""
    tree = trees.voc(tmp_path / "tree")
    version = imported(registry, "voc", tree, tmp_path.name)
    summary, told = exported(registry, version, "voc")
    assert (summary["frames"], summary["files"], summary["left_out"], summary["reduced"], told) == (2, 6, 0, 0, "")
    for folder in ("SegmentationClass", "SegmentationObject"):
        assert pixels(Path("out") / folder) == pixels(tree / folder)
        with Image.open(Path("out") / folder / "2011_000003.png") as mask:
            assert (mask.mode, (mask.getpalette() or [])[:6]) == ("P", [0, 0, 0, 128, 0, 0])
    photo = Path("JPEGImages/2011_000003.jpg")
    assert ("out" / photo).read_bytes() == (tree / photo).read_bytes()
    assert Path("out/ImageSets/Segmentation/val.txt").read_text() == "2011_000006\n"
    again = imported(registry, "voc", "out", f"{tmp_path.name} again")
    assert asyncio.run(documents(registry, again)) == asyncio.run(documents(registry, version))


def test_coco_panoptic_comes_back(registry: LiveRegistry, tmp_path: Path) -> None:
    """Frames, categories with their ids, masks with the ids of their segments; areas and boxes are counted."""
    tree = trees.coco_panoptic(tmp_path / "tree")
    version = imported(registry, "coco-panoptic", tree, tmp_path.name)
    summary, told = exported(registry, version, "coco-panoptic")
    assert (summary["frames"], summary["left_out"], summary["reduced"], told) == (2, 0, 0, "")
    masks = "annotations/panoptic_val2017"
    assert pixels(Path("out") / masks) == pixels(tree / masks)
    written = msgspec.json.decode(Path(f"out/{masks}.json").read_bytes())
    assert (written["images"], written["categories"]) == (trees.PANOPTIC["images"], trees.PANOPTIC["categories"])
    assert written["annotations"][0]["segments_info"] == [
        {"id": 3, "category_id": 24, "area": 12 * 16, "bbox": [0, 0, 12, 16], "iscrowd": 0},
        {"id": 65536, "category_id": 193, "area": 12 * 16, "bbox": [12, 0, 12, 16], "iscrowd": 0},
    ]
    again = imported(registry, "coco-panoptic", "out", f"{tmp_path.name} again")
    assert asyncio.run(documents(registry, again)) == asyncio.run(documents(registry, version))


def test_objects_of_voc_are_segments_of_coco_and_back(registry: LiveRegistry, tmp_path: Path) -> None:
    """A pair of class and object is a segment; a segment is a class and an object."""
    version = imported(registry, "voc", trees.voc(tmp_path / "tree"), tmp_path.name)
    exported(registry, version, "coco-panoptic")
    written = msgspec.json.decode(Path("out/annotations/panoptic_JPEGImages.json").read_bytes())
    names = {category["id"]: (category["name"], category["isthing"]) for category in written["categories"]}
    found = [(*names[one["category_id"]], one["area"]) for one in written["annotations"][0]["segments_info"]]
    assert found == [("background", 0, 8 * 16), ("person", 1, 8 * 16)]

    again = imported(registry, "coco-panoptic", "out", f"{tmp_path.name} again")
    Path("out").rename("coco")
    exported(registry, again, "voc")
    (row, *_) = pixels(Path("out/SegmentationClass"))["2011_000003.png"]
    assert row == [0] * 8 + [1] * 8 + [255] * 8
    (row, *_) = pixels(Path("out/SegmentationObject"))["2011_000003.png"]
    assert row == [0] * 8 + [2] * 8 + [255] * 8


def test_other_encodings_are_written_as_voc_has_them(registry: LiveRegistry, tmp_path: Path) -> None:
    """By label; what VOC cannot say is told, and listed in a file."""
    version = imported(registry, "cityscapes", trees.cityscapes(tmp_path / "tree"), tmp_path.name)
    summary, told = exported(registry, version, "voc", "--mask", "gtFine")
    classes = [line.partition(":")[0] for line in Path("out/labelmap.txt").read_text().splitlines()[1:]]
    name = "leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png"
    (row, *_) = pixels(Path("out/SegmentationClass"))[name]
    assert [classes[value] for value in row[8::8]] == ["road", "car"]
    assert set(row[:8]) == {255}
    assert "changed, 1 label ignored, now void (255) without a name: static" in told
    assert "changed, 1 mask of labels, beside the one that is written: leftImg8bit/train/ulm" in told
    assert "changed, 1 field of frames that the format lacks: context (2)" in told
    assert summary["reduced"] == 3
    assert Path("out/left-out.csv").read_text().count("\n") == 4


def test_what_cannot_be_written_is_left_out(registry: LiveRegistry, folder: Path) -> None:
    """A matte, a mask that is gone, a frame without one; a turned photo is written upright."""
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (24, 16), (9, 90, 9)).save(folder / "turned.jpg", exif=turned)
    trees.grey_mask(folder / "mask.png", 1, 2, 3)
    photo, mask = f"file://{folder}/turned.jpg", f"file://{folder}/mask.png"
    masks = {"whole": [Mask(mask)], "matte": [Mask(mask, mode="alpha")], "gone": [Mask(f"{mask}x")], "bare": []}
    frames = [Frame(id=name, sources=[Source(photo, masks=given)]) for name, given in masks.items()]
    labels = [MaskLabel(1, ["cat", "pet"]), MaskLabel(2, ["a:b"])]
    version = asyncio.run(added(registry, folder.name, labels, frames))
    code, out, told = run(registry, "export", version, "out", "--format", "voc")
    assert (code, out) == (1, "✗ out  4 frames, 2 files\n")
    assert "left out, 1 frame without a mask: bare" in told
    assert "left out, 1 frame without a mask of labels; its masks: '00' of opacity: matte" in told
    assert "gone" in Path("out/left-out.csv").read_text()
    assert "changed, 1 label of one value, now one name together: cat, pet" in told
    assert "changed, 1 mask with values that nothing declares, now void (255): turned_4 (00, 128 pixels)" in told
    assert "changed, 1 picture not as registered, but as drawn (PNG): turned_4" in told
    assert Path("out/labelmap.txt").read_text().splitlines()[2:] == ["cat, pet:128,0,0::", "a;b:0,128,0::"]
    with Image.open("out/JPEGImages/turned_4.png") as image:
        assert image.size == (16, 24)
    assert run(registry, "export", version, "none", "--format", "coco-panoptic", "--mask", "matte")[0] == 1
    assert [file.name for file in Path("none").iterdir()] == ["left-out.csv"]


def test_only_formats_of_one_mask_take_one(registry: LiveRegistry) -> None:
    """The others write all."""
    code, _, told = run(registry, "export", "x", "out", "--format", "pngs", "--mask", "a")
    assert (code, "--mask is for voc and coco-panoptic: pngs writes all masks." in told) == (2, True)
