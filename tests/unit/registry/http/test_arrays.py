"""Arrays cut into their items, in one go or one by one."""

import json
import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox_registry.errors import InvalidInput
from mattebox_registry.http.arrays import split_json, split_msgpack

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
DENSE = [1] * 100


@given(st.lists(VALUES, max_size=5), st.booleans(), st.sampled_from([None, 1]))
def test_the_items_are_those_of_the_array(values: list[object], is_dense: bool, indent: int | None) -> None:
    items = values + DENSE if is_dense else values
    for body in (json.dumps(items, indent=indent), json.dumps({"x": DENSE if is_dense else 0, "frames": items})):
        assert [json.loads(bytes(item)) for item in split_json(body.encode())] == items
    many_fields = dict.fromkeys("abcdefghijklmnop") | {"frames": items}
    for document in (items, {"x": DENSE if is_dense else 0, "frames": items}, many_fields):
        packed = msgspec.msgpack.encode(document)
        assert [msgspec.msgpack.decode(bytes(item)) for item in split_msgpack(packed)] == items


def test_arrays_of_every_length_of_head_are_cut() -> None:
    for count in (0, 1, 15, 16, 65_535, 65_536):
        packed = msgspec.msgpack.encode([1] * count)
        assert sum(1 for _ in split_msgpack(packed)) == count


def test_an_empty_array_among_dense_values_has_no_items() -> None:
    assert list(split_json(b'{"x":[1,1,1,1,1,1,1,1],"frames":[ ]}')) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" + b"1," * 100 + b"]", "bad_json"),
        (b"[" + b"1," * 100 + b"1]]", "bad_json"),
        (b'{"frames":{"a":[' + b"1," * 100 + b"1]}}", "invalid_body"),
        (b'{"frame":[' + b"1," * 100 + b"1]}", "invalid_body"),
    ],
)
def test_a_fault_at_the_end_is_told_before_the_first_item(body: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        split_json(body)
    assert refused.value.code == code


@pytest.mark.parametrize("body", [b"\xdd\xff\xff\xff\xff\x01", b"\xdc\x00", b"\xdd", b"\x9f\x01", b"\x92\x01\x02\x03"])
def test_a_packed_array_that_is_not_whole_is_refused_at_once(body: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        split_msgpack(body)
    assert refused.value.code == "bad_msgpack"


@pytest.mark.parametrize("document", [{}, {"frame": []}, {"frames": {"a": 1}}, {"frames": 7}, 7, "frames", {7: []}])
def test_a_packed_value_without_frames_is_refused(document: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        split_msgpack(msgspec.msgpack.encode(document))
    assert refused.value.code == "invalid_body"


def test_a_dense_array_is_cut_in_little_memory() -> None:
    body = b"[" + b"1," * 200_000 + b"1]"
    tracemalloc.start()
    assert sum(1 for _ in split_json(body)) == 200_001
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(body)
