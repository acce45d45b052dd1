"""How previews stand, their links, and queries that are refused, over HTTP."""

import pytest
from yarl import URL

from mattebox_runtime.events import Failure
from support.registry import Client, HandRenderer, add_frames, frame, get, url
from support.wait import wait_until


async def test_the_status_holds_the_report_with_label_names(
    client: Client, renderer: HandRenderer, version: str
) -> None:
    """The renderer counts values; the registry says what they mean."""
    labels = [{"value": [255, 0, 0], "pixels": 30, "share": 0.75}, {"value": [9, 9, 9], "pixels": 10, "share": 0.25}]
    report = {"source": {"width": 8, "height": 4}, "masks": [{"id": "classes", "labels": labels, "warnings": []}]}
    await renderer.draw(frame="f", report=report)
    _, body, _ = await get(client, url(version) + "/status?wait=10")
    assert body["state"] == "ready"
    assert body["url"] == url(version)
    known, unknown = body["report"]["masks"][0]["labels"]
    assert known == {"value": [255, 0, 0], "pixels": 30, "share": 0.75, "labels": ["road"], "color": "#804080"}
    assert (unknown["labels"], unknown["color"]) == ([], None)


async def test_what_nobody_asked_for_is_told_from_what_is_under_way(
    client: Client, renderer: HandRenderer, version: str
) -> None:
    """The default preview is owed with its frame, any other from when it is asked for until it is drawn."""

    async def standing(query: str = "") -> tuple[str, bool]:
        _, body, _ = await get(client, url(version) + "/status" + query)
        return body["state"], body["queued"]

    assert await standing() == ("pending", True)
    assert await standing("?size=320") == ("pending", False)
    await get(client, url(version, query="?size=320"))
    assert await standing("?size=320") == ("pending", True)
    _, body, _ = await get(client, url(version) + "/status?size=320")
    await renderer.draw(key=body["key"])
    assert await standing("?size=320&wait=10") == ("ready", False)


async def test_links_name_the_same_picture_to_everybody(client: Client, version: str) -> None:
    """The status link keeps the query, leaves out the wait and spells the format that `Accept` chose."""
    path = url(version, query="?size=320&mode.classes=alpha&wait=0.01")
    _, body, _ = await get(client, path, Accept="image/png")
    assert body["status_url"] == url(version) + "/status?size=320&mode.classes=alpha&format=png"
    _, status, _ = await get(client, body["status_url"])
    assert status["key"] == body["key"]
    assert status["url"] == url(version) + "?size=320&mode.classes=alpha&format=png"


async def test_ids_of_any_spelling_have_a_preview(client: Client, version: str) -> None:
    """Slashes, percent signs and other scripts survive the links."""
    for frame_id in ("a/b", "100%", "snö {1}?#", "%2F"):
        await add_frames(client, version, frame(frame_id))
        body = {"frame_ids": [frame_id]}
        async with client.post(f"/api/v1/versions/{version}/previews/status", json=body) as answer:
            link = (await answer.json())["previews"][frame_id]["url"]
        async with client.session.get(client.make_url("/").join(URL(link, encoded=True))) as got:
            assert got.status == 202, frame_id


async def test_a_batch_status_tells_known_and_unknown_frames(
    client: Client, renderer: HandRenderer, version: str
) -> None:
    """A thousand frames in one call; ids without a frame are named, not dropped."""
    await renderer.draw(frame="f", state="failed", failure=Failure("source_not_found"))
    await add_frames(client, version, *(frame(f"f{number}") for number in range(998)))
    ids = ["f", *(f"f{number}" for number in range(998)), "ghost"]
    await wait_until(lambda: _count(client, version, "failed"), description="the failure")
    async with client.post(f"/api/v1/versions/{version}/previews/status", json={"frame_ids": ids}) as answer:
        assert answer.status == 200
        body = await answer.json()
    assert body["unknown"] == ["ghost"]
    assert len(body["previews"]) == 999
    assert body["previews"]["f"]["error"]["code"] == "source_not_found"
    assert body["previews"]["f0"] == {
        "state": "pending",
        "key": body["previews"]["f0"]["key"],
        "url": url(version, "f0"),
    }
    async with client.post(f"/api/v1/versions/{version}/previews/status", json={"frame_ids": [*ids, "x"]}) as answer:
        assert answer.status == 400
        assert "1000" in (await answer.json())["detail"]


async def _count(client: Client, version: str, state: str) -> int:
    counts: dict[str, int] = (await get(client, f"/api/v1/versions/{version}/previews"))[1]
    return counts[state]


async def test_counts_name_every_state(client: Client, version: str) -> None:
    """Also those without a frame."""
    _, counts, _ = await get(client, f"/api/v1/versions/{version}/previews")
    assert counts == {"pending": 1, "ready": 0, "partial": 0, "failed": 0, "unsupported": 0}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/versions/nope/frames/f/preview", "version"),
        ("/api/v1/versions/{version}/frames/nope/preview", "frame"),
        ("/api/v1/versions/{version}/frames/f/preview?source=nope", "source"),
        ("/api/v1/versions/{version}/frames/f/preview?masks=classes,nope", "mask"),
        ("/api/v1/versions/{version}/frames/f/preview?tint.nope=%23ff0000", "mask"),
        ("/api/v1/versions/{version}/frames/f/preview/status?source=nope", "source"),
        ("/api/v1/versions/nope/previews", "version"),
    ],
)
async def test_what_is_not_there_is_a_404(client: Client, version: str, path: str, kind: str) -> None:
    """The problem says what was looked for."""
    status, body, _ = await get(client, path.format(version=version))
    assert (status, body["code"]) == (404, "not_found")
    assert kind in body["detail"]


async def test_bad_parameters_are_a_400_that_names_them(client: Client, version: str) -> None:
    """All at once, on the picture, its status and its refresh."""
    query = "?size=1&background=transparent&format=jpeg"
    for answered in (
        await get(client, url(version, query=query)),
        await get(client, url(version) + "/status" + query),
    ):
        status, body, _ = answered
        assert (status, body["code"]) == (400, "bad_parameter")
        assert {error["loc"] for error in body["errors"]} == {"size", "background"}
    async with client.post(url(version) + "/refresh" + query) as answer:
        assert answer.status == 400
