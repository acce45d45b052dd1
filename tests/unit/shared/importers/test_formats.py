"""Datasets in the formats that people have, read into plans."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from mattebox.errors import InputError
from mattebox.importers.ade20k import plan_ade20k
from mattebox.importers.camvid import plan_camvid
from mattebox.importers.cityscapes import plan_cityscapes
from mattebox.importers.coco_panoptic import plan_coco_panoptic
from mattebox.importers.formats import LAYOUTS
from mattebox.importers.plan import ImportPlan, LeftOut
from mattebox.importers.voc import plan_voc
from mattebox.models import Frame, MaskLabel
from support import dataset_trees as trees


def frames(plan: ImportPlan) -> list[Frame]:
    """Describe all frames, each file by its name."""
    described = [frame.describe(lambda file: f"blob:{file.place.name}") for frame in plan.frames]
    return [msgspec.json.decode(line, type=Frame) for line in described]


def masks(plan: ImportPlan) -> dict[str | None, dict[str | None, str]]:
    """Give the mask files by frame and mask id."""
    return {frame.id: {mask.id: mask.uri for mask in frame.sources[0].masks or []} for frame in frames(plan)}


def names(labels: list[MaskLabel]) -> dict[str, list[str]]:
    """Give the labels by value, ignored ones in brackets."""
    return {str(entry.value): [f"({name})" if entry.ignore else name for name in entry.labels] for entry in labels}


def test_camvid_of_segnets_tutorial_holds_class_numbers(tmp_path: Path) -> None:
    """train with trainannot; frames of one drive are a context."""
    plan = plan_camvid(trees.camvid(tmp_path))
    assert masks(plan) == {
        "train/0016E5_00390.png": {"classes": "blob:0016E5_00390.png"},
        "train/0016E5_00420.png": {"classes": "blob:0016E5_00420.png"},
    }
    assert {frame.context_id for frame in frames(plan)} == {"0016E5"}
    labels = names(plan.labels["_all_"])
    assert (len(labels), labels["[0, 0, 0]"], labels["[11, 11, 11]"]) == (12, ["Sky"], ["(Unlabelled)"])


def test_camvid_of_cambridge_holds_the_colours_of_its_file(tmp_path: Path) -> None:
    """x.png with x_L.png."""
    plan = plan_camvid(trees.camvid_colors(tmp_path))
    assert masks(plan) == {"701_StillsRaw_full/0001TP_006690.png": {"classes": "blob:0001TP_006690_L.png"}}
    assert names(plan.labels["_all_"]) == {
        "[64, 128, 64]": ["Animal"],
        "[192, 0, 128]": ["Archway"],
        "[0, 0, 0]": ["(Void)"],
    }


def test_camvid_of_fast_ai_names_its_numbers_in_codes_txt(tmp_path: Path) -> None:
    """x.png with x_P.png."""
    trees.picture(tmp_path / "images" / "0001TP_1.png")
    trees.grey_mask(tmp_path / "labels" / "0001TP_1_P.png", 0, 1)
    trees.text(tmp_path / "codes.txt", "Animal\nVoid\n")
    plan = plan_camvid(tmp_path)
    assert masks(plan) == {"images/0001TP_1.png": {"classes": "blob:0001TP_1_P.png"}}
    assert names(plan.labels["_all_"]) == {"[0, 0, 0]": ["Animal"], "[1, 1, 1]": ["(Void)"]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("64 128 64 Animal\n192 0 Archway", "label_colors.txt, line 2: '192 0 Archway' is not 'r g b name'"),
        ("# comment\n\n64 128 256 Animal", "label_colors.txt, line 3: '64 128 256' is not a colour"),
        ("64 128 -1 Animal", "line 1: '64 128 -1' is not a colour"),
        ("", "it holds no labels"),
    ],
)
def test_a_wrong_line_of_label_colors_is_named(tmp_path: Path, content: str, message: str) -> None:
    """By its number."""
    trees.text(trees.camvid_colors(tmp_path) / "label_colors.txt", content)
    with pytest.raises(InputError, match=message):
        plan_camvid(tmp_path)


def test_masks_in_colours_need_their_file(tmp_path: Path) -> None:
    """Nothing else tells what the colours mean."""
    (trees.camvid_colors(tmp_path) / "label_colors.txt").unlink()
    with pytest.raises(InputError, match=r"label_colors\.txt.*No such file"):
        plan_camvid(tmp_path)


def test_what_does_not_belong_is_left_out_with_the_reason(tmp_path: Path) -> None:
    """A missing mask, a missing image, an extension that nobody knows, a name that is there twice."""
    trees.camvid(tmp_path)
    (tmp_path / "trainannot" / "0016E5_00390.png").unlink()
    (tmp_path / "train" / "0016E5_00500.xyz").touch()
    trees.grey_mask(tmp_path / "trainannot" / "0016E5_00999.png", 1)
    trees.picture(tmp_path / "train" / "0016E5_00420.jpg")
    plan = plan_camvid(tmp_path)
    assert plan.left_out == [
        LeftOut("train/0016E5_00420.png", "image", "of the same name as 0016E5_00420.jpg"),
        LeftOut("train/0016E5_00500.xyz", "image", "with the unknown extension '.xyz'"),
        LeftOut("train/0016E5_00390.png", "image", "without a mask"),
        LeftOut("trainannot/0016E5_00999.png", "mask", "without an image"),
    ]
    assert plan.frame_count == 1


def test_cityscapes_pairs_by_city_sequence_and_frame(tmp_path: Path) -> None:
    """Fine and coarse annotations are masks of one frame; other files of gtFine are none."""
    plan = plan_cityscapes(trees.cityscapes(tmp_path))
    assert masks(plan) == {
        "leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png": {
            "gtFine": "blob:aachen_000000_000019_gtFine_labelIds.png"
        },
        "leftImg8bit/train/ulm/ulm_000001_000019_leftImg8bit.png": {
            "gtFine": "blob:ulm_000001_000019_gtFine_labelIds.png",
            "gtCoarse": "blob:ulm_000001_000019_gtCoarse_labelIds.png",
        },
    }
    assert [frame.context_id for frame in frames(plan)] == ["aachen", "ulm"]
    assert plan.left_out == []


def test_cityscapes_brings_its_published_classes(tmp_path: Path) -> None:
    """34 of the 35 can be in a mask; the category void is ignored."""
    plan = plan_cityscapes(trees.cityscapes(tmp_path))
    entries = {str(entry.value): entry for entry in plan.labels["_all_"]}
    assert len(entries) == 34
    assert entries["[26, 26, 26]"] == MaskLabel([26, 26, 26], ["car"], "#00008e")
    assert [value for value, entry in entries.items() if entry.ignore] == [f"[{n}, {n}, {n}]" for n in range(7)]


def test_voc_has_two_masks_of_an_image(tmp_path: Path) -> None:
    """Photos that no set for segmentation lists lack nothing."""
    plan = plan_voc(trees.voc(tmp_path))
    assert masks(plan) == {
        f"JPEGImages/{name}.jpg": {"class": f"blob:{name}.png", "object": f"blob:{name}.png"}
        for name in ("2011_000003", "2011_000006")
    }
    assert plan.left_out == []
    trees.text(tmp_path / "ImageSets" / "Segmentation" / "val.txt", "2011_000001\n")
    assert plan_voc(tmp_path).left_out == [LeftOut("JPEGImages/2011_000001.jpg", "image", "without a mask")]


def test_voc_means_different_things_by_the_same_colour(tmp_path: Path) -> None:
    """A class in one mask, the number of an object in the other; the border is ignored in both."""
    plan = plan_voc(trees.voc(tmp_path))
    classes, objects = names(plan.labels["class"]), names(plan.labels["object"])
    assert (len(classes), classes["[192, 128, 128]"], classes["[224, 224, 192]"]) == (22, ["person"], ["(border)"])
    assert (objects["[128, 0, 0]"], objects["[224, 224, 192]"]) == (["object 1"], ["(border)"])
    assert len(objects) == 255


def test_voc_of_annotation_tools_brings_its_label_map(tmp_path: Path) -> None:
    """A label without a colour has that of its place."""
    trees.text(trees.voc(tmp_path) / "labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\nlemur:::\n")
    plan = plan_voc(tmp_path)
    assert names(plan.labels["class"]) == {
        "[0, 0, 0]": ["background"],
        "[128, 0, 0]": ["lemur"],
        "[224, 224, 192]": ["(border)"],
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("background:0,0,0::\nlemur", "labelmap.txt, line 2: 'lemur' is not 'name:r,g,b"),
        ("background:0,0::", "labelmap.txt, line 1: '0 0' is not a colour"),
    ],
)
def test_a_wrong_line_of_a_label_map_is_named(tmp_path: Path, content: str, message: str) -> None:
    """By its number."""
    trees.text(trees.voc(tmp_path) / "labelmap.txt", content)
    with pytest.raises(InputError, match=message):
        plan_voc(tmp_path)


def test_the_years_of_a_devkit_are_one_dataset(tmp_path: Path) -> None:
    """Frames are told apart by their year."""
    trees.voc(tmp_path / "VOC2011")
    trees.voc(tmp_path / "VOC2012")
    assert plan_voc(tmp_path).frame_count == 4
    trees.text(tmp_path / "VOC2012" / "labelmap.txt", "lemur:1,2,3::")
    with pytest.raises(InputError, match="different labels"):
        plan_voc(tmp_path)


@pytest.mark.parametrize("given", [".", "annotations/panoptic_val2017.json"])
def test_the_segments_of_a_panoptic_mask_are_its_own_labels(tmp_path: Path, given: str) -> None:
    """By id, with the colour of the category where it has one; frames are the same however the JSON is found."""
    plan = plan_coco_panoptic(trees.coco_panoptic(tmp_path) / given)
    by_id = {frame.id: frame.sources[0] for frame in frames(plan)}
    assert set(by_id) == {"val2017/000000000001.jpg", "val2017/000000000002.jpg"}
    source = by_id["val2017/000000000001.jpg"]
    (mask,) = source.masks or []
    assert (mask.id, mask.encoding, mask.uri) == ("panoptic", "panoptic", "blob:000000000001.png")
    assert (source.width, source.height) == trees.SIZE
    assert mask.labels == [
        MaskLabel(0, ["void"], ignore=True),
        MaskLabel(3, ["zebra"]),
        MaskLabel(65536, ["grass"], "#98fb98"),
    ]
    assert (plan.labels, plan.left_out) == ({}, [])


def test_a_panoptic_dataset_may_lie_in_two_folders_beside_its_json(tmp_path: Path) -> None:
    """As in many small sets."""
    trees.coco_panoptic(tmp_path / "a")
    (tmp_path / "a" / "annotations" / "panoptic_val2017.json").rename(tmp_path / "a" / "panoptic.json")
    (tmp_path / "a" / "annotations" / "panoptic_val2017").rename(tmp_path / "a" / "masks")
    (tmp_path / "a" / "val2017").rename(tmp_path / "a" / "images")
    assert plan_coco_panoptic(tmp_path / "a").frame_count == 2


def test_what_a_panoptic_json_names_in_vain_is_left_out(tmp_path: Path) -> None:
    """A file that is not there, one of another kind, one that leads elsewhere, an image without a mask."""
    trees.coco_panoptic(tmp_path)
    changed = msgspec.json.decode(msgspec.json.encode(trees.PANOPTIC))
    changed["images"] += [{"id": n, "file_name": f"{n}.jpg"} for n in (3, 4, 5, 6)]
    changed["annotations"] += [
        {"image_id": image, "file_name": name, "segments_info": []}
        for image, name in ((3, "3.png"), (4, "../../4.png"), (5, "5.npy"), (9, "9.png"))
    ]
    for name in ("3", "4", "5"):
        trees.picture(tmp_path / "val2017" / f"{name}.jpg")
    trees.json(tmp_path / "annotations" / "panoptic_val2017.json", changed)
    plan = plan_coco_panoptic(tmp_path)
    assert plan.frame_count == 2
    assert plan.left_out == [
        LeftOut("3.png", "mask", "not found"),
        LeftOut("../../4.png", "mask", "outside of its folder"),
        LeftOut("5.npy", "mask", "with the unknown extension '.npy'"),
        LeftOut("9.png", "mask", "without an image of its own"),
        LeftOut("6.jpg", "image", "without a mask"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"images": [],\n"annotations": [}', r"panoptic_val2017\.json, line 2: this is not JSON"),
        ('{"images": [],\n"annotations": [\n', r"panoptic_val2017\.json, line 2: this is not JSON.*truncated"),
        ('{"images": [], "annotations": []}', "missing required field categories"),
        ('{"images": [{"id": 1}], "annotations": [], "categories": []}', r"file_name.*images"),
        ('{"images": [], "annotations": [], "categories": []}', "No image"),
    ],
)
def test_a_broken_panoptic_json_is_told_with_the_place(tmp_path: Path, content: str, message: str) -> None:
    """The line of what is no JSON, the field of what is none of COCO's."""
    trees.text(trees.coco_panoptic(tmp_path) / "annotations" / "panoptic_val2017.json", content)
    with pytest.raises(InputError, match=message):
        plan_coco_panoptic(tmp_path)


