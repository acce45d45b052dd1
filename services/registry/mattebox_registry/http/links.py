"""Where clients find a frame's preview: paths on this server, ids percent-encoded."""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

API = "/api/v1"


def preview_url(version_id: str, frame_id: str, query: Iterable[tuple[str, str]] = ()) -> str:
    """Give the path of a picture."""
    return _with_query(f"{_frame(version_id, frame_id)}/preview", query)


def status_url(version_id: str, frame_id: str, query: Iterable[tuple[str, str]] = ()) -> str:
    """Give the path that says how a picture stands."""
    return _with_query(f"{_frame(version_id, frame_id)}/preview/status", query)


def index_map_url(version_id: str, frame_id: str, query: Iterable[tuple[str, str]]) -> str:
    """Give the path of an index map."""
    return _with_query(f"{_frame(version_id, frame_id)}/preview/index", query)


def _frame(version_id: str, frame_id: str) -> str:
    return f"{API}/versions/{quote(version_id, safe='')}/frames/{quote(frame_id, safe='')}"


def _with_query(path: str, query: Iterable[tuple[str, str]]) -> str:
    encoded = urlencode(list(query), quote_via=quote)
    return f"{path}?{encoded}" if encoded else path
