"""The page that shows the OpenAPI document: three files of our own, which need no network."""

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from mattebox_registry.errors import NotFound

PAGE = "docs.html"

_DIRECTORY = Path(__file__).parent / "static"

_CONTENT_TYPES: Mapping[str, str] = {
    PAGE: "text/html; charset=utf-8",
    "docs.css": "text/css; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
}
"""The only files there are, whatever else lies in the directory."""

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


async def get_page(_request: web.Request) -> web.FileResponse:
    """200 the page."""
    return _file(PAGE)


async def get_file(request: web.Request) -> web.FileResponse:
    """200 a file of the page. Raises NotFound."""
    name = request.match_info["file"]
    if name not in _CONTENT_TYPES:
        raise NotFound("file", name)
    return _file(name)


def _file(name: str) -> web.FileResponse:
    headers = {
        "Content-Type": _CONTENT_TYPES[name],
        "Content-Security-Policy": _CSP,
        # Asked for again each time, and answered by 304: a new release shows at once.
        "Cache-Control": "no-cache",
    }
    return web.FileResponse(_DIRECTORY / name, headers=headers)
