"""Previews over HTTP, with a real database and a real Redis; the renderer's side is played by hand."""

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from mattebox_registry.keys import HUB, PREVIEW_LRU, STORE
from mattebox_runtime import redis_keys
from mattebox_runtime.events import Failure
from support.redis_process import running_redis
from support.registry import LABELS, Client, HandRenderer, add_frames, add_version, frame, get, running_registry, url
from support.wait import wait_until


async def test_an_ingested_frame_is_drawn_and_served(client: Client, renderer: HandRenderer, version: str) -> None:
    """202 until the renderer is done, then the bytes with everything a cache must know."""
    status, body, headers = await get(client, url(version))
    assert status == 202
    assert body == {"state": "pending", "key": body["key"], "status_url": url(version) + "/status"}
    assert headers["Location"] == body["status_url"]
    assert int(headers["Retry-After"]) >= 1
    await renderer.draw(key=body["key"], body=b"RIFFpixels")
    status, picture, headers = await get(client, url(version, query="?wait=10"))
    assert (status, picture) == (200, b"RIFFpixels")
    assert headers["ETag"] == f'"{body["key"]}"'
    assert headers["Cache-Control"] == "private"
    assert headers["Mattebox-State"] == "ready"
    assert headers["Content-Type"] == "image/webp"
    assert headers["Vary"] == "Accept"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("if_none_match", "status"),
    [
        ('"{key}"', 304),
        ('W/"{key}"', 304),
        ('"other", "{key}"', 304),
        ("{key}", 200),
        ('"other"', 200),
        ("*", 304),
        ("", 200),
    ],
)
async def test_a_client_that_has_the_picture_is_not_sent_it_again(
    client: Client, renderer: HandRenderer, version: str, if_none_match: str, status: int
) -> None:
    """304 exactly where one of the tags is the key; both with and without anything in memory."""
    event = await renderer.draw(frame="f")
    await get(client, url(version, query="?wait=10"))
    for _ in range(2):
        answered, body, headers = await get(
            client, url(version), **{"If-None-Match": if_none_match.format(key=event.key.hex())}
        )
        assert answered == status
        assert headers["ETag"] == f'"{event.key.hex()}"'
        assert body == (b"" if status == 304 else b"picture")


async def test_head_tells_of_a_picture_without_sending_it(client: Client, renderer: HandRenderer, version: str) -> None:
    """It asks for a preview as GET does; `*` means any picture, of which there is none yet."""
    async with client.head(url(version), headers={"If-None-Match": "*"}) as pending:
        assert pending.status == 202
    await renderer.draw(frame="f")
    async with client.head(url(version, query="?wait=10")) as asked, client.get(url(version)) as got:
        assert asked.status == 200
        assert await asked.read() == b""
        for header in ("ETag", "Content-Type", "Content-Length", "Mattebox-State", "Vary"):
            assert asked.headers[header] == got.headers[header]


async def test_the_key_follows_the_labels_at_once(client: Client, renderer: HandRenderer, version: str) -> None:
    """New colours make a new key, so that no client is told that its old picture is good."""
    old = (await renderer.draw(frame="f")).key.hex()
    assert (await get(client, url(version, query="?wait=10")))[0] == 200
    recoloured = [{**entry, "color": "#0000ff"} for entry in LABELS]
    async with client.put(f"/api/v1/versions/{version}/mask-labels", json={"mask_labels": recoloured}) as answer:
        assert answer.status == 200
    status, body, _ = await get(client, url(version), **{"If-None-Match": f'"{old}"'})
    assert status == 202
    assert body["key"] != old


async def test_the_key_follows_the_frame_at_once(client: Client, renderer: HandRenderer, version: str) -> None:
    """A frame that is put again, deleted, or comes back is not answered from memory."""
    old = (await renderer.draw(frame="f")).key.hex()
    assert (await get(client, url(version, query="?wait=10")))[0] == 200
    await add_frames(client, version, frame("f", "classes"))
    status, body, _ = await get(client, url(version))
    assert status == 202
    assert body["key"] != old
    async with client.delete(f"/api/v1/versions/{version}/frames/f") as answer:
        assert answer.status == 204
    assert (await get(client, url(version), **{"If-None-Match": f'"{body["key"]}"'}))[0] == 404
    await add_frames(client, version, frame("f", "classes", "matte"))
    assert (await get(client, url(version)))[0] == 200


async def test_a_long_poll_ends_the_moment_the_picture_is_there(
    client: Client, renderer: HandRenderer, version: str
) -> None:
    """The poll neither runs out nor answers too early."""
    poll = asyncio.create_task(get(client, url(version, query="?size=320&wait=30")))
    event = await renderer.draw(frame="f", key=(await get(client, url(version, query="?size=320")))[1]["key"])
    async with asyncio.timeout(5):
        status, body, headers = await poll
    assert (status, body) == (200, b"picture")
    assert headers["ETag"] == f'"{event.key.hex()}"'


