"""Pictures answered in front of the application: whatever is sent, the answer is the application's."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import web
from redis.asyncio import Redis

from mattebox_registry.http.links import API
from mattebox_registry.http.resolutions import PREVIEW_ROUTE
from mattebox_registry.keys import PREVIEW_LRU
from mattebox_registry.routes import ROUTES
from support.answers import call
from support.registry import Client, HandRenderer, add_frames, add_version, frame, get, running_registry, url
from support.wait import wait_until

LABELS = [{"value": [255, 0, 0], "labels": ["road"], "color": "#804080"}]


class Scene(NamedTuple):
    """A registry with one picture in memory."""

    client: Client
    renderer: HandRenderer
    version: str
    etag: str
    reached: list[str]
    """Targets of the requests that went through to the application."""


@pytest.fixture
async def scene(tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    reached: list[str] = []
    handle = web.Application._handle

    async def noted(app: web.Application, request: web.Request) -> web.StreamResponse:
        reached.append(request.raw_path)
        return await handle(app, request)

    monkeypatch.setattr(web.Application, "_handle", noted)
    async with running_registry(tmp_path, redis_url) as client, Redis.from_url(redis_url) as redis:
        version = await add_version(client, LABELS)
        await add_frames(client, version, frame("f", "classes"))
        renderer = HandRenderer(client, redis)
        event = await renderer.draw(frame="f")
        # A result makes the registry forget what it has in memory under the key.
        await wait_until(lambda: _is_settled(client), description="the result")
        assert (await get(client, url(version, query="?wait=10")))[0] == 200
        yield Scene(client, renderer, version, f'"{event.key.hex()}"', reached)


async def _is_settled(client: Client) -> bool:
    async with client.get("/metrics") as metrics:
        return 'mattebox_previews_settled_total{state="ready"} 1.0' in await metrics.text()


def lasting(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """What two answers to the same question have in common."""
    return sorted((name, value) for name, value in headers.items() if name.lower() not in {"date", "x-request-id"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Accept": "image/webp"}, 200),
        ({"Connection": "close"}, 200),
        ({"If-None-Match": "{etag}"}, 304),
        ({"If-None-Match": "W/{etag}"}, 304),
        ({"If-None-Match": '"other", W/{etag}'}, 304),
        ({"If-None-Match": "{etag}", "Connection": "close"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": ""}, 200),
        ({"If-None-Match": "*"}, 304),
        ({"Authorization": "bearer  admin-token-of-the-tests "}, 200),
    ],
)
async def test_the_front_answers_as_the_application_does(scene: Scene, headers: dict[str, str], status: int) -> None:
    """The first answer to a spelling of the query is the application's, those after it are the front's."""
    sent = {name: value.format(etag=scene.etag) for name, value in headers.items()}
    target = url(scene.version, query="?wait=0.5&opacity=0.6")
    slow = await get(scene.client, target, **sent)
    fast = await get(scene.client, target, **sent)
    assert scene.reached.count(target) == 1
    assert slow[0] == fast[0] == status
    assert slow[1] == fast[1] == (b"picture" if status == 200 else b"")
    assert lasting(slow[2]) == lasting(fast[2])
    assert fast[2]["ETag"] == scene.etag


async def test_each_answer_has_a_request_id(scene: Scene) -> None:
    """The client's own if it is harmless, else a new one each time."""
    target = url(scene.version)
    await get(scene.client, target)
    ids = [(await get(scene.client, target))[2]["X-Request-Id"] for _ in range(3)]
    assert len(set(ids)) == 3
    assert {len(id_) for id_ in ids} == {16}
    assert (await get(scene.client, target, **{"X-Request-Id": "trace-1"}))[2]["X-Request-Id"] == "trace-1"
    assert (await get(scene.client, target, **{"X-Request-Id": "a b"}))[2]["X-Request-Id"] != "a b"
    assert scene.reached.count(target) == 1


