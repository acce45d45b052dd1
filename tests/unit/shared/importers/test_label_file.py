"""Mask labels in files."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from mattebox.errors import InputError
from mattebox.importers.label_file import LabelFile, read_label_file
from mattebox.models import MaskLabel


def write(directory: Path, content: Any) -> Path:
    """Write a labels file."""
    file = directory / "labels.json"
    file.write_bytes(content if isinstance(content, bytes) else msgspec.json.encode(content))
    return file


ROAD = MaskLabel([7, 7, 7], ["road"])


@pytest.mark.parametrize(
    ("content", "lists"),
    [
        ([{"value": [7, 7, 7], "labels": ["road"]}], {"_all_": [ROAD]}),
        ({"mask_labels": [{"value": [7, 7, 7], "labels": ["road"]}]}, {"_all_": [ROAD]}),
        (
            {"_all_": [{"value": [7, 7, 7], "labels": ["road"]}], "gt": [{"value": 9, "labels": "x", "ignore": True}]},
            {"_all_": [ROAD], "gt": [MaskLabel(9, "x", ignore=True)]},
        ),
        ({"road": [7, 7, 7]}, {"_all_": [ROAD]}),
        ({"road": 7, "tree": 300}, {"_all_": [ROAD, MaskLabel(300, ["tree"])]}),
        ({"7": "road", "8": ["car", "vehicle"]}, {"_all_": [ROAD, MaskLabel([8, 8, 8], ["car", "vehicle"])]}),
        ({"road": [7, 7, 7], "street": [7, 7, 7]}, {"_all_": [MaskLabel([7, 7, 7], ["road", "street"])]}),
        ({"90": [1, 2, 3]}, {"_all_": [MaskLabel([1, 2, 3], ["90"])]}),
    ],
)
def test_labels_are_read_in_every_documented_form(tmp_path: Path, content: Any, lists: Any) -> None:
    """The API's own forms, and the two that people have."""
    assert read_label_file(write(tmp_path, content)).lists == lists


def test_entries_of_one_value_become_one_with_the_labels_of_all(tmp_path: Path) -> None:
    """Lists that people have name "ego vehicle" and "out of roi" both black; the first decides the look."""
    content = {
        "_all_": [
            {"value": [0, 0, 0], "labels": ["ego vehicle"], "color": "#102030"},
            {"value": 7, "labels": "pole"},
            {"value": [0, 0, 0], "labels": "out of roi"},
            {"value": [0, 0, 0], "labels": ["border", "ego vehicle"], "color": "#ffffff"},
        ],
        "gt": [{"value": 7, "labels": ["other mask"]}],
    }
    assert read_label_file(write(tmp_path, content)) == LabelFile(
        {
            "_all_": [
                MaskLabel([0, 0, 0], ["ego vehicle", "out of roi", "border"], color="#102030"),
                MaskLabel(7, "pole"),
            ],
            "gt": [MaskLabel(7, ["other mask"])],
        },
        merged=2,
        recolored=1,
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (7, "a list of"),
        ([], "no labels"),
        ({}, "no labels"),
        ({"_all_": []}, "no labels"),
        ([{"value": [7, 7, 7], "labels": ["road"]}, {"value": [7, 7, 700], "labels": []}], "entry 2: .*255"),
        ([{"value": [7, 7, 7]}], "entry 1: .*labels"),
        ({"gt": [{"labels": ["x"]}]}, "'gt': entry 1: .*value"),
        ({"road": [300, 0, 0]}, "'road': .*255"),
        ({"road": [1, 2]}, "'road': "),
        ({"road": "#ff0000"}, "'road' is not understood"),
        ({"road": None}, "'road' is not understood"),
        ({"7": True}, "'7' is not understood"),
    ],
)
def test_a_fault_names_the_entry(tmp_path: Path, content: Any, message: str) -> None:
    """Whoever wrote the file finds the place."""
    with pytest.raises(InputError, match=message):
        read_label_file(write(tmp_path, content))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The path is in the message."""
    with pytest.raises(InputError, match=r"absent\.json.*No such file"):
        read_label_file(tmp_path / "absent.json")
