"""In front of the application: pictures in memory, answered before a path is matched or a middleware runs."""

import time
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from mattebox_registry import keys
from mattebox_registry.http.auth import scopes_of
from mattebox_registry.http.headers import REQUEST_ID_HEADER, id_of_request
from mattebox_registry.http.pictures import names, names_any, picture, unchanged
from mattebox_registry.http.refusals import WrongOrigin
from mattebox_registry.http.resolutions import Query, Resolution

_RequestHandler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Front:
    """Answers what needs neither a look into a store nor a word of refusal; all else is the application's."""

    def __init__(self, app: web.Application, application: _RequestHandler) -> None:
        """`app` has started, `application` is what handles its requests."""
        self._application = application
        self._tokens = app[keys.TOKENS]
        self._sessions = app[keys.SESSIONS]
        self._resolutions = app[keys.RESOLUTIONS]
        self._previews = app[keys.PREVIEWS]
        self._metrics = app[keys.METRICS]

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request."""
        began = time.perf_counter()
        resolution = self._resolution(request)
        response = None if resolution is None else self._from_memory(request, resolution)
        if resolution is None or response is None:
            return await self._application(request)
        response.headers[REQUEST_ID_HEADER] = id_of_request(request.headers)
        self._metrics.time_request(hdrs.METH_GET, resolution.route, response.status, time.perf_counter() - began)
        return response

    def _resolution(self, request: web.BaseRequest) -> Resolution | None:
        headers = request.headers
        if request.method != hdrs.METH_GET or hdrs.EXPECT in headers:
            return None
        if not self._may_read(request):
            return None
        return self._resolutions.get(Query(request.raw_path, headers.get(hdrs.ACCEPT)))

    def _from_memory(self, request: web.BaseRequest, resolution: Resolution) -> web.StreamResponse | None:
        condition = request.headers.get(hdrs.IF_NONE_MATCH)
        if names(condition, resolution.etag):
            return unchanged(resolution.etag)
        preview = self._previews.in_memory(resolution.wanted.plan.key)
        if preview is None:
            return None
        return unchanged(resolution.etag) if names_any(condition) else picture(preview, resolution.etag)

    def _may_read(self, request: web.BaseRequest) -> bool:
        try:
            scopes = scopes_of(request, self._tokens, self._sessions)
        except WrongOrigin:
            return False
        return scopes is not None and "read" in scopes
