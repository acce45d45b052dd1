"""Names of exported files."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox.exporters.names import Names, safe_path

BLOB = "blob:" + "0" * 64


@pytest.mark.parametrize(
    ("frame", "source", "name"),
    [
        ({"id": "train/a.png"}, {"uri": BLOB}, "train/a"),
        ({"id": "x"}, {"uri": BLOB, "path": "drive/b.jpg"}, "drive/b"),
        ({"id": "x"}, {"uri": "s3://bucket/deep/c%20d.jpeg"}, "c d"),
        ({"id": "x"}, {"uri": "https://host/e.png?signature=f.g"}, "e"),
        ({"id": "x"}, {"uri": "s3://bucket/h.mp4", "timestamp": 400}, "h_400ms"),
        ({"id": "x", "timestamp": 1.5}, {"uri": BLOB, "content_type": "video/mp4"}, "x_1.5ms"),
        ({"id": "x", "timestamp": 7}, {"uri": "s3://bucket/i.png"}, "i"),
        ({"id": "moment.25"}, {"uri": BLOB}, "moment.25"),
        ({"id": "ö" * 300 + ".png"}, {"uri": BLOB}, "ö" * 98),
        ({"id": "../../etc/passwd"}, {"uri": BLOB}, "etc/passwd"),
        ({"id": "x"}, {"uri": BLOB, "path": "/abs/j.png"}, "abs/j"),
    ],
)
def test_a_picture_is_named_like_its_source(frame: dict[str, Any], source: dict[str, Any], name: str) -> None:
    """By its path, its URI, or the frame's id; moments of a video by their time too."""
    assert Names().name(frame, source) == name


def test_a_name_that_is_taken_is_numbered() -> None:
    """Whatever the extensions were."""
    names = Names()
    uris = ["s3://a/x.png", "s3://b/x.png", "s3://b/x.jpg"]
    assert [names.name({"id": "f"}, {"uri": uri}) for uri in uris] == ["x", "x_2", "x_3"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    """Nor is hidden, empty, or more than a file system takes."""
    parts = safe_path(name).split("/")
    assert parts
    assert all(part and not part.startswith(".") and len(part.encode()) <= 200 for part in parts)
    assert not any(letter in safe_path(name) for letter in "\0\n\\:")