async def test_who_may_not_read_is_refused(scene: Scene) -> None:
    """A picture in memory is as private as one that is not."""
    target = url(scene.version)
    await get(scene.client, target)
    made = await call(scene.client, "POST", "/tokens", json={"name": "t", "scopes": ["ingest"]})
    for given, status in (("", 401), ("Bearer wrong", 401), ("Basic eDp5", 401), (f"Bearer {made.body['token']}", 403)):
        for headers in ({}, {"If-None-Match": scene.etag}):
            assert (await get(scene.client, target, Authorization=given, **headers))[0] == status


async def test_a_revoked_token_is_refused_at_once(scene: Scene) -> None:
    """Even one that the front has let through many times."""
    made = await call(scene.client, "POST", "/tokens", json={"name": "t", "scopes": ["read"]})
    bearer = f"Bearer {made.body['token']}"
    for _ in range(3):
        assert (await get(scene.client, url(scene.version), Authorization=bearer))[0] == 200
    assert (await call(scene.client, "DELETE", f"/tokens/{made.body['id']}")).status == 200
    assert (await get(scene.client, url(scene.version), Authorization=bearer))[0] == 401


async def test_only_gets_of_pictures_are_answered(scene: Scene) -> None:
    """Other methods and neighbouring paths are the application's, whatever was asked before."""
    path = url(scene.version)
    await get(scene.client, path)
    async with scene.client.head(path) as answer:
        assert answer.status == 200
    async with scene.client.post(f"{path}/refresh") as answer:
        assert answer.status == 202
    assert (await get(scene.client, f"{path}/refresh"))[0] == 405
    assert (await get(scene.client, f"{path}/status"))[0] == 200


async def _change_labels(scene: Scene) -> None:
    changed = {"mask_labels": [{**LABELS[0], "color": "#0000ff"}]}
    assert (await call(scene.client, "PUT", f"/versions/{scene.version}/mask-labels", json=changed)).status == 200


async def _change_frame(scene: Scene) -> None:
    await add_frames(scene.client, scene.version, frame("f", "others"))


async def _refresh(scene: Scene) -> None:
    async with scene.client.post(url(scene.version) + "/refresh") as answer:
        assert answer.status == 202


async def _evict(scene: Scene) -> None:
    scene.client.server.app[PREVIEW_LRU].forget(bytes.fromhex(scene.etag.strip('"')))  # type: ignore[attr-defined]  # a TestServer has it


async def _delete(scene: Scene) -> None:
    assert (await call(scene.client, "DELETE", f"/versions/{scene.version}")).status == 204


@pytest.mark.parametrize(
    ("change", "status"), [(_change_labels, 202), (_change_frame, 202), (_refresh, 202), (_evict, 200), (_delete, 404)]
)
async def test_what_changed_is_not_answered_from_memory(
    scene: Scene, change: Callable[[Scene], Awaitable[None]], status: int
) -> None:
    """The next request goes through to the application."""
    target = url(scene.version)
    for _ in range(2):
        assert (await get(scene.client, target))[0] == 200
    assert scene.reached.count(target) == 1
    await change(scene)
    assert (await get(scene.client, target))[0] == status
    assert scene.reached.count(target) == 2


async def test_the_metrics_count_what_the_front_answers(scene: Scene) -> None:
    """Under the route of the application, and as found in memory."""
    for headers in ({}, {}, {"If-None-Match": scene.etag}, {"If-None-Match": scene.etag}):
        await get(scene.client, url(scene.version), **headers)
    async with scene.client.get("/metrics") as answer:
        text = await answer.text()
    of_route: dict[str, Any] = {"route": PREVIEW_ROUTE, "method": "GET"}
    counted = 'mattebox_http_request_seconds_count{{method="{method}",route="{route}",status="{status}"}} {times}'
    assert counted.format(**of_route, status=200, times=3.0) in text
    assert counted.format(**of_route, status=304, times=2.0) in text
    assert 'mattebox_preview_lookups_total{found="memory"} 2.0' in text


def test_the_route_is_that_of_the_table() -> None:
    """As aiohttp writes it: without the patterns."""
    assert PREVIEW_ROUTE in {(API + route.path).replace(":[^/]+", "") for route in ROUTES}
