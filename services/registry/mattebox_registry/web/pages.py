"""Serves the web viewer. Which page is shown, and with what in it, is decided in the browser."""

from collections.abc import Mapping
from pathlib import Path

from aiohttp import hdrs, web

from mattebox_registry.errors import NotFound

APP = Path(__file__).parent / "app"

PATHS = ("/", "/login", "/datasets", "/datasets/{rest:.*}", "/versions/{rest:.*}")
"""Addresses of the viewer: all are the same page."""

FILE = r"/app/{file:[a-z0-9_-]+(?:/[a-z0-9_-]+)*\.[a-z]+}"
"""No name begins with a dot, so none leads out of the directory."""

ELSEWHERE = r"/{rest:(?!api/).*}"
"""Every other address, to be asked for last: what a person mistyped."""

CONTENT_TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""The only kinds of files there are."""

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        # No policy is allowed to make any, so nothing can turn a string into markup or script.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Asked for again each time, and answered by 304: a new release shows at once.
    "Cache-Control": "no-cache",
}


async def get_page(_request: web.Request) -> web.StreamResponse:
    """200 the page, whatever the address: the browser reads it."""
    return _file("index.html")


async def get_missing(request: web.Request) -> web.StreamResponse:
    """404 with the page, which says so in words, to a browser that navigates. Raises HTTPNotFound to all others."""
    if "text/html" not in request.headers.get(hdrs.ACCEPT, ""):
        raise web.HTTPNotFound
    return _file("index.html", status=404)


async def get_file(request: web.Request) -> web.StreamResponse:
    """200 a file of the viewer. Raises NotFound."""
    return _file(request.match_info["file"])


def _file(name: str, *, status: int = 200) -> web.FileResponse:
    path = APP / name
    content_type = CONTENT_TYPES.get(path.suffix)
    if content_type is None or not path.is_file():
        raise NotFound("file", name)
    return web.FileResponse(path, status=status, headers={**HEADERS, "Content-Type": content_type})
