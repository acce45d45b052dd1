"""Folders, read into a plan."""

import os
from pathlib import Path

import msgspec
import pytest

from mattebox.errors import InputError
from mattebox.importers.files import find_media
from mattebox.importers.folder import plan_folder_import
from mattebox.importers.plan import ImportPlan, LeftOut
from mattebox.models import Frame, Mask, Source


def touch(folder: Path, *names: str) -> Path:
    """Make empty files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_only_visible_media_are_found(tmp_path: Path) -> None:
    """Hidden files, notes and subfolders do not count, unless these are asked for."""
    touch(tmp_path, "b.PNG", "a.jpg", "clip.mp4", "notes.txt", ".hidden.png", "._a.jpg", "sub/c.png", ".git/d.png")
    assert find_media(tmp_path, recursive=False) == ["a.jpg", "b.PNG", "clip.mp4"]
    assert find_media(tmp_path, recursive=True) == ["a.jpg", "b.PNG", "clip.mp4", "sub/c.png"]


def test_a_folder_of_masks_within_the_images_is_left_out(tmp_path: Path) -> None:
    """Masks are not images, wherever they lie."""
    touch(tmp_path, "a.png", "masks/a.png")
    assert find_media(tmp_path, recursive=True, without=tmp_path / "masks") == ["a.png"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    """A link to a folder is not followed; one to itself is a file that cannot be read."""
    touch(tmp_path, "a.png")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "itself.png").symlink_to(tmp_path / "itself.png")
    assert find_media(tmp_path, recursive=True) == ["a.png", "itself.png"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    """The message says which folder and why."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    with pytest.raises(InputError, match=r"closed.*Permission denied"):
        find_media(closed, recursive=False)


def plan(tmp_path: Path, labels: object = None, *, recursive: bool = False) -> ImportPlan:
    """Plan the import of `images` and `masks`."""
    file = tmp_path / "labels.json"
    if labels is not None:
        file.write_bytes(msgspec.json.encode(labels))
    return plan_folder_import(
        tmp_path / "images",
        tmp_path / "masks",
        labels=None if labels is None else file,
        mode="alpha",
        recursive=recursive,
    )


def test_a_pair_becomes_a_frame_that_is_known_by_its_path(tmp_path: Path) -> None:
    """Subfolders are contexts, types follow the extension, the mode is the one asked for."""
    touch(tmp_path, "images/s/a.jpg", "masks/s/a_hair.png", "masks/s/a_eyes.tif")
    planned = plan(tmp_path, recursive=True)
    assert planned.file_count == 3
    (frame,) = planned.frames
    assert msgspec.json.decode(frame.describe(lambda file: f"blob:{file.place.name}"), type=Frame) == Frame(
        id="s/a.jpg",
        context_id="s",
        sources=[
            Source(
                uri="blob:a.jpg",
                content_type="image/jpeg",
                masks=[
                    Mask(id="eyes", uri="blob:a_eyes.tif", content_type="image/tiff", mode="alpha"),
                    Mask(id="hair", uri="blob:a_hair.png", content_type="image/png", mode="alpha"),
                ],
            )
        ],
    )


def test_labels_belong_to_all_masks_to_a_mask_id_or_to_a_mask_file(tmp_path: Path) -> None:
    """What no mask answers to is told, not dropped in silence."""
    touch(tmp_path, "images/a.jpg", "masks/a.png", "masks/a_x.png")
    lists = {name: [{"value": 1, "labels": [name]}] for name in ("_all_", "x", "masks/a.png", "b.png", "typo")}
    planned = plan(tmp_path, lists)
    assert set(planned.labels) == {"_all_", "x"}
    assert planned.notes == ["no mask has these names, so their labels are not used: b.png, typo"]
    (frame,) = planned.frames
    described = msgspec.json.decode(frame.describe(lambda file: "blob:0"), type=Frame)
    assert {mask.id: bool(mask.labels) for mask in described.sources[0].masks or []} == {"00": True, "x": False}


def test_trimaps_are_no_mattes(tmp_path: Path) -> None:
    """They are read by labels, so that the mattes beside them are not applied together with them, and it is told."""
    images, masks = touch(tmp_path / "images", "lemur.png"), tmp_path / "masks"
    touch(masks, "lemur_alpha.png", "lemur_Trimap_fba.png")

    def modes(plan: ImportPlan) -> dict[str | None, str | None]:
        (frame,) = plan.frames
        described = msgspec.json.decode(frame.describe(lambda file: file.name), type=Frame)
        return {mask.id: mask.mode for mask in described.sources[0].masks or ()}

    plan = plan_folder_import(images, masks)
    assert modes(plan) == {"alpha": None, "Trimap_fba": "segmentation"}
    assert plan.notes[0].startswith("1 trimap:")
    forced = plan_folder_import(images, masks, mode="alpha")
    assert set(modes(forced).values()) == {"alpha"}
    assert forced.notes == []


def test_a_name_that_is_no_text_is_left_out(tmp_path: Path) -> None:
    """No document could hold it, and no table name it but by its numbers."""
    touch(tmp_path, "images/é.jpg", "masks/é.png", "images/b\udcff.jpg", "masks/b\udcff.png")
    planned = plan(tmp_path)
    assert [frame.id for frame in planned.frames] == ["é.jpg"]
    assert [str(left) for left in planned.left_out] == [
        r"image 'b\\udcff.jpg': with a name that is not UTF-8",
        r"mask 'b\\udcff.png': with a name that is not UTF-8",
    ]


def test_what_has_no_partner_is_left_out_with_the_reason(tmp_path: Path) -> None:
    """Images and masks alike, by their path."""
    touch(tmp_path, "images/a.jpg", "images/b.jpg", "masks/a.png", "masks/c.png")
    assert plan(tmp_path).left_out == [
        LeftOut("b.jpg", "image", "without a mask"),
        LeftOut("c.png", "mask", "without an image"),
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["masks/a.png"], "There is no folder '.*images'"),
        (["images", "masks/a.png"], "is not a folder"),
        (["images/.keep", "masks/a.png"], "no images in .*--recursive"),
        (["images/a.png", "masks/sub/a.png"], "no masks in .*--recursive"),
        (["images/cat.jpg", "masks/dog.png"], "None of the 1 images.*cat.jpg and dog.png"),
    ],
)
def test_what_cannot_be_imported_is_told_before_anything_is_sent(
    tmp_path: Path, files: list[str], message: str
) -> None:
    """Each message names the folder or the files, and what to do."""
    touch(tmp_path, *files)
    with pytest.raises(InputError, match=message):
        plan(tmp_path)


def test_one_folder_for_both_is_refused(tmp_path: Path) -> None:
    """Which file would be the mask could only be guessed."""
    touch(tmp_path, "a.jpg", "a.png")
    with pytest.raises(InputError, match="one folder"):
        plan_folder_import(tmp_path, tmp_path / ".")
