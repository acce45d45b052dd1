"""Frames and groups as people build them, before anything is sent."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox import Annotation, Frame, FrameGroup, Mask, SingleFrame
from mattebox.errors import UsageError
from mattebox.frame_group import read_frame
from support.documents import IDS, JSON, TEXT


def test_a_frame_is_written_as_the_document_of_the_starting_page() -> None:
    """One source named "default"; what is not given is not there."""
    frame = SingleFrame(source="s3://bucket/a.png", mask_source="s3://bucket/m.png", id="f")
    assert frame.to_dict() == {
        "id": "f",
        "sources": [{"id": "default", "uri": "s3://bucket/a.png", "masks": [{"id": "00", "uri": "s3://bucket/m.png"}]}],
    }
    msgspec.convert(frame.to_dict(), Frame)


def test_masks_are_a_dictionary_that_can_be_changed() -> None:
    """In place, as a whole, with more than a URI, or the first alone."""
    frame = SingleFrame(source="a.png", masks_source={"car": "m.png"})
    frame.masks_source["soft"] = Mask("n.png", mode="alpha")
    frame.mask_source = Path("/data/car.png")
    assert dict(frame.masks_source) == {"car": "/data/car.png", "soft": "n.png"}
    assert frame.to_dict()["sources"][0]["masks"][1] == {"id": "soft", "uri": "n.png", "mode": "alpha"}
    del frame.masks_source["car"]
    assert (frame.mask_source, len(frame.masks_source)) == ("n.png", 1)
    frame.masks_source = None
    assert frame.mask_source is None
    frame.mask_source = {"uri": "m.png", "encoding": "index"}
    assert frame.masks_source == {"00": "m.png"}
    with pytest.raises(UsageError, match="mask_source"):
        frame.masks_source = "m.png"


def test_a_frame_is_named_by_its_source_and_moment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same wherever the program was started; another moment is another frame; a given id is kept."""
    monkeypatch.chdir(tmp_path)
    assert SingleFrame(source="a.png").id == SingleFrame(source=str(tmp_path / "a.png")).id
    assert SingleFrame(source="v.mp4", timestamp=40).id == SingleFrame(source="v.mp4", timestamp=40.0).id
    assert SingleFrame(source="v.mp4", timestamp=1_234_567).id != SingleFrame(source="v.mp4", timestamp=1_234_568).id
    assert len({SingleFrame(source="v.mp4", timestamp=t).id for t in (None, 0, 40)}) == 3
    assert SingleFrame(source="a.png", id=7).id == "7"
    nameless = SingleFrame()
    assert nameless.id == nameless.id != SingleFrame().id


def test_a_group_is_named_by_its_sources() -> None:
    """In whatever order they were added."""
    left, right = SingleFrame(source="l.png"), SingleFrame(source="r.png")
    assert FrameGroup(left=left, right=right).id == FrameGroup({"right": right}, left=left).id
    assert FrameGroup(left=left).id != FrameGroup(right=left).id
    empty = FrameGroup()
    assert empty.id == empty.id != FrameGroup().id
    assert FrameGroup(id="g", left=left).id == "g"


def test_a_group_holds_frames_and_nothing_else() -> None:
    """What is no frame, or none at all, is told when it is written."""
    group = FrameGroup()
    with pytest.raises(UsageError, match="needs frames"):
        group.to_dict()
    group["left"] = "a.png"  # type: ignore[assignment]  # what is tested
    with pytest.raises(UsageError, match="'left' of the group is no SingleFrame"):
        group.to_dict()
    with pytest.raises(UsageError, match="needs a source"):
        SingleFrame().to_dict()


def test_a_mask_that_is_a_video_shows_the_moment_of_its_source() -> None:
    """Unless it has one of its own; a picture has no moments."""
    frame = SingleFrame(
        source="v.mp4",
        timestamp=40,
        masks_source=[
            "https://x/m.mp4?sig=1",
            "m.png",
            Mask("n.mp4", timestamp=0),
            Mask("o", content_type="video/mp4"),
        ],
    )
    masks = frame.to_dict()["sources"][0]["masks"]
    assert [mask.get("timestamp") for mask in masks] == [40, None, 0, 40]


