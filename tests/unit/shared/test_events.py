"""Events and results on their way through Redis."""

from typing import get_args

import pytest

from mattebox.reasons import PREVIEW_STATES
from mattebox_runtime import codec
from mattebox_runtime.events import RenderResult, decode_result, encode

KEY = b"k" * 16


def packed(kind: str, state: str) -> bytes:
    """A result as another build might send it."""
    return codec.pack({"v": 1, "type": kind, "key": KEY, "seq": 7, "state": state})


def test_a_result_comes_back_as_it_was() -> None:
    """Through bytes, with and without a failure."""
    result = RenderResult("preview_rendered", KEY, 7, "ready", report=b"r", duration_ms=1.5, worker="w")
    assert decode_result(encode(result)) == result


@pytest.mark.parametrize("state", PREVIEW_STATES)
@pytest.mark.parametrize("kind", get_args(RenderResult.__annotations__["type"]))
def test_only_a_missing_table_leaves_a_preview_pending(kind: str, state: str) -> None:
    """Anything else would settle a job whose preview nobody draws any more."""
    if (kind == "table_missing") == (state == "pending"):
        assert decode_result(packed(kind, state)).state == state
    else:
        with pytest.raises(codec.CodecError, match="cannot leave its preview"):
            decode_result(packed(kind, state))


def test_fields_of_a_newer_build_are_ignored_and_its_version_is_not() -> None:
    """A field more is no harm; another version may mean anything."""
    fields = codec.unpack(packed("preview_rendered", "ready"))
    assert decode_result(codec.pack({**fields, "colour": "blue"})).seq == 7
    with pytest.raises(codec.CodecError, match="version 2"):
        decode_result(codec.pack({**fields, "v": 2}))
