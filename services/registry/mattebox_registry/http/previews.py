"""Previews over HTTP: the picture, how it stands, and doing it over."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.hdrs import ACCEPT, IF_NONE_MATCH

from mattebox.answers import IndexLegend, PreviewError, PreviewStatus
from mattebox.reasons import explain
from mattebox_registry.errors import InvalidInput, PreviewRefused
from mattebox_registry.http import requests
from mattebox_registry.http.auth import HOLDER
from mattebox_registry.http.bodies import answer_json, read_body
from mattebox_registry.http.links import index_map_url, preview_url, status_url
from mattebox_registry.http.pictures import names, names_any, picture, unchanged
from mattebox_registry.http.preview_query import (
    PreviewQuery,
    negotiate_format,
    read_index_map_query,
    read_preview_query,
)
from mattebox_registry.http.resolutions import INDEX_MAP_ROUTE, PREVIEW_ROUTE, Query, Resolution
from mattebox_registry.keys import HUB, PREVIEWS, RESOLUTIONS, STORE, WAITING_TIME
from mattebox_registry.rules.previews import Refused, Standing, Wanted
from mattebox_runtime.events import CachedPreview

STATUS_BATCH = 1_000


class StatusBatch(msgspec.Struct, frozen=True):
    """Frames whose default previews are asked about."""

    frame_ids: list[str]


async def get_preview(request: web.Request) -> web.StreamResponse:
    """200 the picture; 304; 202 where it is being drawn; PreviewRefused where it cannot be."""
    resolution = await _known_or(request, _resolve)
    answer = await _picture(request, resolution)
    return answer or await _owed(request, resolution.wanted)


async def get_index_map(request: web.Request) -> web.StreamResponse:
    """200 the index map of a mask; 304, 202 and PreviewRefused as of a preview."""
    resolution = await _known_or(request, _resolve_index_map)
    answer = await _picture(request, resolution)
    return answer or await _owed_index_map(request, resolution.wanted)


async def get_preview_status(request: web.Request) -> web.Response:
    """200 how the preview of the same query stands."""
    version_id, frame_id = request.match_info["version"], request.match_info["frame"]
    options, wait_s = _query(request)
    standing = await request.app[PREVIEWS].status(version_id, frame_id, options, wait_s=wait_s)
    status = _status(standing, preview_url(version_id, frame_id, _repeatable(request)))
    return answer_json(msgspec.structs.replace(status, index=_index(standing, request)))


async def refresh_preview(request: web.Request) -> web.Response:
    """202: the preview of the query and its index maps are forgotten, and it will be drawn again."""
    options, _ = _query(request)
    wanted = await request.app[PREVIEWS].refresh(
        request.match_info["version"], request.match_info["frame"], options, holder=request[HOLDER]
    )
    return await _owed(request, wanted)


async def get_preview_statuses(request: web.Request) -> web.Response:
    """200 how the default previews of up to STATUS_BATCH frames stand, and which of the frames do not exist."""
    version_id = request.match_info["version"]
    frame_ids = (await read_body(request, StatusBatch)).frame_ids
    if len(frame_ids) > STATUS_BATCH:
        raise InvalidInput("too_many_frames", f"Ask about {STATUS_BATCH} frames at most at a time.")
    standings = await request.app[PREVIEWS].statuses(version_id, frame_ids)
    previews = {frame_id: brief_status(standing, version_id, frame_id) for frame_id, standing in standings.items()}
    unknown = [frame_id for frame_id in dict.fromkeys(frame_ids) if frame_id not in standings]
    return answer_json({"previews": previews, "unknown": unknown})


async def get_preview_counts(request: web.Request) -> web.Response:
    """200 the version's frames by the state of their default preview."""
    requests.Query(request)
    return answer_json(dict(await request.app[STORE].preview_counts(request.match_info["version"])))


async def _picture(request: web.Request, resolution: Resolution) -> web.StreamResponse | None:
    """Answer with what is drawn, None where it is not yet. Raises PreviewRefused."""
    if names(request.headers.get(IF_NONE_MATCH), resolution.etag):
        return unchanged(resolution.etag)
    previews = request.app[PREVIEWS]
    found: CachedPreview | Refused | None = previews.in_memory(resolution.wanted.plan.key)
    if found is None:
        found = await previews.find(resolution.wanted, wait_s=resolution.wait_s, holder=request[HOLDER])
    if isinstance(found, Refused):
        raise PreviewRefused(found.state, resolution.wanted.plan.key, found.failure.code, found.failure.mask)
    if found is not None and names_any(request.headers.get(IF_NONE_MATCH)):
        return unchanged(resolution.etag)
    return None if found is None else picture(found, resolution.etag)


