"""Mask labels over HTTP."""

from typing import Any

from aiohttp import web
from msgspec import Struct

from mattebox_registry.http.bodies import answer_json, read_body
from mattebox_registry.keys import CATALOG, STORE, STYLES
from mattebox_registry.records import Version


class MaskLabelsBody(Struct, forbid_unknown_fields=True):
    """A mapping in either form; the rules check it."""

    mask_labels: list[Any] | dict[str, Any]


async def replace(request: web.Request) -> web.Response:
    """200 the mapping as `show` gives it. Raises NotFound, VersionPublished."""
    body = await read_body(request, MaskLabelsBody)
    version = await request.app[CATALOG].set_mask_labels(request.match_info["version"], body.mask_labels)
    return _shown(request, version)


async def show(request: web.Request) -> web.Response:
    """200 the mapping by mask id, every entry with its colour and opacity. Raises NotFound."""
    return _shown(request, await request.app[STORE].version(request.match_info["version"]))


def _shown(request: web.Request, version: Version) -> web.Response:
    return answer_json({"mask_labels": request.app[STYLES].style(version).mapping.declared()})
