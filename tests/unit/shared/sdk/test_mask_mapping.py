"""The mapping as it is read, changed, and set again."""

from typing import Any

import msgspec
import pytest

from mattebox.labels import mask_labels_document
from mattebox.mask_mapping import MaskMapping
from mattebox.models import MaskLabel

ROAD: dict[str, Any] = {"value": [3, 3, 3], "labels": ["road"], "color": "#00ff00", "seen": True}
VOID: dict[str, Any] = {"value": [0, 0, 0], "labels": ["void"], "ignore": True}
LEFT: dict[str, Any] = {"value": 3, "labels": ["left"], "opacity": 0.5}
OTHER: dict[str, Any] = {"value": [9, 9, 9], "labels": ["nine"]}
DECLARED = {"_all_": [ROAD, VOID], "hand": [LEFT], "other": [OTHER]}


def mapping(mask_id: str = "_all_") -> MaskMapping:
    """Read the mapping as `get_masks_labels` does: with the colours that it is painted in."""
    lists = msgspec.convert(DECLARED, dict[str, list[MaskLabel]])
    return MaskMapping(lists, mask_id, DECLARED)


@pytest.mark.parametrize("mask_id", ["_all_", "hand", "nowhere"])
def test_what_was_not_changed_is_set_as_it_was(mask_id: str) -> None:
    """Entries and lists, fields that are not known, and no colour that was only assigned."""
    assert mask_labels_document(mapping(mask_id)) == DECLARED


def test_labels_change_and_all_else_stays() -> None:
    """A value is renamed, one is taken out, one is new."""
    changed = mapping()
    changed[3, 3, 3] = ["street"]
    del changed[0, 0, 0]
    changed[1, 1, 1] = ["person"]
    changed[3, 3, 3].append("wet")
    assert mask_labels_document(changed) == DECLARED | {
        "_all_": [ROAD | {"labels": ["street", "wet"]}, {"value": [1, 1, 1], "labels": ["person"]}]
    }


def test_changes_are_made_to_the_list_of_the_mask_that_was_read() -> None:
    """New values go there; those of all masks change where they stand."""
    changed = mapping("hand")
    assert changed == {(3, 3, 3): ["road"], (0, 0, 0): ["void"], 3: ["left"]}
    changed |= {3: ["right"], (3, 3, 3): ["street"], 7: ["seven"]}
    assert mask_labels_document(changed) == {
        "_all_": [ROAD | {"labels": ["street"]}, VOID],
        "hand": [LEFT | {"labels": ["right"]}, {"value": 7, "labels": ["seven"]}],
        "other": [OTHER],
    }


def test_as_the_list_of_a_mask_it_is_what_the_dictionary_says() -> None:
    """And nothing of other masks."""
    assert mask_labels_document({"here": mapping("other")}) == {
        "here": [
            {"value": [3, 3, 3], "labels": ["road"]},
            {"value": [0, 0, 0], "labels": ["void"]},
            {"value": [9, 9, 9], "labels": ["nine"]},
        ]
    }
