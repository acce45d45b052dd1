"""Frames of ClearML, read into plans."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from mattebox import FrameGroup, SingleFrame
from mattebox.errors import InputError
from mattebox.importers.clearml import plan_clearml
from mattebox.importers.plan import ImportPlan
from support import dataset_trees as trees

FRAME: dict[str, Any] = {
    "id": "a",
    "timestamp": 0,
    "context_id": "car_1",
    "rois": [{"label": ["car"], "poly": [1, 2, 3, 4]}],
    "sources": [
        {
            "id": "321",
            "uri": "https://example.org/troll.png",
            "masks": [{"id": "troll", "uri": "https://example.org/troll-alpha.png"}],
            "timestamp": 0,
        }
    ],
}
LABELS = [{"value": [1, 1, 1], "labels": ["person", "sitting"]}]


def documents(plan: ImportPlan) -> list[Any]:
    """Give the documents as they are sent."""
    return [msgspec.json.decode(frame.describe(str)) for frame in plan.frames]


@pytest.mark.parametrize(
    ("content", "labels"),
    [
        (FRAME, None),
        ([FRAME], None),
        ({"frames": [FRAME], "mask_labels": LABELS}, LABELS),
        ({"frames": [FRAME], "metadata": {"mask_labels": LABELS, "other": 1}}, LABELS),
        ({"meta": {"result_code": 200}, "data": {"frames": [FRAME]}}, None),
    ],
)
def test_frames_keep_all_their_fields(tmp_path: Path, content: Any, labels: Any) -> None:
    """However they are wrapped, and with the mask labels that came along."""
    plan = plan_clearml(trees.json(tmp_path / "frames.json", content))
    assert documents(plan) == [FRAME]
    assert plan.metadata == ({"mask_labels": labels} if labels else {})


def test_a_folder_of_files_is_read_in_order(tmp_path: Path) -> None:
    """A frame a line in some, lists in others; other files do not count."""
    trees.json(tmp_path / "2.json", [{**FRAME, "id": "c"}])
    trees.text(tmp_path / "1.ndjson", f"{msgspec.json.encode(FRAME).decode()}\n\n")
    trees.text(tmp_path / "notes.txt", "{")
    assert [frame.id for frame in plan_clearml(tmp_path).frames] == ["a", "c"]


def test_a_frame_without_an_id_is_named_as_the_sdk_names_it(tmp_path: Path) -> None:
    """By what it shows and when, so that a second import doubles nothing."""
    single = {"timestamp": 40, "sources": [{"uri": "s3://a/clip.mp4"}]}
    group = {"sources": [{"id": "left", "uri": "s3://a/l.png"}, {"id": "right", "uri": "s3://a/r.png"}]}
    plan = plan_clearml(trees.json(tmp_path / "frames.json", [single, group]))
    ids = [
        SingleFrame("s3://a/clip.mp4", timestamp=40).id,
        FrameGroup(left=SingleFrame("s3://a/l.png"), right=SingleFrame("s3://a/r.png")).id,
    ]
    assert documents(plan) == [{**single, "id": ids[0]}, {**group, "id": ids[1]}]


def test_regions_label_the_masks_that_they_are_of(tmp_path: Path) -> None:
    """Beside the regions, which stay."""
    frame = {**FRAME, "rois": [{"label": ["doll"], "mask": {"id": "troll", "value": [9, 9, 9]}, "sources": ["321"]}]}
    (document,) = documents(plan_clearml(trees.json(tmp_path / "frames.json", frame)))
    assert document["sources"][0]["masks"][0]["labels"] == [{"value": [9, 9, 9], "labels": ["doll"]}]
    assert document["rois"] == frame["rois"]


def test_what_is_no_frame_is_left_out(tmp_path: Path) -> None:
    """By file and number."""
    content = [FRAME, 7, {"id": "b"}, {"sources": []}, {"sources": [{"id": "x"}]}, {"sources": ["s3://a"]}]
    plan = plan_clearml(trees.json(tmp_path / "f.json", content))
    assert [left.what for left in plan.left_out] == [f"{tmp_path / 'f.json'}, frame number {n}" for n in range(1, 6)]
    assert plan.frame_count == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"sources": [\n{"id": "321"\n"uri": "x"}]}', r"f\.json, line 3: this is not JSON"),
        ("7", "does not look like frames of ClearML"),
        ('{"frames": 7}', "does not look like frames of ClearML"),
    ],
)
def test_a_broken_file_is_told_with_the_place(tmp_path: Path, content: str, message: str) -> None:
    """Before anything is sent."""
    with pytest.raises(InputError, match=message):
        plan_clearml(trees.text(tmp_path / "f.json", content))
