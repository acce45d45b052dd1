"""In front of the application: pictures in memory, answered before a path is matched or a middleware runs."""

import time
from typing import cast

from aiohttp import hdrs, web

from mattebox_registry import keys
from mattebox_registry.http.auth import scopes_of
from mattebox_registry.http.headers import REQUEST_ID_HEADER, id_of_request
from mattebox_registry.http.pictures import Picture, names, unchanged
from mattebox_registry.http.resolutions import Query

ROUTE = "/api/v1/versions/{version}/frames/{frame}/preview"


def open_front(runner: web.AppRunner) -> None:
    """Let a runner that is set up answer pictures by itself, exactly as its application would."""
    server = cast("web.Server", runner.server)
    application = server.request_handler
    app = runner.app

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        began = time.perf_counter()
        response = _from_memory(app, request)
        if response is None:
            return await application(request)
        response.headers[REQUEST_ID_HEADER] = id_of_request(request.headers)
        app[keys.METRICS].time_request(hdrs.METH_GET, ROUTE, response.status, time.perf_counter() - began)
        return response

    server.request_handler = answer


def _from_memory(app: web.Application, request: web.BaseRequest) -> web.StreamResponse | None:
    """Answer what needs neither a look into a store nor a word of refusal; None: the application does."""
    headers = request.headers
    if request.method != hdrs.METH_GET or hdrs.EXPECT in headers:
        return None
    if "read" not in (scopes_of(app[keys.TOKENS], headers) or ()):
        return None
    resolution = app[keys.RESOLUTIONS].get(Query(request.raw_path, headers.get(hdrs.ACCEPT)))
    if resolution is None:
        return None
    if names(headers.get(hdrs.IF_NONE_MATCH), resolution.etag):
        return unchanged(resolution.etag)
    preview = app[keys.PREVIEWS].in_memory(resolution.wanted.plan.key)
    return None if preview is None else Picture(preview, resolution.etag)