def test_only_files_of_this_machine_are_uploaded() -> None:
    """URIs of any scheme are left as they are."""
    frame = SingleFrame(
        source="a.png", masks_source=["/m.png", "file:///m.png", "blob:1", "s3://b/m.png", "https://x/m"]
    )
    assert frame.files() == ["a.png", "/m.png"]
    assert FrameGroup(left=frame, right=SingleFrame(source="b.png")).files() == ["a.png", "/m.png", "b.png"]


@pytest.mark.parametrize(
    ("shape", "numbers", "region"),
    [
        ("poly2d_xy", [(0, 0), (4, 0), (4, 4)], {"poly": [0, 0, 4, 0, 4, 4], "meta": {"_type": "p2d"}}),
        ("box2d_xywh", (10, 10, 30, 20), {"poly": [10, 10, 40, 10, 40, 30, 10, 30], "meta": {"_type": "b2d"}}),
        ("ellipse2d_xyrrt", [1, 2, 3, 4, 0.5], {"poly": [1, 2, 3, 4, 0.5], "meta": {"_type": "elp"}}),
        ("mask_rgb", (1, 1, 1), {"mask": {"id": "00", "value": [1, 1, 1]}, "meta": {"_type": "mask"}}),
    ],
)
def test_a_shape_becomes_a_region_and_is_read_again(shape: Any, numbers: Any, region: dict[str, Any]) -> None:
    """Flat numbers, the kind beside them."""
    frame = SingleFrame(source="a.png")
    (added,) = frame.add_annotation(labels=["tire"], **{shape: numbers})
    assert frame.to_dict()["rois"] == [{"label": ["tire"], "sources": ["default"], **region}]
    again = read_frame(frame.to_dict())
    assert isinstance(again, SingleFrame)
    assert [msgspec.structs.replace(a, other={}) for a in again.annotations] == [added]


def test_annotations_are_added_found_and_removed() -> None:
    """By position, id, label or all of the labels; several shapes at once share an id."""
    frame = SingleFrame(source="a.png", annotations=[Annotation(labels=["a"]), {"labels": "b", "confidence": 0.5}])
    frame.add_annotation(poly2d_xy=[0, 0, 1, 1], points2d_xy=[(2, 2)], labels=["car", "wet"], id="7")
    frame.add_annotation(frame_class=["outdoors"])
    assert [annotation.labels for annotation in frame.annotations] == [
        ["a"], ["b"], ["car", "wet"], ["car", "wet"], ["outdoors"],
    ]  # fmt: skip
    assert len(frame.get_annotations(id="7")) == 2
    assert frame.get_annotations(index=1)[0].confidence == 0.5
    assert len(frame.get_annotations()) == 5
    assert frame.remove_annotation(0).labels == ["a"]
    assert frame.remove_annotations(labels=["car"]) == []
    assert len(frame.remove_annotations(label="car", id="7")) == 2
    assert len(frame.remove_annotations()) == 2
    with pytest.raises(UsageError, match="poly2d_xy"):
        frame.add_annotation(box2d_xywh=[0, 0, 1, 1, 45])


ANYTHING = st.fixed_dictionaries(
    {"id": IDS, "sources": st.lists(st.builds(lambda extra, uri: {**extra, "uri": uri},
        st.dictionaries(TEXT.filter(lambda n: n not in {"id", "masks", "uri", "preview"}), JSON, max_size=3), IDS),
        min_size=1, max_size=3)},
    optional={"meta": JSON, "rois": JSON, "timestamp": JSON, "context_id": JSON, "weather": JSON},
)  # fmt: skip
"""Documents that the registry may hold: it looks into few of their fields."""


@given(ANYTHING)
def test_any_document_can_be_read_and_means_the_same_when_it_is_written_again(document: dict[str, Any]) -> None:
    """Fields that say nothing may go, sources and masks may get the ids that they have by position."""

    def meant(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: meant(v) for k, v in value.items() if v not in (None, [], {}) and (k, v) != ("id", "00")}
        return value

    written = read_frame(document).to_dict()
    kept = {name: meant(value) for name, value in document.items() if name not in ("sources", "rois")}
    again = {name: meant(value) for name, value in written.items() if name not in ("sources", "rois")}
    assert {k: v for k, v in again.items() if v not in (None, [], {})} == {
        k: v for k, v in kept.items() if v not in (None, [], {})
    }
    for before, after in zip(document["sources"], written["sources"], strict=True):
        for name, value in before.items():
            assert after.get(name) == value or value in (None, {}), name
