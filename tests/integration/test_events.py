"""Server-sent events of a version, over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path

import pytest
from aiohttp import ClientTimeout

from mattebox_registry.http.events import PAGE
from mattebox_registry.keys import DELIVERY, HUB, STORE
from mattebox_registry.records import AppliedResult
from mattebox_runtime.events import FIELD, Failure, RenderResult, decode_event
from mattebox_runtime.streams.consumer import lane_stream
from support.event_stream import Event, Stream, following
from support.registry import Client, HandRenderer, add_frames, add_version, frame, running_registry
from support.wait import wait_until


@pytest.fixture
async def lively_client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A registry whose quiet streams show signs of life at once."""
    async with running_registry(tmp_path, redis_url, heartbeat_s=0.02) as running:
        yield running


@pytest.fixture
async def version(client: Client) -> str:
    """A version of six frames."""
    version = await add_version(client)
    await add_frames(client, version, *(frame(f"f{number}") for number in range(6)))
    return version


async def test_a_stream_begins_with_counts_and_a_place_to_resume(client: Client, version: str) -> None:
    """A client that breaks off before anything happened can resume all the same."""
    async with following(client, version) as stream:
        first = await stream.block()
    assert first is not None
    assert int(first["retry"]) > 0
    assert first["id"] == "0"
    assert first["event"] == "frames"
    assert json.loads(first["data"]) == {"pending": 6, "ready": 0, "partial": 0, "failed": 0, "unsupported": 0}


async def test_head_tells_that_there_is_a_stream_and_ends(client: Client, version: str) -> None:
    async with client.head(f"/api/v1/versions/{version}/events", timeout=ClientTimeout(5)) as answer:
        assert (answer.status, answer.content_type) == (200, "text/event-stream")
        assert await answer.read() == b""


async def test_previews_are_told_as_they_end(client: Client, renderer: HandRenderer, version: str) -> None:
    """Frame, state and key, under rising ids; then the counts."""
    async with following(client, version) as stream:
        await stream.next("frames")
        drawn = await renderer.draw(frame="f0")
        assert await stream.next("preview") == Event(
            "preview", "1", {"frame_id": "f0", "state": "ready", "key": drawn.key.hex()}
        )
        await renderer.draw(frame="f1", state="failed", failure=Failure("source_not_found"))
        failed = await stream.next("preview")
        assert (failed.id, failed.data["state"]) == ("2", "failed")
        counts = await stream.next("frames")
        while counts.data["failed"] == 0:
            counts = await stream.next("frames")
        assert counts.data == {"pending": 4, "ready": 1, "partial": 0, "failed": 1, "unsupported": 0}


async def test_new_and_deleted_frames_change_the_counts(client: Client, version: str) -> None:
    """Many changes in a row are one event."""
    async with following(client, version) as stream:
        await stream.next("frames")
        for number in range(6, 12):
            await add_frames(client, version, frame(f"f{number}"))
        assert (await stream.next("frames")).data["pending"] > 6
        async with client.delete(f"/api/v1/versions/{version}/frames/f0") as answer:
            assert answer.status == 204
        counts = await stream.next("frames")
        while counts.data["pending"] != 11:
            counts = await stream.next("frames")


async def test_previews_that_are_not_the_default_ones_have_no_id(
    client: Client, renderer: HandRenderer, version: str
) -> None:
    """They are not in the change feed, so they must not move a client's place in it."""
    async with client.get(f"/api/v1/versions/{version}/frames/f0/preview?size=64") as answer:
        key = (await answer.json())["key"]
    async with following(client, version) as stream:
        await stream.next("frames")
        await renderer.draw(key=key)
        assert await stream.next("preview") == Event("preview", None, {"frame_id": "f0", "state": "ready", "key": key})


async def test_a_resumed_stream_tells_what_was_missed(client: Client, renderer: HandRenderer, version: str) -> None:
    """In order, each once, then live."""
    for number in range(3):
        await renderer.draw(frame=f"f{number}")
    await wait_until(lambda: _last_change(client, version, 3), description="three results")
    async with following(client, version, last_event_id="1") as stream:
        missed = [await stream.next("preview") for _ in range(2)]
        assert [(event.id, event.data["frame_id"]) for event in missed] == [("2", "f1"), ("3", "f2")]
        await renderer.draw(frame="f3")
        live = await stream.next("preview")
        assert (live.id, live.data["frame_id"]) == ("4", "f3")
    path = f"/api/v1/versions/{version}/events?last_event_id=3"
    async with client.get(path) as response:
        assert (await Stream(response).next("preview")).id == "4"