async def test_a_long_poll_that_runs_out_is_a_202(client: Client, version: str) -> None:
    """Waiting in vain is no error."""
    assert (await get(client, url(version, query="?wait=0.01")))[0] == 202


async def test_a_stopping_registry_keeps_no_poll_waiting(tmp_path: Path, redis_url: str) -> None:
    """Every poll is answered when the server shuts down."""
    async with running_registry(tmp_path, redis_url) as client:
        version = await add_version(client)
        await add_frames(client, version, frame("f"))
        poll = asyncio.create_task(get(client, url(version, query="?wait=30")))
        hub = client.server.app[HUB]  # type: ignore[attr-defined]  # a TestServer has it
        await wait_until(lambda: hub._waiters, description="the poll")
        await client.server.close()
        status, _, _ = await poll
    assert status == 202


async def test_fifty_clients_owe_one_render(client: Client, renderer: HandRenderer, version: str) -> None:
    """However many ask at the same time, the interactive lane holds the preview once."""
    answers = await asyncio.gather(*(get(client, url(version, query="?opacity=0.3")) for _ in range(50)))
    assert {status for status, _, _ in answers} == {202}
    (key,) = {body["key"] for _, body, _ in answers}
    await renderer.job(key=key)
    assert [event.key.hex() for _, event in await renderer.jobs()].count(key) == 1
    async with client.get("/metrics") as metrics:
        assert "mattebox_previews_requested_total 1.0" in await metrics.text()


async def test_a_preview_that_was_evicted_is_drawn_again(
    client: Client, renderer: HandRenderer, version: str, redis_url: str
) -> None:
    """The database says ready, Redis has forgotten: 202 and a new render, not an error."""
    key = (await renderer.draw(frame="f")).key
    assert (await get(client, url(version, query="?wait=10")))[0] == 200
    client.server.app[PREVIEW_LRU].forget(key)  # type: ignore[attr-defined]  # a TestServer has it
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(redis_keys.preview(key))
    assert (await get(client, url(version)))[0] == 202
    poll = asyncio.create_task(get(client, url(version, query="?wait=10")))
    await renderer.draw(key=key.hex(), body=b"again")
    assert (await poll)[:2] == (200, b"again")


async def test_a_partial_preview_says_so(client: Client, renderer: HandRenderer, version: str) -> None:
    """The picture is served with its state, the status names the mask."""
    await renderer.draw(frame="f", state="partial", failure=Failure("mask_not_found", "classes"))
    status, _, headers = await get(client, url(version, query="?wait=10"))
    assert (status, headers["Mattebox-State"]) == (200, "partial")
    _, body, _ = await get(client, url(version) + "/status?wait=10")
    assert body["state"] == "partial"
    assert body["error"] == {
        "code": "mask_not_found",
        "detail": "Nothing was found at the URI.",
        "mask": "classes",
    }


async def test_a_failed_preview_is_a_422_with_its_reason(client: Client, renderer: HandRenderer, version: str) -> None:
    """The reason is a code and a sentence, and asking again does not start another render."""
    poll = asyncio.create_task(get(client, url(version, query="?wait=10")))
    event = await renderer.draw(frame="f", state="failed", failure=Failure("source_not_found"))
    for status, body, headers in (await poll, await get(client, url(version))):
        assert status == 422
        assert headers["Content-Type"] == "application/problem+json"
        assert body["code"] == "source_not_found"
        assert body["detail"] == "Nothing was found at the URI."
        assert (body["state"], body["key"]) == ("failed", event.key.hex())
    _, body, _ = await get(client, url(version) + "/status")
    assert (body["state"], body["error"]["code"], body["attempts"]) == ("failed", "source_not_found", 1)


async def test_what_is_never_drawn_is_a_422_at_once(client: Client, version: str) -> None:
    """Sound and 3D are told apart without asking a renderer."""
    await add_frames(client, version, {"id": "song", "sources": [{"uri": "file:///a.mp3"}]})
    status, body, _ = await get(client, url(version, "song"))
    assert (status, body["code"], body["state"]) == (422, "unsupported_type", "unsupported")
    status, body, _ = await get(client, url(version, "song") + "/status")
    assert (status, body["state"], body["error"]["code"]) == (200, "unsupported", "unsupported_type")


