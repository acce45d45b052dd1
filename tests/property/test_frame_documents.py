"""A document that goes in comes out the same."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from mattebox_registry.rules.frames import json_from_msgpack, read_frame
from support.documents import DOCUMENTS, JSON
from support.registry import add_version, running_registry

NO_REDIS = "redis://127.0.0.1:1/0"


@given(DOCUMENTS, st.booleans())
def test_json_comes_back_byte_by_byte(document: dict[str, Any], ascii_only: bool) -> None:
    sent = json.dumps(document, ensure_ascii=ascii_only).encode()
    assert read_frame(sent).document == sent


@given(DOCUMENTS)
def test_msgpack_comes_back_as_the_json_that_says_the_same(document: dict[str, Any]) -> None:
    kept = read_frame(json_from_msgpack(msgspec.msgpack.encode(document))).document
    assert json.loads(kept) == document


@given(DOCUMENTS, JSON)
def test_without_an_id_and_with_a_preview_everything_else_comes_back(document: dict[str, Any], preview: Any) -> None:
    del document["id"]
    checked = read_frame(json.dumps({**document, "preview": preview}).encode())
    assert json.loads(checked.document) == {**document, "id": checked.id}


@settings(max_examples=5)
@given(st.lists(DOCUMENTS, max_size=20, unique_by=lambda document: document["id"]))
async def test_what_is_posted_is_what_is_listed(documents: list[dict[str, Any]]) -> None:
    """Through the whole registry, in both formats, with Redis down."""
    bodies = {
        "application/json": json.dumps(documents).encode(),
        "application/msgpack": msgspec.msgpack.encode(documents),
    }
    with TemporaryDirectory() as data:
        async with running_registry(Path(data), NO_REDIS) as client:
            path = f"/api/v1/versions/{await add_version(client)}/frames"
            for kind, body in bodies.items():
                async with client.post(path, data=body, headers={"Content-Type": kind}) as answer:
                    assert (await answer.json())["rejected"] == []
                async with client.get(path) as answer:
                    listed = (await answer.json())["frames"]
                for frame in listed:
                    del frame["preview"]
                assert sorted(listed, key=_id) == sorted(documents, key=_id)


def _id(document: dict[str, Any]) -> str:
    return str(document["id"])
