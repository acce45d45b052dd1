"""Where frames stand in a list over HTTP, on a real database."""

from urllib.parse import quote

import pytest

from support.answers import call
from support.registry import Client, add_frames, add_version, frame


@pytest.fixture
async def version(client: Client) -> str:
    """A draft with 25 frames in two contexts, and two frames without one."""
    version = await add_version(client)
    drives = [frame(f"f{number:02d}", "seg") | {"context_id": f"drive {number // 15}"} for number in range(25)]
    await add_frames(client, version, *drives, frame("loose/1", "seg"), frame("marks", "seg"))
    return version


async def test_a_mark_is_the_cursor_of_a_page(client: Client, version: str) -> None:
    marks = (await call(client, "GET", f"/versions/{version}/frame-marks?every=10")).body
    assert (len(marks["marks"]), marks["rest"], marks["next_cursor"]) == (2, 7, None)
    page = (await call(client, "GET", f"/versions/{version}/frames?limit=10")).body
    assert page["next_cursor"] == marks["marks"][0]
    page = (await call(client, "GET", f"/versions/{version}/frames?limit=10&cursor={marks['marks'][1]}")).body
    assert [f["id"] for f in page["frames"]] == [f"f{number}" for number in range(18, 25)]


async def test_marks_come_in_pages_of_a_narrowed_list(client: Client, version: str) -> None:
    path = f"/versions/{version}/frame-marks?every=3&limit=2&context_id={quote('drive 1')}&state=pending"
    first = (await call(client, "GET", path)).body
    assert (len(first["marks"]), first["rest"]) == (2, None)
    second = (await call(client, "GET", f"{path}&cursor={first['next_cursor']}")).body
    assert (len(second["marks"]), second["rest"], second["next_cursor"]) == (1, 1, None)


async def test_a_rank_counts_the_frames_before(client: Client, version: str) -> None:
    path = f"/versions/{version}/frames/f20/rank"
    assert (await call(client, "GET", path)).body == {"rank": 22}
    assert (await call(client, "GET", f"{path}?context_id=drive%201")).body == {"rank": 5}
    assert (await call(client, "GET", f"/versions/{version}/frames/loose%2F1/rank")).body == {"rank": 0}
    assert (await call(client, "GET", f"/versions/{version}/frames/none/rank")).status == 404


async def test_neighbours_come_in_order(client: Client, version: str) -> None:
    path = f"/versions/{version}/frames/f01/neighbours?limit=2"
    found = (await call(client, "GET", path)).body
    assert [place["id"] for place in found["before"]] == ["marks", "f00"]
    assert found["frame"] == {"context_id": "drive 0", "timestamp": 0.0, "id": "f01"}
    assert [place["id"] for place in found["after"]] == ["f02", "f03"]
    assert (await call(client, "GET", f"/versions/{version}/frames/none/neighbours")).status == 404
    assert (await call(client, "GET", f"{path}&cursor=x")).status == 400


async def test_contexts_are_listed_with_their_frames(client: Client, version: str) -> None:
    path = f"/versions/{version}/contexts?limit=2"
    first = (await call(client, "GET", path)).body
    assert first["contexts"] == [{"id": "", "frame_count": 2}, {"id": "drive 0", "frame_count": 15}]
    second = (await call(client, "GET", f"{path}&cursor={first['next_cursor']}")).body
    assert second == {"contexts": [{"id": "drive 1", "frame_count": 10}], "next_cursor": None}
    assert (await call(client, "GET", f"/versions/{version}/contexts?state=failed")).body["contexts"] == []


@pytest.mark.parametrize("every", ["0", "10001", "-1", "x", "²"])
async def test_marks_at_no_distance_are_refused(client: Client, version: str, every: str) -> None:
    answer = await call(client, "GET", f"/versions/{version}/frame-marks?every={quote(every)}")
    assert (answer.status, answer.body["errors"][0]["loc"]) == (400, "every")
