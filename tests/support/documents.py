"""Frame documents of any shape, for laws that hold for all of them."""

from typing import Any

from hypothesis import strategies as st

_READ_OF_FRAME = {"id", "sources", "timestamp", "context_id", "preview"}
_READ_OF_SOURCE = {"id", "uri", "content_type", "timestamp", "width", "height", "masks"}

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
IDS = TEXT.filter(lambda text: text and "\0" not in text)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4),
    max_leaves=12,
)


def _unknown(known: set[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(TEXT.filter(lambda name: name not in known), JSON, max_size=5)


def _document(extra: dict[str, Any], source: dict[str, Any], frame_id: str, uri: str) -> dict[str, Any]:
    return {**extra, "id": frame_id, "sources": [{**source, "uri": uri}]}


DOCUMENTS: st.SearchStrategy[dict[str, Any]] = st.builds(
    _document, _unknown(_READ_OF_FRAME), _unknown(_READ_OF_SOURCE), IDS, IDS
)
"""Documents with an id, one source, and any fields that nobody knows."""