def test_a_panoptic_json_without_its_folders_is_refused(tmp_path: Path) -> None:
    """The message says where they were looked for."""
    trees.json(tmp_path / "panoptic_val2017.json", trees.PANOPTIC)
    with pytest.raises(InputError, match=r"The masks of panoptic_val2017\.json are not there: looked for .*/masks"):
        plan_coco_panoptic(tmp_path)


def test_ade20k_reads_its_table_of_classes(tmp_path: Path) -> None:
    """A class may have several names; the parts of the dataset are contexts."""
    plan = plan_ade20k(trees.ade20k(tmp_path))
    assert masks(plan) == {
        "images/training/ADE_train_00000001.jpg": {"classes": "blob:ADE_train_00000001.png"},
        "images/validation/ADE_val_00000001.jpg": {"classes": "blob:ADE_val_00000001.png"},
    }
    assert [frame.context_id for frame in frames(plan)] == ["training", "validation"]
    expected = {"[0, 0, 0]": ["(other)"], "[1, 1, 1]": ["wall"], "[2, 2, 2]": ["building", "edifice"]}
    assert names(plan.labels["_all_"]) == expected
    (tmp_path / "objectInfo150.txt").unlink()
    trees.text(
        tmp_path / "objectInfo150.csv", "Idx,Ratio,Train,Val,Stuff,Name\n1,.2,3,4,1,wall\n2,.1,5,6,1,building;edifice"
    )
    assert names(plan_ade20k(tmp_path).labels["_all_"]) == expected


