"""Frame documents in files, read into plans."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from mattebox.errors import InputError
from mattebox.importers.bundle import uploads_of
from mattebox.importers.frames_json import plan_frames_json
from mattebox.importers.plan import ImportPlan
from support import dataset_trees as trees

DIGEST = "0" * 64
FRAME: dict[str, Any] = {
    "id": "one",
    "weather": "sunny",
    "sources": [{"uri": f"blob:{DIGEST}", "masks": [{"uri": "s3://bucket/mask.png"}]}],
}


def documents(plan: ImportPlan) -> list[Any]:
    """Give the documents as they are sent."""
    return [msgspec.json.decode(frame.describe(str)) for frame in plan.frames]


def test_an_export_is_read_with_its_metadata_and_uploads(tmp_path: Path) -> None:
    """An upload that did not come along is no file to send."""
    trees.json(tmp_path / "version.json", {"dataset": "d", "version": "v", "metadata": {"mask_labels": []}})
    trees.text(tmp_path / "frames.ndjson", msgspec.json.encode(FRAME).decode() + "\n\n" + '{"id": "two"}\n')
    trees.text(tmp_path / "blobs" / DIGEST, "bytes")
    plan = plan_frames_json(tmp_path)
    assert documents(plan) == documents(plan) == [FRAME, {"id": "two"}]
    assert (plan.frame_count, plan.file_count, plan.metadata) == (2, 1, {"mask_labels": []})
    assert [[file.place for file in frame.files()] for frame in plan.frames] == [[tmp_path / "blobs" / DIGEST], []]


@pytest.mark.parametrize("content", [[FRAME], {"frames": [FRAME]}])
def test_a_file_of_frames_is_read_alone(tmp_path: Path, content: Any) -> None:
    """A list, or the object that an API answers."""
    assert documents(plan_frames_json(trees.json(tmp_path / "frames.json", content))) == [FRAME]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("f.ndjson", '{"id": "a"}\n{"id": \n', r"f\.ndjson, line 2: this is not JSON"),
        ("f.ndjson", '{"id": "a"}\n[]\n', r"f\.ndjson, line 2: a frame is an object"),
        ("f.jsonl", '\n{"sources": []}\n', r"f\.jsonl, line 2: the frame has no id"),
        ("f.ndjson", "\n", "holds no frames"),
        ("f.json", '[\n{"id": "a"},\n{"id" "b"}]', r"f\.json, line 3: this is not JSON"),
        ("f.json", '[{"id": "a"}, {"id": 7}]', r"f\.json, frame number 1: the frame has no id"),
        ("f.json", '{"id": "a"}', "holds no frames"),
        ("f.json", "[]", "holds no frames"),
    ],
)
def test_a_broken_file_is_told_with_the_place(tmp_path: Path, name: str, content: str, message: str) -> None:
    """Before anything is sent."""
    with pytest.raises(InputError, match=message):
        plan_frames_json(trees.text(tmp_path / name, content))


def test_only_digests_name_uploads() -> None:
    """A document may say anything, and nothing of it becomes a path."""
    uris = [f"blob:{DIGEST}", "blob:../../etc/passwd", f"blob:{DIGEST}/x", 7, None, "s3://bucket/x"]
    assert uploads_of({"sources": [{"uri": uri} for uri in uris]}) == [DIGEST]
    assert uploads_of({"sources": "none"}) == uploads_of({}) == uploads_of({"sources": [{"masks": [3]}]}) == []
