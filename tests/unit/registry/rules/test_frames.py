"""Frame documents, checked at the edge."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from mattebox_registry.rules.frames import FrameRefused, json_from_msgpack, read_frame


def refusal(document: bytes, **path: str) -> FrameRefused:
    with pytest.raises(FrameRefused) as caught:
        read_frame(document, **path)
    return caught.value


def faults(document: bytes) -> dict[str, str]:
    return {error.loc: error.message for error in refusal(document).errors}


def test_a_document_is_kept_byte_by_byte() -> None:
    document = b'{"id": "f",  "sources":[{"uri":"a", "x": 1e2}], "unknown": {"b" :[1 , 2.50]}}'
    checked = read_frame(b" " + document + b"\r\n")
    assert (checked.document, checked.id, checked.id_given) == (document, "f", True)


def test_a_frame_without_an_id_gets_one_and_keeps_the_rest_byte_by_byte() -> None:
    checked = read_frame(b'{"sources":[{"uri":"a"}], "x": [1 , 2.50]}')
    assert not checked.id_given
    assert json.loads(checked.document)["id"] == checked.id
    assert b"[1 , 2.50]" in checked.document


def test_assigned_ids_follow_the_order_of_arrival() -> None:
    ids = [read_frame(b'{"sources":[{"uri":"a"}]}').id for _ in range(100)]
    assert ids == sorted(set(ids))


def test_a_null_id_counts_as_none() -> None:
    checked = read_frame(b'{"id":null,"sources":[{"uri":"a"}]}')
    assert json.loads(checked.document)["id"] == checked.id


def test_a_preview_that_comes_back_is_dropped_at_the_top_level_alone() -> None:
    checked = read_frame(b'{"id":"f","sources":[{"uri":"a","preview":{"uri":"b"}}],"preview":{"state":"ready"}}')
    assert json.loads(checked.document) == {"id": "f", "sources": [{"uri": "a", "preview": {"uri": "b"}}]}


@pytest.mark.parametrize(
    ("document", "loc", "words"),
    [
        (b"{}", "sources", "required"),
        (b'{"sources":[]}', "sources", "length >= 1"),
        (b'{"sources":[{}]}', "sources[0].uri", "required"),
        (
            b'{"sources":[{"uri":"a","masks":[{"uri":"b"},{"uri":3}]}]}',
            "sources[0].masks[1].uri",
            "string, not integer",
        ),
        (
            b'{"sources":[{"uri":"a","masks":[{"uri":"b","mode":"x"}]}]}',
            "sources[0].masks[0].mode",
            "auto, segmentation",
        ),
        (
            b'{"sources":[{"uri":"a","masks":[{"uri":"b","encoding":"x"}]}]}',
            "sources[0].masks[0].encoding",
            "index, panoptic",
        ),
        (
            b'{"sources":[{"uri":"a","masks":[{"uri":"b","labels":[{"value":1,"labels":[" "]}]}]}]}',
            "sources[0].masks[0].labels[0].labels[0]",
            "not blank",
        ),
        (b'{"id":"\\ud800"}', "", "half a character"),
        (b'{"sources":[{"uri":"a"}],"x":"\\ud800 and much more"}', "", "half a character"),
        (b'{"sources":[{"uri":"a"}],"x":"\\udc00"}', "", "half a character"),
        (b'{"sources":[{"uri":"a', "", "truncated"),
        (b'{"sources":[{"uri":"a","masks":{"uri":"b"}}]}', "sources[0].masks", "array or null, not object"),
        (b'{"sources":[{"uri":""}]}', "sources[0].uri", "length >= 1"),
        (b'{"sources":[{"uri":"a"}],"id":7}', "id", "string or null, not integer"),
        (b'{"sources":[{"uri":"a"}],"id":""}', "id", "length >= 1"),
        (b'{"sources":[{"uri":"a"}],"timestamp":"<timestamp>"}', "timestamp", "number"),
        (b'{"sources":[{"uri":"a"}],"timestamp":1e300}', "timestamp", "<="),
        (b'{"sources":[{"uri":"a"}],"timestamp":9223372036854775808}', "timestamp", "<="),
        (b'{"sources":[{"uri":"a","width":-1}]}', "sources[0].width", ">= 0"),
        (b'{"sources":[{"uri":"a"}],"id":"a\\u0000b"}', "id", "NUL"),
        (b'{"sources":[{"uri":"a"}],"context_id":"\\u0000"}', "context_id", "NUL"),
        (b'{"sources":[{"uri":"a","masks":[{"uri":"b","id":"\\u0000"}]}]}', "sources[0].masks[0].id", "NUL"),
        (b'{"sources":[{"uri":"a","id":"s"},{"uri":"b","id":"s"}]}', "sources[1].id", "'s'"),
        (b'{"sources":[{"uri":"a","id":"01"},{"uri":"b"}]}', "sources[1].id", "'01'"),
        (b'{"sources":[{"uri":"a","masks":[{"uri":"b"},{"uri":"c","id":"00"}]}]}', "sources[0].masks[1].id", "'00'"),
        (
            b'{"sources":[{"uri":"a","masks":[{"uri":"b","labels":[{"value":7,"labels":"x"},{"value":[7,7,7],"labels":"y"}]}]}]}',
            "sources[0].masks[0].labels[1].value",
            "[0]",
        ),
        (
            b'{"sources":[{"uri":"a","masks":[{"uri":"b","labels":[{"value":[1,2,300],"labels":[]}]}]}]}',
            "sources[0].masks[0].labels[0].value[2]",
            "<= 255",
        ),
        (b"[]", "", "object, not array"),
        (b"", "", "JSON"),
        (b"{", "", "JSON"),
        (b'{"sources":[{"uri":"a"}]} {}', "", "(byte 27)"),
        (b'{"sources":[{"uri":"a"}],"x":NaN}', "", "JSON"),
        (b'{"sources":[{"uri":"a"}],"x":"\\ud800"}', "", "JSON"),
        (b'{"sources":[{"uri":"a"}],"x":"\xff"}', "", "UTF-8"),
        (b'{"sources":[{"uri":"\xff"}]}', "", "UTF-8"),
        (b'{"sources":[{"uri":"a"}],"x":' + b"[" * 100_000, "", "deeply"),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_to_do(document: bytes, loc: str, words: str) -> None:
    found = faults(document)
    assert loc in found
    assert words in found[loc]


def test_a_refused_frame_is_named_by_its_own_id_where_it_has_one() -> None:
    assert refusal(b'{"id":"f","sources":3}').id == "f"
    assert refusal(b'{"id":7,"sources":3}').id is None
    assert refusal(b"{").id is None


def test_the_same_mask_id_in_two_sources_is_no_contradiction() -> None:
    read_frame(b'{"sources":[{"uri":"a","masks":[{"uri":"b","id":"m"}]},{"uri":"c","masks":[{"uri":"d","id":"m"}]}]}')


def test_the_id_of_the_path_is_taken_and_must_agree() -> None:
    assert read_frame(b'{"sources":[{"uri":"a"}]}', frame_id="f").id == "f"
    assert read_frame(b'{"id":"f","sources":[{"uri":"a"}]}', frame_id="f").id == "f"
    assert refusal(b'{"id":"g","sources":[{"uri":"a"}]}', frame_id="f").errors[0].loc == "id"
    assert refusal(b'{"sources":[{"uri":"a"}]}', frame_id="f" * 513).errors[0].loc == "id"
    assert refusal(b'{"sources":[{"uri":"a"}]}', frame_id="\0").errors[0].loc == "id"


@pytest.mark.parametrize(
    "value",
    [
        {"x": b"binary"},
        {"x": float("nan")},
        {"x": float("inf")},
        {1: "integer key"},
        {"x": msgspec.msgpack.Ext(5, b"")},
        {"x": datetime(2024, 1, 1, tzinfo=UTC)},
    ],
)
def test_msgpack_that_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(FrameRefused):
        json_from_msgpack(msgspec.msgpack.encode(value))


def test_cut_off_msgpack_is_refused() -> None:
    with pytest.raises(FrameRefused):
        json_from_msgpack(b"\x82\xa1a")


@pytest.mark.parametrize("frame_id", [".", ".."])
def test_an_id_that_urls_take_for_a_folder_is_refused(frame_id: str) -> None:
    """By its document and by its path; three dots are an id like any other."""
    document = json.dumps({"id": frame_id, "sources": [{"uri": "a"}]}).encode()
    assert "Use another id" in faults(document)["id"]
    by_path = refusal(b'{"sources":[{"uri":"a"}]}', frame_id=frame_id)
    assert [error.loc for error in by_path.errors] == ["id"]
    assert read_frame(document.replace(frame_id.encode(), b"...")).id == "..."
