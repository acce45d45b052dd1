"""Datasets over HTTP."""

from aiohttp import web

from mattebox_registry.http.auth import authorize
from mattebox_registry.http.bodies import answer_json, read_body
from mattebox_registry.http.requests import Query, write_cursor
from mattebox_registry.keys import CATALOG, STORE
from mattebox_registry.rules.catalog import DatasetChanges, DatasetFields


async def create(request: web.Request) -> web.Response:
    """201 the dataset. Raises NameTaken."""
    dataset = await request.app[CATALOG].create_dataset(await read_body(request, DatasetFields))
    return answer_json(dataset, status=201)


async def list_page(request: web.Request) -> web.Response:
    """200 a page of datasets by name, or the one of a name."""
    query = Query(request, ("name", "limit", "cursor"))
    limit = query.limit()
    datasets = await request.app[STORE].datasets(name=query.text("name"), after=query.cursor(str), limit=limit + 1)
    page = datasets[:limit]
    following = write_cursor(page[-1].name) if len(datasets) > limit else None
    return answer_json({"datasets": page, "next_cursor": following})


async def show(request: web.Request) -> web.Response:
    """200 the dataset. Raises NotFound."""
    return answer_json(await request.app[STORE].dataset(request.match_info["dataset"]))


async def change(request: web.Request) -> web.Response:
    """200 the dataset as it is now. Raises NotFound, NameTaken."""
    changes = await read_body(request, DatasetChanges)
    return answer_json(await request.app[CATALOG].change_dataset(request.match_info["dataset"], changes))


async def delete(request: web.Request) -> web.Response:
    """204: gone, with its versions and frames. Raises NotFound, HasPublishedVersions."""
    force = Query(request, ("force",)).flag("force")
    if force:
        authorize(request, "admin")
    await request.app[CATALOG].delete_dataset(request.match_info["dataset"], force=force)
    return web.Response(status=204)