async def test_refreshing_forgets_and_draws_again(client: Client, renderer: HandRenderer, version: str) -> None:
    """After a refresh nobody sees the old picture again, and the render is forced."""
    await renderer.draw(frame="f", body=b"old")
    assert (await get(client, url(version, query="?wait=10")))[1] == b"old"
    async with client.post(url(version) + "/refresh") as answer:
        assert answer.status == 202
        body = await answer.json()
        assert answer.headers["Location"] == body["status_url"]
    assert (await get(client, url(version)))[0] == 202
    assert (await get(client, url(version) + "/status"))[1]["state"] == "pending"
    assert (await get(client, f"/api/v1/versions/{version}/previews"))[1]["pending"] == 1
    poll = asyncio.create_task(get(client, url(version, query="?wait=10")))
    await renderer.draw(key=body["key"], body=b"new", force=True)
    assert (await poll)[:2] == (200, b"new")
    assert (await get(client, url(version)))[1] == b"new"


async def test_refreshing_retries_a_failure(client: Client, renderer: HandRenderer, version: str) -> None:
    """What failed is tried again only on demand."""
    await renderer.draw(frame="f", state="failed", failure=Failure("source_timeout"))
    assert (await get(client, url(version, query="?wait=10")))[0] == 422
    async with client.post(url(version) + "/refresh") as answer:
        assert answer.status == 202
    poll = asyncio.create_task(get(client, url(version, query="?wait=10")))
    await renderer.draw(frame="f", force=True)
    assert (await poll)[0] == 200


async def test_a_rerender_replaces_what_is_in_memory(client: Client, renderer: HandRenderer, version: str) -> None:
    """A result makes the registry read the picture anew, wherever the render was asked for."""
    event = await renderer.draw(frame="f", body=b"old")
    assert (await get(client, url(version, query="?wait=10")))[1] == b"old"
    async with client.post(url(version) + "/refresh"):
        pass
    await renderer.draw(key=event.key.hex(), body=b"new", force=True)

    async def served() -> bool:
        return bool((await get(client, url(version)))[1] == b"new")

    await wait_until(served, description="the new picture")


async def test_hidden_labels_reach_the_renderer(
    client: Client, renderer: HandRenderer, version: str, redis_url: str
) -> None:
    """The label table of a preview that is not the default one is published with its job."""
    _, body, _ = await get(client, url(version, query="?hide=road&masks=classes"))
    _, event = await renderer.job(key=body["key"])
    (mask,) = event.render_spec().masks
    assert mask.table is not None
    async with Redis.from_url(redis_url) as redis:
        assert await redis.exists(redis_keys.table(mask.table))


async def test_without_redis_a_preview_is_pending_and_nothing_fails(tmp_path: Path) -> None:
    """A cache that does not answer costs a 202, soon, and is counted; what is in memory is still served."""
    with running_redis() as server:
        async with running_registry(tmp_path, server.url) as client, Redis.from_url(server.url) as redis:
            version = await add_version(client)
            await add_frames(client, version, frame("f"), frame("g"))
            await HandRenderer(client, redis).draw(frame="f")
            # A result makes the registry forget what it has in memory under the key.
            await wait_until(lambda: _is_settled(client), description="the result")
            assert (await get(client, url(version)))[0] == 200
            server.kill()
            async with asyncio.timeout(5):
                answers = await asyncio.gather(*(get(client, url(version, "g")) for _ in range(20)))
            assert {status for status, _, _ in answers} == {202}
            assert (await get(client, url(version)))[0] == 200
            async with client.get("/metrics") as metrics:
                assert "mattebox_preview_cache_errors_total 0.0" not in await metrics.text()
            status, body, _ = await get(client, "/readyz")
            assert (status, body["checks"]) == (503, {"store": "ok", "redis": "down", "delivery": "ok"})
            assert (await get(client, "/healthz"))[0] == 200


async def _is_settled(client: Client) -> bool:
    async with client.get("/metrics") as metrics:
        return 'mattebox_previews_settled_total{state="ready"} 1.0' in await metrics.text()


async def test_a_preview_needs_a_token(client: Client, version: str) -> None:
    """Being in memory does not make a picture public."""
    status, body, _ = await get(client, url(version), Authorization="Bearer wrong")
    assert (status, body["code"]) == (401, "not_authenticated")


async def test_the_store_is_asked_once_for_a_picture_in_memory(
    client: Client, renderer: HandRenderer, version: str
) -> None:
    """A cached picture is served while the database does not answer."""
    await renderer.draw(frame="f")
    assert (await get(client, url(version, query="?wait=10")))[0] == 200
    assert (await get(client, url(version)))[0] == 200
    await client.server.app[STORE].close()  # type: ignore[attr-defined]  # a TestServer has it
    assert (await get(client, url(version)))[0] == 200
