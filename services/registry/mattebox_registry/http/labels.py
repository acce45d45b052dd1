"""Mask labels over HTTP."""

from typing import Any

from aiohttp import hdrs, web
from msgspec import Struct

from mattebox_registry.http.bodies import answer_json, read_body
from mattebox_registry.keys import CATALOG, STORE, STYLES
from mattebox_registry.records import Version


class MaskLabelsBody(Struct, forbid_unknown_fields=True):
    """A mapping in either form; the rules check it."""

    mask_labels: list[Any] | dict[str, Any]


async def replace(request: web.Request) -> web.Response:
    """200 the mapping as `show` gives it. Raises NotFound, VersionPublished, and LabelsChanged on `If-Match`."""
    body = await read_body(request, MaskLabelsBody)
    expected = request.headers.get(hdrs.IF_MATCH)
    version = await request.app[CATALOG].set_mask_labels(
        request.match_info["version"],
        body.mask_labels,
        unchanged=None if expected is None else lambda version: _expects(expected, version),
    )
    return _shown(request, version)


async def show(request: web.Request) -> web.Response:
    """200 the mapping by mask id, every entry with its colour and opacity. Raises NotFound."""
    return _shown(request, await request.app[STORE].version(request.match_info["version"]))


def _shown(request: web.Request, version: Version) -> web.Response:
    body = {"mask_labels": request.app[STYLES].style(version).mapping.declared()}
    return answer_json(body, headers={hdrs.ETAG: _etag(version)})


def _expects(if_match: str, version: Version) -> bool:
    # Weak tags do not count here (RFC 9110, 13.1.1).
    return if_match.strip() == "*" or _etag(version) in {tag.strip() for tag in if_match.split(",")}


def _etag(version: Version) -> str:
    # The revision counts changes of the labels, and of the encodings beside them.
    return f'"{version.style_revision}"'