@pytest.mark.parametrize("line", ["x\t0.1\tname", "0\t0.1\tname", "256\t0.1\tname", "7", "7\t0.1\t"])
def test_a_wrong_line_of_the_classes_of_ade20k_is_named(tmp_path: Path, line: str) -> None:
    """By its number."""
    trees.text(trees.ade20k(tmp_path) / "objectInfo150.txt", f"Idx\tRatio\tName\n1\t0.2\twall\n{line}\n")
    with pytest.raises(InputError, match=r"objectInfo150\.txt, line 3"):
        plan_ade20k(tmp_path)


def test_ade20k_without_its_table_is_refused(tmp_path: Path) -> None:
    """The message names the files."""
    (trees.ade20k(tmp_path) / "objectInfo150.txt").unlink()
    with pytest.raises(InputError, match=r"looked for objectInfo150\.csv, objectInfo150\.txt"):
        plan_ade20k(tmp_path)


@pytest.mark.parametrize("plan", [layout.plan for layout in LAYOUTS], ids=[layout.name for layout in LAYOUTS])
def test_a_folder_of_something_else_is_refused(tmp_path: Path, plan: Callable[[Path], ImportPlan]) -> None:
    """The message says what should be there."""
    trees.picture(tmp_path / "photos" / "a.jpg")
    with pytest.raises(InputError, match="does not look like"):
        plan(tmp_path)
    with pytest.raises(InputError):
        plan(tmp_path / "absent")


@pytest.mark.parametrize("plan", [layout.plan for layout in LAYOUTS], ids=[layout.name for layout in LAYOUTS])
def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path, plan: Callable[[Path], ImportPlan]) -> None:
    """Whatever is in it."""
    with pytest.raises(InputError):
        plan(trees.text(tmp_path / "file", "no dataset"))
