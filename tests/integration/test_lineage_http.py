"""Versions that inherit, through every path of the API that shows or changes frames."""

from typing import Any

import pytest

from support.answers import call
from support.event_stream import Event, following
from support.registry import LABELS, Client, HandRenderer, add_frames, add_version, frame, get, url
from support.wait import wait_until

OTHER_LABELS = [{"value": [255, 0, 0], "labels": ["road"], "color": "#00ff00"}]


@pytest.fixture
async def parent(client: Client) -> str:
    """A published version of two frames with masks and one without."""
    version = await add_version(client, LABELS)
    await add_frames(client, version, frame("a", "m"), frame("b", "m"), frame("plain"))
    await call(client, "POST", f"/versions/{version}/publish")
    return version


async def add_child(client: Client, parent: str, name: str = "child", **fields: Any) -> str:
    """Make a version that inherits."""
    dataset = (await call(client, "GET", f"/versions/{parent}")).body["dataset_id"]
    made = await call(
        client, "POST", f"/datasets/{dataset}/versions", json={"name": name, "parent_id": parent, **fields}
    )
    assert made.status == 201
    return str(made.body["id"])


async def listed(client: Client, version: str, query: str = "") -> dict[str, dict[str, Any]]:
    """The previews of a page by frame id."""
    page = (await call(client, "GET", f"/versions/{version}/frames{query}")).body
    return {shown["id"]: shown["preview"] for shown in page["frames"]}


async def until(client: Client, version: str, **counts: int) -> None:
    """Wait until so many previews of a version are in these states."""

    async def is_so() -> bool:
        found = (await call(client, "GET", f"/versions/{version}/previews")).body
        return bool(found | counts == found)

    await wait_until(is_so, description=f"previews: {counts}")


async def test_a_child_shares_frames_labels_and_previews(client: Client, renderer: HandRenderer, parent: str) -> None:
    """One picture is drawn for both, and each says where its frames come from."""
    child = await add_child(client, parent)
    version = (await call(client, "GET", f"/versions/{child}")).body
    assert (version["frame_count"], version["previews"]["pending"], version["parent_id"]) == (3, 3, parent)
    assert version["metadata"] == {"mask_labels": LABELS}
    assert (await call(client, "GET", f"/versions/{child}/mask-labels")).body == (
        await call(client, "GET", f"/versions/{parent}/mask-labels")
    ).body
    drawn = await renderer.draw(frame="a")
    assert drawn.version == parent
    await until(client, parent, ready=1)
    for shown in (parent, child):
        status, _, headers = await get(client, url(shown, "a"))
        assert (status, headers["ETag"]) == (200, f'"{drawn.key.hex()}"')
        assert await listed(client, shown, "?state=ready") == {
            "a": {
                "state": "ready",
                "key": drawn.key.hex(),
                "url": url(shown, "a"),
                **({"inherited_from": parent} if shown == child else {}),
            }
        }
        statuses = (
            await call(client, "POST", f"/versions/{shown}/previews/status", json={"frame_ids": ["a", "x"]})
        ).body
        assert (statuses["previews"]["a"]["state"], statuses["unknown"]) == ("ready", ["x"])
        assert (await call(client, "GET", f"/versions/{shown}/previews")).body["ready"] == 1
        assert (await call(client, "GET", f"/versions/{shown}/frames/a/preview/status")).body["state"] == "ready"
    refreshed = await call(client, "POST", f"/versions/{child}/frames/a/preview/refresh")
    assert (refreshed.status, refreshed.body["key"]) == (202, drawn.key.hex())
    assert (await listed(client, parent))["a"]["state"] == "pending"
    await renderer.draw(frame="a", state="partial", force=True)
    await until(client, child, partial=1)
    assert (await listed(client, parent))["a"]["state"] == (await listed(client, child))["a"]["state"] == "partial"


