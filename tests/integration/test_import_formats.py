"""Datasets in the formats that people have, imported into a running registry."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from support import dataset_trees as trees
from support.command_line import run
from support.live_stack import LiveRegistry


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands write what they left out to where they were started."""
    monkeypatch.chdir(tmp_path)


def summary(out: str) -> dict[str, Any]:
    """Read what `--json` prints."""
    read: dict[str, Any] = msgspec.json.decode(out)
    return read


@pytest.mark.parametrize(
    ("command", "tree", "frames"),
    [
        ("camvid", trees.camvid, 2),
        ("camvid", trees.camvid_colors, 1),
        ("cityscapes", trees.cityscapes, 2),
        ("voc", trees.voc, 2),
        ("coco-panoptic", trees.coco_panoptic, 2),
        ("ade20k", trees.ade20k, 2),
    ],
)
def test_every_preview_is_drawn_and_a_second_run_doubles_nothing(
    registry: LiveRegistry, tmp_path: Path, command: str, tree: Callable[[Path], Path], frames: int
) -> None:
    """No value of a mask is without a label either."""
    arguments = ["import", command, str(tree(tmp_path / "tree")), "--dataset", tmp_path.name, "--json"]
    code, out, _ = run(registry, *arguments)
    first = summary(out)
    assert (code, first["created"], first["previews"]["ready"], first["failures"]) == (0, frames, frames, [])
    again = summary(run(registry, *arguments)[1])
    assert (again["created"], again["updated"], again["left_out"]) == (0, frames, 0)


def test_what_was_left_out_is_told_and_written_to_a_file(registry: LiveRegistry, tmp_path: Path) -> None:
    """The rest is imported; once everything is right, the file is gone."""
    mask = trees.camvid(tmp_path / "tree") / "trainannot" / "0016E5_00390.png"
    content = mask.read_bytes()
    mask.unlink()
    arguments = ["import", "camvid", str(tmp_path / "tree"), "--dataset", tmp_path.name, "--left-out", "rest.csv"]
    code, out, err = run(registry, *arguments)
    assert (code, "1 new" in out) == (0, True)
    assert "left out, 1 image without a mask: train/0016E5_00390.png" in err
    assert Path("rest.csv").read_text() == "what,noun,why\ntrain/0016E5_00390.png,image,without a mask\n"
    mask.write_bytes(content)
    assert run(registry, *arguments)[0] == 0
    assert not Path("rest.csv").exists()


def test_a_file_that_is_not_taken_costs_its_own_frame_alone(registry: LiveRegistry, tmp_path: Path) -> None:
    """An empty one, of which nothing can be drawn."""
    (trees.camvid(tmp_path / "tree") / "train" / "0016E5_00390.png").write_bytes(b"")
    code, out, err = run(registry, "import", "camvid", str(tmp_path / "tree"), "--dataset", tmp_path.name, "--json")
    assert (code, summary(out)["created"], summary(out)["left_out"]) == (1, 1, 1)
    assert "error: frame 'train/0016E5_00390.png': " in err
    assert "train/0016E5_00390.png,frame," in Path("mattebox-left-out.csv").read_text()


def test_an_export_is_taken_back_with_its_uploads(registry: LiveRegistry, tmp_path: Path) -> None:
    """A version is named by its id, or by names that may have slashes; a second run brings it up to date."""
    name = f"{tmp_path.name}/with a slash"
    made = run(registry, "import", "camvid", str(trees.camvid(tmp_path / "tree")), "--dataset", name, "--json")
    for version in (summary(made[1])["version_id"], f"{name}/imported"):
        code, out, _ = run(registry, "export", version, "out", "--format", "frames-json")
        assert (code, out) == (0, "✓ out  2 frames, 2 files\n")
    assert sorted(path.name for path in Path("out").iterdir()) == ["blobs", "frames.ndjson", "version.json"]
    code, out, _ = run(registry, "import", "frames-json", "out", "--dataset", f"{name} again", "--json")
    assert (code, summary(out)["created"], summary(out)["previews"]["ready"]) == (0, 2, 2)
    assert run(registry, "export", f"{name} again/imported", "again", "--format", "frames-json")[0] == 0
    assert Path("again/frames.ndjson").read_bytes() == Path("out/frames.ndjson").read_bytes()


def test_a_version_that_is_not_there_is_told(registry: LiveRegistry) -> None:
    """By id and by name; a folder that cannot be written, too."""
    assert "no version 'a/b'" in run(registry, "export", "a/b", "out", "--format", "frames-json")[2]
    assert run(registry, "export", "0" * 32, "out", "--format", "frames-json")[0] == 2


def test_pictures_are_exported_under_the_names_of_their_sources(registry: LiveRegistry, tmp_path: Path) -> None:
    """Previews and index maps of their size; a mask of what was exported is imported with its labels again."""
    name = tmp_path.name
    run(registry, "import", "voc", str(trees.voc(tmp_path / "tree")), "--dataset", name)
    code, out, _ = run(registry, "export", f"{name}/imported", "out", "--format", "pngs")
    assert (code, out) == (0, "✓ out  2 frames, 6 files\n")
    assert Path("out/files.csv").read_text().splitlines()[:3] == [
        "frame,source,mask,file",
        "JPEGImages/2011_000003.jpg,00,,previews/JPEGImages/2011_000003.png",
        "JPEGImages/2011_000003.jpg,00,class,masks/class/JPEGImages/2011_000003.png",
    ]
    with (
        Image.open("out/masks/class/JPEGImages/2011_000003.png") as index,
        Image.open("out/previews/JPEGImages/2011_000006.png") as preview,
    ):
        assert (index.mode, index.size, preview.size) == ("L", trees.SIZE, trees.SIZE)
        entries = msgspec.json.decode(Path("out/masks/class/labels.json").read_bytes())
        named = {entry["value"][0]: (entry["labels"], entry.get("ignore", False)) for entry in entries}
        assert [named[index.getpixel((x, 4))] for x in (4, 12, 20)] == [
            (["background"], False),
            (["person"], False),
            (["border"], True),
        ]
    folders = ["out/previews", "--masks", "out/masks/class", "--labels", "out/masks/class/labels.json", "--recursive"]
    code, out, _ = run(registry, "import", "folder", *folders, "--dataset", f"{name} again", "--json")
    assert (code, summary(out)["previews"]["ready"]) == (0, 2)


def test_masks_with_labels_of_their_own_are_exported_with_them(registry: LiveRegistry, tmp_path: Path) -> None:
    """A mask that cannot be read is left out, and told."""
    tree = trees.coco_panoptic(tmp_path / "tree")
    (tree / "annotations" / "panoptic_val2017" / "000000000002.png").write_bytes(b"no picture")
    run(registry, "import", "coco-panoptic", str(tree), "--dataset", tmp_path.name)
    code, out, _ = run(registry, "export", f"{tmp_path.name}/imported", "out", "--format", "pngs", "--json")
    assert (code, summary(out)["frames"], summary(out)["left_out"]) == (1, 2, 1)
    assert "masks/panoptic/val2017/000000000002.png,picture," in Path("out/left-out.csv").read_text()
    labels = msgspec.json.decode(Path("out/masks/panoptic/val2017/000000000001.labels.json").read_bytes())
    assert [entry["labels"] for entry in labels] == [["unlabelled"], ["void"], ["zebra"], ["grass"]]
