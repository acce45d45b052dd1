"""A document that goes in comes out the same."""

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from mattebox_registry.rules.frames import json_from_msgpack, read_frame

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4),
    max_leaves=12,
)
KNOWN = {"id", "sources", "timestamp", "context_id", "preview"}
EXTRA = st.dictionaries(TEXT.filter(lambda name: name not in KNOWN), JSON, max_size=5)
IDS = TEXT.filter(lambda text: text and "\0" not in text)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    source = draw(EXTRA.map(lambda extra: {k: v for k, v in extra.items() if not is_read(k)}))
    return {**draw(EXTRA), "id": draw(IDS), "sources": [{**source, "uri": draw(IDS)}]}


def is_read(name: str) -> bool:
    return name in {"id", "content_type", "timestamp", "width", "height", "masks"}


@given(documents(), st.booleans())
def test_json_comes_back_byte_by_byte(document: dict[str, Any], ascii_only: bool) -> None:
    sent = json.dumps(document, ensure_ascii=ascii_only).encode()
    assert read_frame(sent).document == sent


@given(documents())
def test_msgpack_comes_back_as_the_json_that_says_the_same(document: dict[str, Any]) -> None:
    kept = read_frame(json_from_msgpack(msgspec.msgpack.encode(document))).document
    assert json.loads(kept) == document


@given(documents(), JSON)
def test_without_an_id_and_with_a_preview_everything_else_comes_back(document: dict[str, Any], preview: Any) -> None:
    del document["id"]
    checked = read_frame(json.dumps({**document, "preview": preview}).encode())
    assert json.loads(checked.document) == {**document, "id": checked.id}
