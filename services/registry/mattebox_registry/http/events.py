"""What happens in a version, as server-sent events."""

import time
from collections.abc import AsyncIterator
from typing import NamedTuple

import msgspec
from aiohttp import hdrs, web

from mattebox_registry.errors import FieldError, InvalidInput, NotFound
from mattebox_registry.http.auth import HOLDER
from mattebox_registry.http.headers import REQUEST_ID, add_common_headers
from mattebox_registry.http.requests import Query
from mattebox_registry.hub import Subscription
from mattebox_registry.keys import HUB, METRICS, QUOTAS, SETTINGS, STORE
from mattebox_registry.records import AppliedResult, FrameChange, StoredFrame
from mattebox_registry.store.port import Store

COUNTS_EVERY_S = 0.25
RETRY_MS = 2_000
PAGE = 500

_HEARTBEAT = b": heartbeat\n\n"


class _Feed(NamedTuple):
    """What one client follows."""

    store: Store
    version_id: str
    subscription: Subscription
    heartbeat_s: float


async def get_events(request: web.Request) -> web.StreamResponse:
    """Stream `preview` and `frames` events until the client leaves, lags too far behind, or the server stops.

    Resumes after `Last-Event-ID` without a gap: subscribed before the change feed is read, so what happens meanwhile
    is in both, and told once.
    """
    query = Query(request, ("last_event_id",))
    version_id = request.match_info["version"]
    store = request.app[STORE]
    lineage = await store.lineage(version_id)
    last_event_id = _last_event_id(request, query)
    with (
        request.app[QUOTAS].stream(request[HOLDER]),
        request.app[HUB].subscribe(*lineage) as subscription,
        request.app[METRICS].event_streams.track_inprogress(),
    ):
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        )
        # A stream is sent before a middleware sees it.
        add_common_headers(response.headers, request[REQUEST_ID])
        await response.prepare(request)
        if request.method == hdrs.METH_HEAD:
            return response
        try:
            feed = _Feed(store, version_id, subscription, request.app[SETTINGS].heartbeat_s)
            async for event in _events(feed, last_event_id):
                await response.write(event)
        except (ConnectionResetError, NotFound):
            # The client left, or the version was deleted.
            pass
    return response


def _last_event_id(request: web.Request, query: Query) -> int | None:
    given = request.headers.get("Last-Event-ID") or query.text("last_event_id")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) <= 18):
        fault = FieldError("last_event_id", "Give the id of an event of this stream, or none to begin now.")
        raise InvalidInput("bad_parameter", "The stream cannot be resumed there.", [fault])
    return int(given)


async def _events(feed: _Feed, last_event_id: int | None) -> AsyncIterator[bytes]:
    store, version_id = feed.store, feed.version_id
    told_up_to = await store.last_change(version_id)
    if last_event_id is None:
        # The first event has an id too: a stream that breaks off before any preview changed can be resumed.
        yield b"retry: %d\nid: %d\n%b" % (RETRY_MS, told_up_to, await _counts(feed))
    else:
        yield b"retry: %d\n\n" % RETRY_MS
        told_up_to = min(last_event_id, told_up_to)
        while page := await store.changes_after(version_id, told_up_to, PAGE):
            yield b"".join(map(_preview, page))
            told_up_to = page[-1].change
        yield await _counts(feed)
    async for event in _live(feed, told_up_to):
        yield event


async def _live(feed: _Feed, told_up_to: int) -> AsyncIterator[bytes]:
    subscription = feed.subscription
    counts_at: float | None = None
    heartbeat_at = time.monotonic() + feed.heartbeat_s
    while not subscription.closed:
        due = heartbeat_at if counts_at is None else min(counts_at, heartbeat_at)
        await subscription.wait(due - time.monotonic())
        results = [r for r in subscription.take() if r.change is None or r.change > told_up_to]
        results = await _shown(feed, results)
        if results:
            yield b"".join(map(_preview, results))
        now = time.monotonic()
        if (results or subscription.frames_changed) and counts_at is None:
            counts_at = now + COUNTS_EVERY_S
        subscription.frames_changed = False
        if counts_at is not None and now >= counts_at:
            counts_at = None
            yield await _counts(feed)
        if now >= heartbeat_at:
            heartbeat_at = now + feed.heartbeat_s
            yield _HEARTBEAT


async def _shown(feed: _Feed, results: list[AppliedResult]) -> list[AppliedResult]:
    """Leave out what happened to frames of ancestors that the version does not show, or shows otherwise."""
    inherited = {result.frame_id for result in results if result.version_id != feed.version_id}
    if not inherited:
        return results
    frames = {frame.id: frame for frame in await feed.store.frames_by_id(feed.version_id, sorted(inherited))}
    return [
        result
        for result in results
        if result.version_id == feed.version_id
        or ((frame := frames.get(result.frame_id)) is not None and _is_of(result, frame))
    ]


def _is_of(result: AppliedResult, frame: StoredFrame) -> bool:
    return frame.key == result.key or (result.change is None and frame.inherited_from == result.version_id)


def _preview(changed: AppliedResult | FrameChange) -> bytes:
    data = msgspec.json.encode({"frame_id": changed.frame_id, "state": changed.state, "key": changed.key.hex()})
    # A preview that is not the frame's default one has no place in the change feed, so it must not move the client's.
    position = b"" if changed.change is None else b"id: %d\n" % changed.change
    return b"event: preview\n%bdata: %b\n\n" % (position, data)


async def _counts(feed: _Feed) -> bytes:
    return b"event: frames\ndata: %b\n\n" % msgspec.json.encode(await feed.store.preview_counts(feed.version_id))