async def test_resuming_while_results_pour_in_has_no_gap_and_no_double(client: Client, version: str) -> None:
    """A stream that breaks off again and again, within a page and beyond one, hears of each change once, in order."""
    await add_frames(client, version, *(frame(f"g{number:04d}") for number in range(3 * PAGE)))
    total = 3 * PAGE + 6
    app = client.server.app  # type: ignore[attr-defined]  # a TestServer has it

    async def settle_all() -> None:
        stream = lane_stream(app[STORE].generation, "bulk")
        left = total
        while left:
            jobs = await app[DELIVERY].redis.xrange(stream, count=50)
            results = [_drawn(job, fields) for job, fields in jobs]
            for change in await app[STORE].apply_results(results):
                app[HUB].preview_changed(change)
            if jobs:
                await app[DELIVERY].redis.xdel(stream, *(job for job, _ in jobs))
            left -= len(jobs)

    async def follow() -> list[int]:
        seen: list[int] = []
        for length in cycle((23, PAGE + 100)):
            if len(seen) == total:
                break
            async with following(client, version, last_event_id=str(seen[-1] if seen else 0)) as stream:
                for _ in range(min(length, total - len(seen))):
                    event = await stream.next("preview")
                    assert event.id is not None
                    seen.append(int(event.id))
        return seen

    seen, _ = await asyncio.gather(follow(), settle_all())
    assert seen == list(range(1, total + 1))


def _drawn(job: bytes, fields: dict[bytes, bytes]) -> RenderResult:
    return RenderResult("preview_rendered", decode_event(fields[FIELD]).key, int(job.partition(b"-")[0]), "ready")


async def _last_change(client: Client, version: str, change: int) -> bool:
    app = client.server.app  # type: ignore[attr-defined]  # a TestServer has it
    return bool(await app[STORE].last_change(version) == change)


async def test_a_place_from_the_future_starts_at_the_end_of_the_feed(
    client: Client, renderer: HandRenderer, version: str
) -> None:
    """After a restored backup the ids of clients may be ahead: they hear of what comes next."""
    async with following(client, version, last_event_id="999") as stream:
        await stream.next("frames")
        await renderer.draw(frame="f0")
        assert (await stream.next("preview")).id == "1"


@pytest.mark.parametrize("last_event_id", ["abc", "-1", "1.5", "9" * 19, "²"])
async def test_a_place_that_is_none_is_refused(client: Client, version: str, last_event_id: str) -> None:
    """400, so that a client does not take silence for calm."""
    path = f"/api/v1/versions/{version}/events"
    async with client.get(path, params={"last_event_id": last_event_id}) as answer:
        assert answer.status == 400
        assert (await answer.json())["errors"][0]["loc"] == "last_event_id"


async def test_a_version_that_is_not_there_has_no_events(client: Client) -> None:
    """404 before the stream begins."""
    async with client.get("/api/v1/versions/nope/events") as answer:
        assert answer.status == 404


async def test_a_quiet_stream_is_kept_alive(lively_client: Client) -> None:
    """A comment now and then tells both sides that the other is there."""
    async with following(lively_client, await add_version(lively_client)) as stream:
        await stream.next("frames")
        assert await stream.block() == {"": "heartbeat"}
        assert await stream.block() == {"": "heartbeat"}


async def test_a_client_that_leaves_is_forgotten(lively_client: Client) -> None:
    """Its subscription ends with the next write."""
    hub = lively_client.server.app[HUB]  # type: ignore[attr-defined]  # a TestServer has it
    async with following(lively_client, await add_version(lively_client)) as stream:
        await stream.next("frames")
        assert hub._subscriptions
    await wait_until(lambda: not hub._subscriptions, description="the end of the subscription")


async def test_a_client_that_lags_is_cut_off_and_can_resume(client: Client, version: str) -> None:
    """The stream ends instead of growing in memory."""
    hub = client.server.app[HUB]  # type: ignore[attr-defined]  # a TestServer has it
    async with following(client, version) as stream:
        await stream.next("frames")
        for change in range(1, 1102):
            hub.preview_changed(AppliedResult(version, "f0", b"k" * 16, "ready", change))
        async with asyncio.timeout(10):
            last = None
            while (block := await stream.block()) is not None:
                last = block.get("id", last)
    assert last == "1000"


async def test_streams_end_when_the_registry_stops(tmp_path: Path, redis_url: str) -> None:
    """A shutdown does not wait for those who listen."""
    async with running_registry(tmp_path, redis_url) as client:
        version = await add_version(client)
        async with following(client, version) as stream:
            await stream.next("frames")
            async with asyncio.timeout(5):
                await asyncio.gather(client.server.close(), _until_the_end(stream))


async def _until_the_end(stream: Stream) -> None:
    while await stream.block() is not None:
        pass


async def test_a_stream_ends_with_its_version(client: Client, version: str) -> None:
    """Deleting a version leaves nobody listening to nothing."""
    async with following(client, version) as stream:
        await stream.next("frames")
        async with client.delete(f"/api/v1/versions/{version}") as answer:
            assert answer.status == 204
        async with asyncio.timeout(5):
            await _until_the_end(stream)
