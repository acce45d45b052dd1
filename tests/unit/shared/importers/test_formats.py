"""Datasets in the formats that people have, read into plans."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mattebox.errors import InputError
from mattebox.importers.camvid import plan_camvid
from mattebox.importers.cityscapes import plan_cityscapes
from mattebox.importers.formats import LAYOUTS
from mattebox.importers.plan import ImportPlan, LeftOut
from mattebox.models import Frame, MaskLabel
from support import dataset_trees as trees


def frames(plan: ImportPlan) -> list[Frame]:
    """Describe all frames, each file by its name."""
    described = [frame.describe(lambda file: f"blob:{file.name}") for frame in plan.frames]
    return [frame for frame in described if isinstance(frame, Frame)]


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
