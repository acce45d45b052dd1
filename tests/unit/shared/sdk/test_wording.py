"""The forms in which labels and preview options are given."""

from typing import Any

import pytest

from mattebox.labels import MaskLabelsInput, mask_labels_document
from mattebox.models import MaskLabel
from mattebox.previews import PreviewOptions, query_of


@pytest.mark.parametrize(
    ("given", "document"),
    [
        (
            {(0, 0, 0): ["background"], (1, 1, 1): ["person", "sitting"], 300: "cat"},
            [
                {"value": [0, 0, 0], "labels": ["background"]},
                {"value": [1, 1, 1], "labels": ["person", "sitting"]},
                {"value": 300, "labels": ["cat"]},
            ],
        ),
        ([MaskLabel([1, 2, 3], ["a"])], [MaskLabel([1, 2, 3], ["a"])]),
        ({"_all_": [{"value": 1, "labels": ["a"]}]}, {"_all_": [{"value": 1, "labels": ["a"]}]}),
        ({}, {}),
    ],
)
def test_mask_labels_may_be_written_in_every_documented_form(given: MaskLabelsInput, document: Any) -> None:
    """By value, as a list of entries, and by mask id."""
    assert mask_labels_document(given) == document


@pytest.mark.parametrize("given", ["road", 7, None])
def test_anything_else_is_no_mapping(given: Any) -> None:
    """The mistake is told where it is made."""
    with pytest.raises(TypeError, match="mask labels are"):
        mask_labels_document(given)


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ({}, ()),
        ({"masks": []}, (("masks", ""),)),
        ({"masks": ["a", "b"], "hide": ["sky"]}, (("masks", "a,b"), ("hide", "sky"))),
        ({"masks": ["a,b", "c"], "hide": ["x\\y"]}, (("masks", "a\\,b,c"), ("hide", "x\\\\y"))),
        ({"mode": "alpha", "opacity": 0.5}, (("mode", "alpha"), ("opacity", "0.5"))),
        ({"mode": {"_all_": "alpha", "m": "segmentation"}}, (("mode", "alpha"), ("mode.m", "segmentation"))),
        ({"tint": {"m": "#ff0000"}, "size": "full"}, (("tint.m", "#ff0000"), ("size", "full"))),
    ],
)
def test_options_are_spelled_as_the_api_reads_them(options: PreviewOptions, query: Any) -> None:
    """One value for all masks, or one for each."""
    assert query_of(options) == query