async def test_changes_of_a_child_stay_there(client: Client, parent: str) -> None:
    """Put, add, delete one, delete many, and back again; the parent is kept as long as it has children."""
    child = await add_child(client, parent)
    frames = f"/versions/{child}/frames"
    document = (await call(client, "GET", f"{frames}/a")).body
    assert document["preview"]["inherited_from"] == parent
    changed = await call(client, "PUT", f"{frames}/a", json=document | {"meta": {"checked": True}, "context_id": "z"})
    assert (changed.status, changed.body["meta"], "inherited_from" in changed.body["preview"]) == (
        200,
        {"checked": True},
        False,
    )
    assert (await call(client, "DELETE", f"{frames}/b")).status == 204
    assert (await call(client, "GET", f"{frames}/b")).verdict == (404, "not_found")
    assert (await call(client, "DELETE", f"{frames}/b")).verdict == (404, "not_found")
    await add_frames(client, child, frame("new"))
    assert list(await listed(client, child)) == ["new", "plain", "a"]
    assert list(await listed(client, child, "?context_id=z")) == ["a"]
    around = (await call(client, "GET", f"{frames}/plain/neighbours")).body
    assert ([place["id"] for place in around["before"]], [place["id"] for place in around["after"]]) == (["new"], ["a"])
    assert (await call(client, "GET", f"{frames}/a/rank")).body == {"rank": 2}
    assert (await call(client, "GET", f"/versions/{child}/contexts")).body["contexts"] == [
        {"id": "", "frame_count": 2},
        {"id": "z", "frame_count": 1},
    ]
    deleted = await call(client, "POST", f"{frames}/delete", json={"ids": ["a", "plain", "b"]})
    assert deleted.body == {"deleted": 2}
    assert (await call(client, "PUT", f"{frames}/b", json=frame("b", "m"))).status == 201
    assert list(await listed(client, child)) == ["b", "new"]
    assert list(await listed(client, parent)) == ["a", "b", "plain"]
    refused = await call(client, "DELETE", f"/versions/{parent}?force=true")
    assert refused.verdict == (409, "has_children")
    assert (await call(client, "DELETE", f"/versions/{child}")).status == 204
    assert list(await listed(client, parent)) == ["a", "b", "plain"]
    assert (await call(client, "DELETE", f"/versions/{parent}?force=true")).status == 204


async def test_labels_of_its_own_make_previews_of_its_own(client: Client, renderer: HandRenderer, parent: str) -> None:
    """From the start or later; what has no masks looks the same, and stays shared."""
    for name in ("a", "b", "plain"):
        await renderer.draw(frame=name)
    await until(client, parent, ready=3)
    child = await add_child(client, parent, metadata={"mask_labels": OTHER_LABELS})
    shown = await listed(client, child)
    assert {name: preview["state"] for name, preview in shown.items()} == {
        "a": "pending",
        "b": "pending",
        "plain": "ready",
    }
    assert {preview["inherited_from"] for preview in shown.values()} == {parent}
    assert (await renderer.draw(frame="a")).version == child
    await until(client, child, ready=2, pending=1)
    await until(client, parent, ready=3)
    again = await call(client, "PUT", f"/versions/{child}/mask-labels", json={"mask_labels": LABELS})
    assert again.status == 200
    assert {preview["state"] for preview in (await listed(client, child)).values()} == {"ready"}
    without = await add_child(client, parent, "without", metadata={"mask_labels": None})
    assert (await call(client, "GET", f"/versions/{without}")).body["metadata"] == {}


async def test_a_childs_events_tell_of_what_it_shows(client: Client, renderer: HandRenderer, parent: str) -> None:
    """Inherited previews too, live and after a break; not those of frames that it deleted."""
    child = await add_child(client, parent)
    await call(client, "DELETE", f"/versions/{child}/frames/a")
    async with following(client, child) as stream:
        assert (await stream.next("frames")).data["pending"] == 2
        await renderer.draw(frame="a")
        drawn = await renderer.draw(frame="b")
        told = Event("preview", "2", {"frame_id": "b", "state": "ready", "key": drawn.key.hex()})
        assert await stream.next("preview") == told
    async with following(client, child, "0") as stream:
        assert await stream.next("preview") == told
        counts = (await stream.next("frames")).data
        assert (counts["pending"], counts["ready"]) == (1, 1)
