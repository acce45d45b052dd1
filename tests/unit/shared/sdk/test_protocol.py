"""Requests and answers, without a network."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox._protocol import (
    Answer,
    Repeat,
    Request,
    RetryPolicy,
    decipher,
    headers_of,
    may_repeat,
    path,
    retry_after_s,
    url_of,
)
from mattebox._requests import add_frames, preview
from mattebox.answers import Dataset
from mattebox.config import Connection
from mattebox.errors import (
    Forbidden,
    MatteboxError,
    NotFound,
    PreviewFailed,
    Problem,
    RateLimited,
    ServerUnavailable,
    Unauthorized,
    UnexpectedAnswer,
)
from mattebox.models import Frame, Source

HERE = Connection("http://127.0.0.1:8750", "secret")
GET_DATASET = Request("GET", path("datasets", "1"), Dataset)


def answer(status: int, body: Any = b"", **headers: str) -> Answer:
    """Build an answer; a body that is not bytes is sent as JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, body if isinstance(body, bytes) else msgspec.json.encode(body))


@given(st.text(min_size=1))
def test_an_id_is_one_segment_of_the_path_and_comes_back_unchanged(frame_id: str) -> None:
    """No id can lead to another path, whatever it holds."""
    try:
        frame_id.encode()
    except UnicodeEncodeError:
        return
    *base, segment = path("frames", frame_id).split("/")
    assert base == ["", "api", "v1", "frames"]
    assert unquote(segment) == frame_id
    assert segment not in {".", ".."}


def test_the_url_and_the_headers_are_complete() -> None:
    """Token, agent and query are put on by the protocol, not by each call."""
    request = preview("v 1", "a/b", {"masks": ["x", "y"], "size": 320}, wait_s=25.0)
    assert url_of(HERE, request) == (
        "http://127.0.0.1:8750/api/v1/versions/v%201/frames/a%2Fb/preview?masks=x%2Cy&size=320&wait=25"
    )
    headers = headers_of(HERE, request)
    assert headers["Authorization"] == "Bearer secret"
    assert headers["User-Agent"].startswith("mattebox/")
    assert headers["Accept"].startswith("image/")


def test_no_token_no_authorization() -> None:
    """An empty token is not sent."""
    assert "Authorization" not in headers_of(Connection("http://x"), GET_DATASET)


def test_the_token_is_not_shown_with_a_connection() -> None:
    """A connection that is logged gives nothing away."""
    assert "secret" not in repr(HERE)


def test_fields_of_a_newer_registry_are_ignored() -> None:
    """An older SDK reads the answers of a newer registry."""
    dataset = decipher(GET_DATASET, answer(200, {"id": "1", "name": "a", "invented_later": {"x": 1}}))
    assert (dataset.id, dataset.name) == ("1", "a")


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (401, Unauthorized, "MATTEBOX_TOKEN"),
        (403, Forbidden, "mattebox token create"),
        (404, NotFound, "There is no dataset"),
        (429, RateLimited, "There is no dataset"),
    ],
)
def test_a_refusal_says_what_to_do_next(status: int, kind: type[MatteboxError], advice: str) -> None:
    """Every refusal becomes its class, with the registry's detail and a way on."""
    with pytest.raises(kind, match=advice) as caught:
        decipher(GET_DATASET, answer(status, {"detail": "There is no dataset '1'.", "code": "x"}))
    assert "GET /api/v1/datasets/1" in caught.value.request  # type: ignore[attr-defined]  # all of these have it


def test_a_preview_that_cannot_be_drawn_is_told_apart_from_wrong_input() -> None:
    """422 means something else where a preview was asked for."""
    with pytest.raises(PreviewFailed) as caught:
        decipher(preview("v", "f", {}, wait_s=0), answer(422, {"code": "source_not_found"}))
    assert caught.value.code == "source_not_found"


@pytest.mark.parametrize(
    "other",
    [
        answer(200, b"<html>hello</html>"),
        answer(404, b"<html>nginx</html>"),
        answer(404, {"code": "no_such_path"}),
        answer(302),
        answer(200, [1]),
    ],
)
def test_whatever_is_no_registry_is_called_that(other: Answer) -> None:
    """A wrong URL or a proxy in between is named, not mistaken for an empty registry."""
    with pytest.raises(UnexpectedAnswer, match="MATTEBOX_URL"):
        decipher(GET_DATASET, other)


@pytest.mark.parametrize(("status", "refused"), [(502, False), (503, True), (504, False)])
def test_a_registry_that_is_overloaded_is_unavailable(status: int, refused: bool) -> None:
    """Only 503 promises that nothing was done."""
    with pytest.raises(ServerUnavailable) as caught:
        decipher(GET_DATASET, answer(status, {"detail": "busy"}, Retry_After="3"))
    assert (caught.value.refused, caught.value.retry_after_s, str(caught.value)) == (refused, 3.0, "busy")


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    """Both forms of RFC 9110 count; anything else is as if it were not there."""
    assert retry_after_s({"Retry-After": "7"}) == 7
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55 < (retry_after_s({"Retry-After": in_a_minute}) or 0) <= 60
    assert retry_after_s({"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}) == 0
    assert retry_after_s({"Retry-After": "soon"}) is None
    assert retry_after_s({}) is None


def unavailable(*, refused: bool, retry_after_s: float | None = None) -> ServerUnavailable:
    """Build the error of a registry that is away."""
    return ServerUnavailable("", request="", refused=refused, retry_after_s=retry_after_s)


@pytest.mark.parametrize(
    ("repeat", "error", "expected"),
    [
        ("always", unavailable(refused=False), True),
        ("always", unavailable(refused=True), True),
        ("if_refused", unavailable(refused=False), False),
        ("if_refused", unavailable(refused=True), True),
        ("if_refused", RateLimited(Problem(429), retry_after_s=1), True),
        ("always", RateLimited(Problem(429), retry_after_s=3600), False),
        ("always", unavailable(refused=True, retry_after_s=3600), False),
        ("always", NotFound(Problem(404)), False),
        ("always", ValueError(), False),
    ],
)
def test_only_what_is_safe_and_may_help_is_repeated(repeat: Repeat, error: Exception, expected: bool) -> None:
    """A request that may have had an effect is repeated only where twice is the same as once."""
    request = Request("POST", "/x", dict, repeat=repeat)
    assert may_repeat(request, error, RetryPolicy()) is expected


def test_frames_that_all_have_ids_may_be_sent_twice() -> None:
    """The second time they are known; a frame without an id would be doubled."""
    named = Frame(sources=[Source("http://a/b.png")], id="1")
    assert add_frames("v", [named, {"id": "2", "sources": []}]).repeat == "always"
    assert add_frames("v", [named, {"sources": []}]).repeat == "if_refused"
    assert add_frames("v", [named]).body == b'{"sources":[{"uri":"http://a/b.png"}],"id":"1"}\n'
