"""The table of paths: the API's index."""

from typing import NamedTuple

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from mattebox_registry.clearml.endpoint import SERVICES, answer_call
from mattebox_registry.clearml.files import send_file, take_files
from mattebox_registry.http import (
    blobs,
    datasets,
    delivery,
    docs,
    events,
    frames,
    health,
    ingest,
    labels,
    metrics,
    places,
    previews,
    sessions,
    statistics,
    tokens,
    versions,
)
from mattebox_registry.http.auth import require
from mattebox_registry.http.links import API
from mattebox_registry.http.openapi.document import get_openapi
from mattebox_registry.records import Scope
from mattebox_registry.web import pages

# Ids may hold anything but what a path cannot; aiohttp's own pattern leaves out braces.
DATASET = "/datasets/{dataset:[^/]+}"
VERSION = "/versions/{version:[^/]+}"
FRAME = VERSION + "/frames/{frame:[^/]+}"
TOKEN = "/tokens/{token:[^/]+}"  # noqa: S105 - a path


class Route(NamedTuple):
    """One operation and the scope that a token needs for it; None: it is open."""

    method: str
    path: str
    scope: Scope | None
    handler: Handler


ROUTES = (
    # First, because they are asked for most and a path is compared with one route after another.
    Route("GET", FRAME + "/preview", "read", previews.get_preview),
    Route("GET", FRAME + "/preview/index", "read", previews.get_index_map),
    Route("GET", FRAME + "/preview/status", "read", previews.get_preview_status),
    Route("POST", FRAME + "/preview/refresh", "ingest", previews.refresh_preview),
    Route("POST", "/datasets", "ingest", datasets.create),
    Route("GET", "/datasets", "read", datasets.list_page),
    Route("GET", DATASET, "read", datasets.show),
    Route("PATCH", DATASET, "ingest", datasets.change),
    Route("DELETE", DATASET, "ingest", datasets.delete),
    Route("POST", DATASET + "/versions", "ingest", versions.create),
    Route("GET", DATASET + "/versions", "read", versions.list_page),
    Route("GET", VERSION, "read", versions.show),
    Route("PATCH", VERSION, "ingest", versions.change),
    Route("DELETE", VERSION, "ingest", versions.delete),
    Route("POST", VERSION + "/publish", "ingest", versions.publish),
    Route("PUT", VERSION + "/mask-labels", "ingest", labels.replace),
    Route("GET", VERSION + "/mask-labels", "read", labels.show),
    Route("GET", VERSION + "/statistics", "read", statistics.show),
    Route("POST", VERSION + "/frames", "ingest", ingest.add_frames),
    Route("GET", VERSION + "/frames", "read", frames.list_page),
    Route("GET", VERSION + "/frame-marks", "read", places.list_marks),
    Route("GET", VERSION + "/contexts", "read", places.list_contexts),
    Route("POST", VERSION + "/frames/delete", "ingest", frames.delete_many),
    Route("GET", FRAME, "read", frames.show),
    Route("PUT", FRAME, "ingest", frames.put),
    Route("DELETE", FRAME, "ingest", frames.delete),
    Route("GET", FRAME + "/rank", "read", places.show_rank),
    Route("GET", FRAME + "/neighbours", "read", places.show_neighbours),
    Route("POST", VERSION + "/previews/status", "read", previews.get_preview_statuses),
    Route("GET", VERSION + "/previews", "read", previews.get_preview_counts),
    Route("GET", VERSION + "/events", "read", events.get_events),
    Route("POST", "/blobs", "ingest", blobs.post_blob),
    Route("GET", "/blobs/{sha256:[^/]+}", "read", blobs.get_blob),
    Route("POST", "/tokens", "admin", tokens.create),
    Route("GET", "/tokens", "admin", tokens.list_all),
    Route("DELETE", TOKEN, "admin", tokens.revoke),
    Route("POST", "/login-codes", "read", sessions.create_code),
    Route("POST", "/session", None, sessions.sign_in),
    Route("GET", "/session", "read", sessions.show),
    Route("DELETE", "/session", "read", sessions.sign_out),
    Route("GET", "/delivery", "read", delivery.get_delivery),
    Route("GET", "/openapi.json", None, get_openapi),
)

SERVICE_ROUTES = (
    Route("GET", "/healthz", None, health.get_health),
    Route("GET", "/readyz", None, health.get_readiness),
    Route("GET", "/metrics", "read", metrics.get_metrics),
    Route("GET", "/docs", None, docs.get_page),
    Route("GET", "/docs/{file}", None, docs.get_file),
)
"""What is of no version of the API."""

WEB_ROUTES = (
    *(Route("GET", path, None, pages.get_page) for path in pages.PATHS),
    Route("GET", pages.FILE, None, pages.get_file),
)
"""The web viewer."""

ASTRAY = Route("GET", pages.ELSEWHERE, None, pages.get_missing)
"""What no other route takes."""

CLEARML_ROUTES = (
    Route("*", r"/v{version:\d+\.\d+}/{call:[a-z_]+\.[a-z0-9_]+}", None, answer_call),
    Route("*", rf"/{{call:(?:{'|'.join(SERVICES)})\.[a-z0-9_]+}}", None, answer_call),
    Route("POST", "/files", None, take_files),
    Route("POST", "/", None, take_files),
    Route("GET", "/files/{name:.+}", None, send_file),
    Route("GET", "/{file:[0-9a-f]+/[0-9a-f]+/[^/]+}", None, send_file),
)
"""ClearML's SDK, which signs in itself and reads refusals in an envelope of its own."""


def add_routes(app: web.Application) -> None:
    """Serve every route, behind a check of its scope."""
    for route in ROUTES:
        _add(app, route, API + route.path)
    for route in (*SERVICE_ROUTES, *WEB_ROUTES, *CLEARML_ROUTES, ASTRAY):
        _add(app, route, route.path)


def _add(app: web.Application, route: Route, path: str) -> None:
    handler = route.handler if route.scope is None else require(route.scope, route.handler)
    if route.method == hdrs.METH_GET:
        # HEAD comes with it: the same without a body.
        app.router.add_get(path, handler)
    else:
        app.router.add_route(route.method, path, handler)
