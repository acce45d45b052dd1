"""Around every request: its id, its problem if it fails, its metric, its one line in the log."""

import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from mattebox_registry import keys
from mattebox_registry.errors import RegistryError
from mattebox_registry.http.headers import REQUEST_ID, add_common_headers, id_of_request
from mattebox_registry.http.problems import http_problem, internal_problem, refusal_problem

_QUIET_METHODS = frozenset(("GET", "HEAD"))

log = structlog.get_logger()


@web.middleware
async def observe_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every failure as a problem, and say in one line and one metric how the request went."""
    began = time.perf_counter()
    request_id = request[REQUEST_ID] = id_of_request(request.headers)
    # Never unbound: the next request of the connection, the only one to share the context, binds its own.
    structlog.contextvars.bind_contextvars(request_id=request_id)
    response = await _answer(request, handler)
    if not response.prepared:
        add_common_headers(response.headers, request_id)
    _record(request, response.status, time.perf_counter() - began)
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RegistryError as error:
        return refusal_problem(error)
    except web.HTTPException as error:
        return http_problem(error)
    except ConnectionResetError:
        # The client left in the middle of a stream; there is nobody to answer.
        return web.Response(status=499)
    except Exception:
        log.exception("request failed", method=request.method, route=_route(request))
        return internal_problem()


def _record(request: web.Request, status: int, duration_s: float) -> None:
    route = _route(request)
    request.app[keys.METRICS].time_request(request.method, route, status, duration_s)
    # Polls and pictures come by the thousand: where they go well, their metric is enough.
    if status >= 400 or request.method not in _QUIET_METHODS:
        duration_ms = round(duration_s * 1e3, 2)
        log.info("request handled", method=request.method, route=route, status=status, duration_ms=duration_ms)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
