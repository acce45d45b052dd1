"""Datasets in an object store: a real client of S3 against a bucket that is served over HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mattebox.errors import InputError
from mattebox.importers.ade20k import plan_ade20k
from mattebox.importers.camvid import plan_camvid
from mattebox.importers.cityscapes import plan_cityscapes
from mattebox.importers.clearml import plan_clearml
from mattebox.importers.coco_panoptic import plan_coco_panoptic
from mattebox.importers.folder import plan_folder_import
from mattebox.importers.frames_json import plan_frames_json
from mattebox.importers.places import Place, place_of
from mattebox.importers.plan import ImportPlan
from mattebox.importers.voc import plan_voc
from support import dataset_trees as trees
from support.bucket import served_bucket

BUCKET = "s3://datasets"


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that is the bucket `datasets`."""
    folder = tmp_path / "bucket"
    folder.mkdir()
    with served_bucket("datasets", folder) as endpoint:
        for name, value in {"ENDPOINT_URL": endpoint, "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b"}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        yield folder


def described(plan: ImportPlan, uri_of: Callable[[Any], str]) -> Any:
    """Give all that a plan says."""
    documents = [msgspec.json.decode(frame.describe(uri_of)) for frame in plan.frames]
    said = [documents, plan.labels, plan.metadata, plan.left_out, plan.notes, [one.count for one in plan.found]]
    return msgspec.to_builtins(said)


def folder_with_own_names(root: Path) -> Path:
    """Names that a URL would have to escape."""
    trees.picture(root / "images" / "a b%20" / "café #1.jpg")
    trees.grey_mask(root / "masks" / "a b%20" / "café #1_mask.png", 1)
    return root


def frames_file(root: Path) -> Path:
    """A frame a line."""
    frame = b'{"id": "one", "sources": [{"uri": "https://host/a.png"}]}\n'
    root.mkdir(parents=True)
    (root / "frames.ndjson").write_bytes(frame * 3)
    return root


@pytest.mark.parametrize(
    ("tree", "plan"),
    [
        (trees.camvid, plan_camvid),
        (trees.camvid_colors, plan_camvid),
        (trees.cityscapes, plan_cityscapes),
        (trees.voc, plan_voc),
        (trees.coco_panoptic, plan_coco_panoptic),
        (trees.coco_panoptic, lambda root: plan_coco_panoptic(root / "annotations" / "panoptic_val2017.json")),
        (trees.ade20k, plan_ade20k),
        (frames_file, plan_frames_json),
        (frames_file, plan_clearml),
        (folder_with_own_names, lambda root: plan_folder_import(root / "images", root / "masks", recursive=True)),
    ],
)
def test_a_dataset_is_the_same_wherever_it_lies(
    bucket: Path, tree: Callable[[Path], Path], plan: Callable[[Place], ImportPlan]
) -> None:
    """Pairs, labels, what is left out and why; keys go into URIs as they are."""
    local = plan(tree(bucket / "deep" / "set"))
    remote = plan(place_of(f"{BUCKET}/deep/set/"))
    expected = described(local, lambda file: f"{BUCKET}/{file.place.relative_to(bucket).as_posix()}")
    assert described(remote, lambda file: file.place.as_uri()) == expected


def test_what_cannot_be_listed_is_told(bucket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its URI, and in words."""
    with pytest.raises(InputError, match=r"'ftp://host/a' cannot be listed: give .* s3://BUCKET/PREFIX"):
        place_of("ftp://host/a")
    with pytest.raises(InputError, match="There is no folder 's3://datasets/none'"):
        plan_folder_import(place_of(f"{BUCKET}/none"), place_of(f"{BUCKET}/masks"))
    with pytest.raises(InputError, match="'s3://datasets/none' does not look like CamVid"):
        plan_camvid(place_of(f"{BUCKET}/none"))
    with pytest.raises(InputError, match="'s3://datasets/locked' cannot be looked at"):
        plan_coco_panoptic(place_of(f"{BUCKET}/locked"))
    with pytest.raises(InputError, match=r"'s3://other/' cannot be listed\. Are AWS_ACCESS_KEY_ID.* 404 Not Found"):
        plan_camvid(place_of("s3://other"))


def test_a_description_that_cannot_be_read_is_named(bucket: Path) -> None:
    """As one of this machine."""
    trees.camvid_colors(bucket)
    (bucket / "label_colors.txt").unlink()
    with pytest.raises(InputError, match=r"'s3://datasets/label_colors\.txt' cannot be read: No such file"):
        plan_camvid(place_of(BUCKET))
