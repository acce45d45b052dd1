"""Labels that regions give to values of masks."""

from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox import Frame, FrameGroup, Mask, MaskLabel, SingleFrame
from mattebox.frame_group import read_frame
from mattebox.region_labels import label_masks, without_region_labels

PERSON = {"value": [1, 1, 1], "labels": ["person", "sitting"]}


def labels_of(frame: SingleFrame | FrameGroup) -> list[list[Any] | None]:
    """Give the own labels of all masks of a frame, in order."""
    sources = frame.to_dict()["sources"]
    return [mask.get("labels") for source in sources for mask in source["masks"]]


def test_a_region_of_a_mask_labels_it() -> None:
    """By `add_annotation(mask_rgb=...)`; several regions of one value give it all their labels, once each."""
    frame = SingleFrame(source="a.png", masks_source=["m.png", "n.png"])
    frame.add_annotation(mask_rgb=(1, 1, 1), labels=["person"])
    frame.add_annotation(mask_rgb=(1, 1, 1), labels=["person", "sitting"])
    frame.add_annotation(poly2d_xy=[0, 0, 1, 1, 2, 0], labels=["car"])
    assert labels_of(frame) == [[PERSON], None]
    msgspec.convert(frame.to_dict(), Frame)


def test_labels_follow_their_annotations() -> None:
    """What is read back is what was given: without the annotation the mask has no labels."""
    frame = SingleFrame(source="a.png", mask_source=Mask("m.png", labels=[MaskLabel([2, 2, 2], ["cat"])]))
    frame.add_annotation(mask_rgb=(1, 1, 1), labels=["person", "sitting"])
    read = read_frame(frame.to_dict())
    assert isinstance(read, SingleFrame)
    assert read.to_dict() == frame.to_dict()
    read.remove_annotations()
    assert labels_of(read) == [[{"value": [2, 2, 2], "labels": ["cat"]}]]


def test_each_source_of_a_group_has_its_regions() -> None:
    """The first mask is "00", whatever it is called: ClearML's SDK knows no other name."""
    group = FrameGroup(
        left=SingleFrame(source="l.png", masks_source={"people": "m.png", "00": "n.png"}),
        right=SingleFrame(source="r.png", masks_source={"people": "o.png", "hair": "p.png"}),
    )
    for frame in group.values():
        frame.add_annotation(mask_rgb=[1, 1, 1], labels=["person", "sitting"])
    assert labels_of(group) == [None, [PERSON], [PERSON], None]
    assert labels_of(read_frame(group.to_dict())) == labels_of(group)


@pytest.mark.parametrize(
    "region",
    [
        {"mask": {"id": "00", "value": [1, 1, 1]}},
        {"mask": {"id": "00", "value": [1, 1, 1]}, "label": [""]},
        {"mask": {"id": "00", "value": [1, 256, 1]}, "label": ["x"]},
        {"mask": {"id": "00", "value": [1, 1.5, 1]}, "label": ["x"]},
        {"mask": {"id": "00", "value": [1, 1]}, "label": ["x"]},
        {"mask": {"id": "other", "value": [1, 1, 1]}, "label": ["x"]},
        {"mask": {"id": "00", "value": [1, 1, 1]}, "label": ["x"], "sources": ["another"]},
        {"mask": "00", "label": ["x"]},
        {"mask": {"id": "00", "value": [3, 3, 3]}, "label": ["x"]},
        {"mask": {"id": "00", "value": [2, 2, 2]}, "label": ["x"]},
        "region",
    ],
)
def test_what_no_mask_can_hold_changes_nothing(region: Any) -> None:
    """The frame is stored as it came; what a mask says of a value itself stays."""
    mask = {
        "id": "m",
        "uri": "m.png",
        "labels": [{"value": [2, 2, 2], "labels": ["cat"]}, {"value": 3, "labels": "dog"}],
    }
    document = {"sources": [{"id": "s", "uri": "a.png", "masks": [mask]}], "rois": [region]}
    before = deepcopy(document)
    assert not label_masks(document)
    assert document == before


@pytest.mark.parametrize(
    "odd", [{"labels": 7}, {"labels": "x"}, {"labels": {"a": 1}}, {"labels": [7]}, {"id": [1]}, {"id": {}}]
)
@pytest.mark.parametrize("owners", [7, "s", {"s": 1}, [[1]], None])
def test_what_is_no_frame_is_left_for_the_registry_to_refuse(odd: dict[str, Any], owners: Any) -> None:
    """Nothing ends with an error here."""
    region = {"mask": {"id": "00", "value": [1, 1, 1]}, "label": ["x"], "sources": owners}
    document = {
        "sources": [{"id": [0], "masks": [{"uri": 1} | odd]}],
        "rois": [region, {"mask": {"id": [], "value": []}}],
    }
    label_masks(document)
    assert document["rois"][0] == region


REGIONS = st.fixed_dictionaries(
    {"mask": st.fixed_dictionaries({"id": st.sampled_from(["00", "m"]), "value": st.tuples(*[st.integers(0, 2)] * 3)})},
    optional={"label": st.lists(st.sampled_from("abc"), max_size=2), "sources": st.sampled_from([[], ["s"], ["t"]])},
)


@given(st.lists(REGIONS, max_size=4))
def test_taking_labels_of_regions_out_undoes_putting_them_in(regions: list[dict[str, Any]]) -> None:
    """And putting them in twice is the same as once."""
    document = {
        "sources": [{"id": "s", "uri": "a.png", "masks": [{"id": "m", "uri": "m.png"}]}, {"uri": "b.png"}],
        "rois": regions,
    }
    labelled = deepcopy(document)
    label_masks(labelled)
    assert not label_masks(labelled)
    assert without_region_labels(labelled) == document
