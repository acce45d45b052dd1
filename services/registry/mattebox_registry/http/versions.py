"""Versions over HTTP."""

from typing import Any

import msgspec
from aiohttp import web

from mattebox_registry.http.auth import authorize
from mattebox_registry.http.bodies import answer_json, read_body
from mattebox_registry.http.requests import Query, write_cursor
from mattebox_registry.keys import CATALOG, STORE
from mattebox_registry.records import Version
from mattebox_registry.rules.catalog import VersionChanges, VersionFields

_INTERNAL = ("style_revision", "restyle_after")


async def create(request: web.Request) -> web.Response:
    """201 the draft. Raises NotFound, NameTaken, ParentNotPublished."""
    fields = await read_body(request, VersionFields)
    version = await request.app[CATALOG].create_version(request.match_info["dataset"], fields)
    return answer_json(_shown(version), status=201)


async def list_page(request: web.Request) -> web.Response:
    """200 a page of a dataset's versions by name, or the one of a name. Raises NotFound."""
    query = Query(request, ("name", "limit", "cursor"))
    limit = query.limit()
    versions = await request.app[STORE].versions(
        request.match_info["dataset"], name=query.text("name"), after=query.cursor(str), limit=limit + 1
    )
    page = versions[:limit]
    following = write_cursor(page[-1].name) if len(versions) > limit else None
    return answer_json({"versions": [_shown(version) for version in page], "next_cursor": following})


async def show(request: web.Request) -> web.Response:
    """200 the version. Raises NotFound."""
    return answer_json(_shown(await request.app[STORE].version(request.match_info["version"])))


async def change(request: web.Request) -> web.Response:
    """200 the version as it is now. Raises NotFound, NameTaken, VersionPublished."""
    changes = await read_body(request, VersionChanges)
    return answer_json(_shown(await request.app[CATALOG].change_version(request.match_info["version"], changes)))


async def delete(request: web.Request) -> web.Response:
    """204: gone, with its frames. Raises NotFound, HasChildren, VersionPublished."""
    force = Query(request, ("force",)).flag("force")
    if force:
        authorize(request, "admin")
    await request.app[CATALOG].delete_version(request.match_info["version"], force=force)
    return web.Response(status=204)


async def publish(request: web.Request) -> web.Response:
    """200 the version, read-only from now on. Raises NotFound."""
    return answer_json(_shown(await request.app[CATALOG].publish(request.match_info["version"])))


def _shown(version: Version) -> dict[str, Any]:
    shown = msgspec.structs.asdict(version)
    for field in _INTERNAL:
        del shown[field]
    return shown
