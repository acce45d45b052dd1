"""Frames of ClearML's SDK, as documents and back."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mattebox_registry.clearml.incoming import Uploads, to_document
from mattebox_registry.clearml.outgoing import to_frame
from mattebox_registry.records import Version
from mattebox_runtime.blobs import Blobs, open_blobs

ORIGIN = "http://here:8750"
VERSION = Version("v", "d", "n", "", "draft", None, 0, {}, 1, None, "", "", None)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """Uploads on the disk."""
    return open_blobs(tmp_path)


async def document_of(frame: bytes, blobs: Blobs) -> bytes:
    return await to_document(frame, Uploads(blobs, ORIGIN))


def frame_of(document: Any, projection: list[str] | None = None) -> dict[str, Any]:
    shown = to_frame(msgspec.json.encode(document), VERSION, ORIGIN, projection)
    assert shown.pop("dataset", None) in (None, {"id": "d", "version": "v"})
    return shown


async def test_what_needs_no_translation_keeps_its_bytes(blobs: Blobs) -> None:
    """For the rules to check, be it a frame or none."""
    for frame in (
        b'{"id": "a", "x": 1.50, "sources": [{"uri": "s3://b/k"}]}',
        b'{"sources": [1, {"uri": 2}], "masks": 3}',
        b'{"sources": {"uri": "/a"}}',
        b"[]",
        b'"x',
        b'{"a": "\xff"}',
        b"[" * 5_000,
    ):
        assert await document_of(frame, blobs) == frame


async def test_an_upload_becomes_a_blob_and_comes_back_under_its_url(blobs: Blobs) -> None:
    """Of sources and of masks; unknown fields stay. Where another host has the same path, that is its file."""
    await blobs.name("/files/a.png", "abc")
    for uri in (f"{ORIGIN}/files/b.png", "http://there:8750/files/a.png", "http://[/files/a.png", f"{ORIGIN}/a.png"):
        other = json.dumps({"sources": [{"uri": uri}]}).encode()
        assert await document_of(other, blobs) == other
    url = f"{ORIGIN}/files/a.png"
    frame = {"id": "a", "odd": [1], "sources": [{"uri": url, "odd": 1, "masks": [{"id": "00", "uri": url}]}]}
    document = json.loads(await document_of(json.dumps(frame).encode(), blobs))
    assert document["sources"][0]["uri"] == document["sources"][0]["masks"][0]["uri"] == "blob:abc"
    assert frame_of(document) == frame


async def test_masks_of_a_video_are_of_the_moment_of_its_frame(blobs: Blobs) -> None:
    """The SDK writes 0 for each mask; a moment that somebody gave stays."""
    masks = [{"uri": "m", "timestamp": 0}, {"uri": "n", "timestamp": 40}]
    for moment, left in ((80, [{"uri": "m", "timestamp": 80}, masks[1]]), (0, masks)):
        frame = {"sources": [{"uri": "s", "timestamp": moment, "masks": masks}]}
        document = json.loads(await document_of(json.dumps(frame).encode(), blobs))
        assert document["sources"][0]["masks"] == left


async def test_annotations_label_the_masks_that_they_are_of(blobs: Blobs) -> None:
    """`add_annotation(mask_rgb=...)` writes a region, by which the SDK's own page labels masks."""
    region = {"mask": {"id": "00", "value": [1, 1, 1]}, "label": ["person"], "sources": ["camera"]}
    frame = {"sources": [{"id": "camera", "uri": "s", "masks": [{"id": "00", "uri": "m"}]}], "rois": [region]}
    document = json.loads(await document_of(json.dumps(frame).encode(), blobs))
    assert document["sources"][0]["masks"][0]["labels"] == [{"value": [1, 1, 1], "labels": ["person"]}]
    assert document["rois"] == [region]


async def test_a_path_becomes_a_file_uri(blobs: Blobs) -> None:
    """Of whatever characters."""
    document = await document_of(b'{"sources": [{"uri": "/a b/\xc3\xa4#.png"}]}', blobs)
    assert json.loads(document) == {"sources": [{"uri": "file:///a%20b/%C3%A4%23.png"}]}


def test_uploads_of_others_are_found_under_their_digest() -> None:
    """For `get_local_source`, which reads no `blob:` URI."""
    assert frame_of({"sources": [{"uri": "blob:abc"}]}) == {"sources": [{"uri": f"{ORIGIN}/files/sha256/abc"}]}


def test_what_the_sdk_cannot_read_is_left_out() -> None:
    """One wrong field would make it lose the page, and ask for it again for ever."""
    document = {
        "id": "a",
        "timestamp": 33.4,
        "context_id": None,
        "blob": 5,
        "augmentation": [{}],
        "rois": [{"label": ["car", 1], "poly": [1, 2.5, "x"], "confidence": True, "mask": {"id": "m"}}, "roi"],
        "sources": [{"uri": "s", "width": 3.0, "height": "x", "preview": [], "masks": [1, {"id": "m", "uri": "m"}]}],
        "odd": {"timestamp": "kept"},
    }
    assert frame_of(document) == {
        "id": "a",
        "timestamp": 33,
        "context_id": None,
        "rois": [{"label": ["car"], "poly": [1, 2.5]}],
        "sources": [{"uri": "s", "width": 3, "masks": [{"id": "m", "uri": "m"}]}],
        "odd": {"timestamp": "kept"},
    }


@pytest.mark.parametrize(
    ("projection", "left"),
    [
        (["id"], {"id": "a"}),
        (["id", "meta.k", "sources.masks.id"], {"id": "a", "meta": {"k": 1}, "sources": [{"masks": [{"id": "m"}]}]}),
        (["sources", "sources.uri", "nothing.here"], {"sources": [{"uri": "s", "masks": [{"id": "m", "uri": "m"}]}]}),
    ],
)
def test_a_projection_keeps_what_lies_at_its_paths(projection: list[str], left: dict[str, Any]) -> None:
    """In lists, of each item."""
    document = {"id": "a", "meta": {"k": 1, "l": 2}, "sources": [{"uri": "s", "masks": [{"id": "m", "uri": "m"}]}]}
    assert frame_of(document, projection) == left
