"""Versions over HTTP."""

from aiohttp import web

from mattebox_registry.errors import NotFound
from mattebox_registry.http.auth import authorize
from mattebox_registry.http.bodies import answer_json, read_body
from mattebox_registry.http.requests import Query, write_cursor
from mattebox_registry.http.summaries import show_versions
from mattebox_registry.keys import CATALOG, STORE
from mattebox_registry.records import Version
from mattebox_registry.rules.catalog import VersionChanges, VersionFields


async def create(request: web.Request) -> web.Response:
    """201 the draft. Raises NotFound, NameTaken, ParentNotPublished."""
    fields = await read_body(request, VersionFields)
    version = await request.app[CATALOG].create_version(request.match_info["dataset"], fields)
    return await _answer(request, version, status=201)


async def list_page(request: web.Request) -> web.Response:
    """200 a page of a dataset's versions by name, or the one of a name. Raises NotFound."""
    query = Query(request, ("name", "limit", "cursor"))
    limit = query.limit()
    versions = await request.app[STORE].versions(
        request.match_info["dataset"], name=query.text("name"), after=query.cursor(str), limit=limit + 1
    )
    page = versions[:limit]
    following = write_cursor(page[-1].name) if len(versions) > limit else None
    shown = await show_versions(request.app[STORE], page)
    return answer_json({"versions": shown, "next_cursor": following})


async def show(request: web.Request) -> web.Response:
    """200 the version. Raises NotFound."""
    return await _answer(request, await request.app[STORE].version(request.match_info["version"]))


async def change(request: web.Request) -> web.Response:
    """200 the version as it is now. Raises NotFound, NameTaken, VersionPublished."""
    changes = await read_body(request, VersionChanges)
    return await _answer(request, await request.app[CATALOG].change_version(request.match_info["version"], changes))


async def delete(request: web.Request) -> web.Response:
    """204: gone, with its frames. Raises NotFound, HasChildren, VersionPublished."""
    force = Query(request, ("force",)).flag("force")
    if force:
        authorize(request, "admin")
    await request.app[CATALOG].delete_version(request.match_info["version"], force=force)
    return web.Response(status=204)


async def publish(request: web.Request) -> web.Response:
    """200 the version, read-only from now on. Raises NotFound."""
    return await _answer(request, await request.app[CATALOG].publish(request.match_info["version"]))


async def _answer(request: web.Request, version: Version, *, status: int = 200) -> web.Response:
    shown = await show_versions(request.app[STORE], [version])
    if not shown:
        raise NotFound("version", version.id)
    return answer_json(shown[0], status=status)
