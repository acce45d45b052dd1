"""Datasets in the formats that people have, imported into a running registry."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support import dataset_trees as trees
from support.command_line import run
from support.live_stack import LiveRegistry, live_stack


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRegistry]:
    """A registry with a renderer."""
    with live_stack(tmp_path_factory.mktemp("data"), file_roots=tmp_path_factory.mktemp("files")) as running:
        yield running


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
