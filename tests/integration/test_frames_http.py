"""Single frames and pages of them over HTTP, on a real database."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from support.answers import call
from support.registry import Client, add_frames, add_version, frame, running_registry

STARTING_DOCUMENT = {
    "id": "<framegroup_id>",
    "timestamp": 0,
    "context_id": "car_1",
    "sources": [
        {
            "id": "<source_id>",
            "content_type": "<type>",
            "uri": "<image_uri>",
            "timestamp": 1234567889,
            "masks": [{"id": "<mask_id>", "content_type": "video/mp4", "uri": "<mask_uri>", "timestamp": 123456789}],
        }
    ],
}


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url, max_frame_bytes=4096, max_batch_bytes=1_000_000) as running:
        yield running


@pytest.fixture
async def version(client: Client) -> str:
    """An empty draft."""
    return await add_version(client)


def path(version: str, frame_id: str) -> str:
    return f"/versions/{version}/frames/{quote(frame_id, safe='')}"


async def test_a_document_comes_back_with_its_preview_last(client: Client, version: str) -> None:
    put = await call(client, "PUT", path(version, "<framegroup_id>"), json=STARTING_DOCUMENT)
    assert put.status == 201
    assert list(put.body) == [*STARTING_DOCUMENT, "preview"]
    got = await call(client, "GET", path(version, "<framegroup_id>"))
    preview = got.body.pop("preview")
    assert got.body == STARTING_DOCUMENT
    assert preview == {
        "state": "pending",
        "key": preview["key"],
        "url": f"/api/v1{path(version, '<framegroup_id>')}/preview",
    }


async def test_putting_a_frame_back_as_it_was_read_changes_nothing(client: Client, version: str) -> None:
    await add_frames(client, version, frame("f", "seg"))
    read = (await call(client, "GET", path(version, "f"))).body
    again = await call(client, "PUT", path(version, "f"), json=read)
    assert (again.status, again.body) == (200, read)


async def test_another_document_replaces_the_first(client: Client, version: str) -> None:
    await add_frames(client, version, frame("f", "seg"))
    before = (await call(client, "GET", path(version, "f"))).body["preview"]["key"]
    document = {"sources": [{"uri": "file:///other.jpg"}]}
    after = await call(client, "PUT", path(version, "f"), json=document)
    assert after.status == 200
    assert after.body["preview"]["key"] != before
    assert after.body["sources"] == document["sources"]
    assert (await call(client, "GET", f"/versions/{version}")).body["frame_count"] == 1


ODD_IDS = ["a/b", "a b", "%", "%2F", "{x}", "ü", "a?b#c", "a+b", "'\"<&>", "delete", "…/.."]


async def test_any_id_can_be_reached(client: Client, version: str) -> None:
    for frame_id in ODD_IDS:
        await add_frames(client, version, frame(frame_id))
        read = await call(client, "GET", path(version, frame_id))
        assert read.body["id"] == frame_id
        assert read.body["preview"]["url"] == f"/api/v1{path(version, frame_id)}/preview"
        assert (await call(client, "DELETE", path(version, frame_id))).status == 204
        assert (await call(client, "DELETE", path(version, frame_id))).verdict == (404, "not_found")


async def test_a_bad_frame_is_refused_naming_the_field(client: Client, version: str) -> None:
    refused = await call(client, "PUT", path(version, "f"), json={"sources": [{"uri": 3}]})
    assert refused.verdict == (400, "invalid_frame")
    assert refused.locs == ["sources[0].uri"]
    other = await call(client, "PUT", path(version, "f"), json={"id": "g", "sources": [{"uri": "x"}]})
    assert (other.verdict, other.locs) == ((400, "invalid_frame"), ["id"])


async def test_a_frame_that_is_too_large_is_refused(client: Client, version: str) -> None:
    document = frame("f") | {"filler": "x" * 5_000}
    assert (await call(client, "PUT", path(version, "f"), json=document)).verdict == (413, "body_too_large")


async def test_frames_of_an_undrawable_type_are_unsupported_from_the_start(client: Client, version: str) -> None:
    await add_frames(client, version, {"id": "scan", "sources": [{"uri": "s3://b/scan.pcd"}]})
    preview = (await call(client, "GET", path(version, "scan"))).body["preview"]
    assert (preview["state"], preview["error"]["code"]) == ("unsupported", "unsupported_type")


async def test_many_frames_are_deleted_in_one_call(client: Client, version: str) -> None:
    await add_frames(client, version, frame("a"), frame("b"), frame("c"))
    deleted = await call(client, "POST", f"/versions/{version}/frames/delete", json={"ids": ["a", "c", "nobody"]})
    assert deleted.body == {"deleted": 2}
    left = (await call(client, "GET", f"/versions/{version}/frames")).body["frames"]
    assert [f["id"] for f in left] == ["b"]


async def test_pages_hold_each_frame_once_in_order(client: Client, version: str) -> None:
    """By context, then timestamp, then id; documents without them come first."""
    places = [("b", 1, "1"), ("a", 2, "2"), ("a", 1.5, "3"), ("a", 2, "1b"), (None, None, "z"), ("", -1, "y")]
    frames = [
        frame(frame_id)
        | ({} if context is None else {"context_id": context})
        | ({} if timestamp is None else {"timestamp": timestamp})
        for context, timestamp, frame_id in places
    ]
    await add_frames(client, version, *frames)
    seen: list[str] = []
    query = "?limit=2"
    while query:
        page = (await call(client, "GET", f"/versions/{version}/frames{query}")).body
        seen += [f["id"] for f in page["frames"]]
        query = f"?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert seen == ["y", "z", "3", "1b", "2", "1"]
    of_a = (await call(client, "GET", f"/versions/{version}/frames?context_id=a&limit=3")).body
    assert [f["id"] for f in of_a["frames"]] == ["3", "1b", "2"]
    assert of_a["next_cursor"] is None


async def test_pages_can_be_of_one_state(client: Client, version: str) -> None:
    await add_frames(client, version, frame("f"), {"id": "scan", "sources": [{"uri": "s3://b/scan.pcd"}]})
    listed = (await call(client, "GET", f"/versions/{version}/frames?state=unsupported")).body["frames"]
    assert [f["id"] for f in listed] == ["scan"]


BAD_QUERIES = [
    ("limit=0", "bad_parameter"),
    ("limit=1001", "bad_parameter"),
    ("limit=ten", "bad_parameter"),
    ("limit=%D9%A3", "bad_parameter"),
    ("limit=1&limit=2", "bad_parameter"),
    ("state=done", "bad_parameter"),
    ("offset=10", "bad_parameter"),
    ("cursor=x", "bad_cursor"),
    ("cursor=WzFd", "bad_cursor"),
    ("cursor=%FF", "bad_cursor"),
]


async def test_a_query_that_is_not_understood_is_refused(client: Client, version: str) -> None:
    for query, code in BAD_QUERIES:
        assert (await call(client, "GET", f"/versions/{version}/frames?{query}")).verdict == (400, code), query


async def test_an_unknown_version_is_not_found(client: Client) -> None:
    for method, body in (("GET", None), ("DELETE", None), ("PUT", {"sources": [{"uri": "x"}]})):
        answer = await call(client, method, "/versions/nobody/frames/f", json=body)
        assert answer.verdict == (404, "not_found")
        assert answer.body["kind"] == "version"