async def _known_or(request: web.Request, resolve: Callable[[web.Request], Awaitable[Resolution]]) -> Resolution:
    resolutions = request.app[RESOLUTIONS]
    query = Query(request.raw_path, request.headers.get(ACCEPT))
    known = resolutions.get(query)
    if known is None:
        known = await resolve(request)
        resolutions.put(query, known)
    return known


async def _resolve(request: web.Request) -> Resolution:
    version_id, frame_id = request.match_info["version"], request.match_info["frame"]
    epoch = request.app[HUB].epoch(version_id)
    options, wait_s = _query(request)
    wanted = await request.app[PREVIEWS].resolve(version_id, frame_id, options)
    return Resolution(PREVIEW_ROUTE, epoch, wanted, wait_s, f'"{wanted.plan.key.hex()}"')


async def _resolve_index_map(request: web.Request) -> Resolution:
    version_id, frame_id = request.match_info["version"], request.match_info["frame"]
    epoch = request.app[HUB].epoch(version_id)
    options, wait_s = read_index_map_query(request.query.items())
    wanted = await request.app[PREVIEWS].resolve_index_map(version_id, frame_id, options)
    return Resolution(INDEX_MAP_ROUTE, epoch, wanted, wait_s, f'"{wanted.plan.key.hex()}"')


def _query(request: web.Request) -> PreviewQuery:
    return read_preview_query(request.query.items(), request.headers.get("Accept"))


def _repeatable(request: web.Request) -> list[tuple[str, str]]:
    """Spell the query so that it names the same picture to every client: without `wait`, with the format agreed on."""
    pairs = [(name, value) for name, value in request.query.items() if name != "wait"]
    agreed = negotiate_format(request.headers.get("Accept"))
    if agreed != "webp" and "format" not in request.query:
        pairs.append(("format", agreed))
    return pairs


async def _owed(request: web.Request, wanted: Wanted) -> web.Response:
    return await _pending(request, wanted, status_url(wanted.version_id, wanted.frame_id, _repeatable(request)))


async def _owed_index_map(request: web.Request, wanted: Wanted) -> web.Response:
    # The preview's status does not tell how the map stands: the map itself does.
    query = [(name, value) for name, value in request.query.items() if name != "wait"]
    return await _pending(request, wanted, index_map_url(wanted.version_id, wanted.frame_id, query))


async def _pending(request: web.Request, wanted: Wanted, location: str) -> web.Response:
    retry_after_s = await request.app[WAITING_TIME].seconds()
    body = {"state": "pending", "key": wanted.plan.key.hex(), "status_url": location}
    headers = {"Location": location, "Retry-After": str(retry_after_s), "Cache-Control": "no-store", "Vary": "Accept"}
    return answer_json(body, status=202, headers=headers)


def _status(standing: Standing, url: str) -> PreviewStatus:
    failure = standing.failure
    error = None if failure is None else PreviewError(failure.code, explain(failure.code), failure.mask)
    return PreviewStatus(
        state=standing.state,
        key=standing.key.hex(),
        url=url,
        attempts=standing.attempts,
        error=error,
        report=standing.report,
        queued=standing.queued,
        inherited_from=standing.inherited_from,
    )


def _index(standing: Standing, request: web.Request) -> list[IndexLegend]:
    version_id, frame_id = request.match_info["version"], request.match_info["frame"]
    scene = [(name, value) for name, value in request.query.items() if name in {"source", "size"}]
    return [
        IndexLegend(
            mask=legend.mask,
            kind=legend.kind,
            url=index_map_url(version_id, frame_id, [("mask", legend.mask), *scene, *_mode(request, legend.mask)]),
            key=legend.key.hex(),
            bits=legend.bits,
            opacity=legend.opacity,
            entries=legend.entries,
        )
        for legend in standing.legends
    ]


def _mode(request: web.Request, mask_id: str) -> list[tuple[str, str]]:
    mode = request.query.get(f"mode.{mask_id}", request.query.get("mode"))
    return [] if mode is None else [("mode", mode)]


def brief_status(standing: Standing, version_id: str, frame_id: str) -> dict[str, Any]:
    """Say how a frame's default preview stands, as lists and batches tell it."""
    status = _status(standing, preview_url(version_id, frame_id))
    brief = {"state": status.state, "key": status.key, "url": status.url}
    if status.inherited_from is not None:
        brief["inherited_from"] = status.inherited_from
    return brief if status.error is None else brief | {"error": status.error}
