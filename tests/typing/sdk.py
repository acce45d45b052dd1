"""What type checkers see of the SDK; read by `mypy tests`, never run."""

from collections.abc import Iterator
from typing import Any, assert_type

from PIL.Image import Image

from mattebox import Annotation, Dataset, DatasetVersion, DataView, FrameGroup, Mask, MaskLabel, SingleFrame
from mattebox.frame_batches import FailedFrame
from mattebox.frame_masks import MaskSources
from mattebox.pictures import PreviewBytes


def making(version: DatasetVersion) -> None:
    """Classes give themselves; both kinds of a call are one signature."""
    assert_type(DatasetVersion.create_version(dataset_name="a", version_name="b"), DatasetVersion)
    assert_type(DatasetVersion.create_new_dataset("a"), Dataset)
    assert_type(DatasetVersion.get_versions("a", only_draft=True), list[DatasetVersion])
    assert_type(Dataset.get("a").create_version("b"), DatasetVersion)
    assert_type(version.get_single_frame("f"), SingleFrame | FrameGroup)
    assert_type(DatasetVersion.get_single_frame("f", dataset_name="a"), SingleFrame | FrameGroup)
    assert_type(version.create_snapshot(publish_name="June"), DatasetVersion)
    version.get_single_frame(7)  # type: ignore[arg-type]
    DatasetVersion.get_single_frame("f", data_set="a")  # type: ignore[call-arg]


def describing(frame: SingleFrame, group: FrameGroup) -> None:
    """Masks are set in several forms and read in one."""
    frame.masks_source = {"a": "m.png", "b": Mask("n.png")}
    frame.masks_source = ["m.png"]
    assert_type(frame.masks_source, MaskSources)
    assert_type(frame.masks_source["a"], str)
    frame.mask_source = Mask("n.png", mode="alpha")
    assert_type(frame.mask_source, str | None)
    assert_type(frame.add_annotation(box2d_xywh=(1, 2, 3, 4), labels=["cat"]), list[Annotation])
    frame.add_annotation(box2d=(1, 2, 3, 4))  # type: ignore[call-arg]
    assert_type(group["left"], SingleFrame)
    group["right"] = "right.png"  # type: ignore[assignment]


def sending(version: DatasetVersion, frame: SingleFrame) -> None:
    """Any iterable of frames; labels in the forms people write."""
    assert_type(version.add_frames([frame]), list[FailedFrame])
    version.add_frames(frame for frame in version)
    version.add_frames([{"id": "a"}], upload_retries=3, refresh_version_stats=True)
    version.add_frames([frame], uplod_retries=3)  # type: ignore[call-arg]
    version.set_masks_labels({(0, 0, 0): ["background"], (1, 1, 1): ["person", "sitting"]})
    version.set_masks_labels({0: "background"})
    version.set_masks_labels([MaskLabel(1, ["cat"], color="#ff0000")])
    version.set_masks_labels({"_all_": {(0, 0, 0): ["background"]}, "people": {(1, 1, 1): ["person"]}})
    version.set_masks_labels(version.get_masks_labels())


def looking(version: DatasetVersion, frame: SingleFrame) -> None:
    """A preview is a picture or bytes, and both can be saved."""
    picture = frame.preview(mode="alpha", masks=["a"], opacity=0.5, size="full")
    assert_type(picture, Image | PreviewBytes)
    picture.save("p.png")
    frame.preview(mode="blend")  # type: ignore[arg-type]
    assert_type(frame.report().pixels(), dict[str, int])
    assert_type(version.wait_for_previews().ready, int)
    assert_type(iter(version), Iterator[SingleFrame | FrameGroup])
    assert_type(iter(DataView()), Iterator[SingleFrame | FrameGroup])
    assert_type(version.get_metadata(), dict[str, Any])
