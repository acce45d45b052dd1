"""Datasets over HTTP."""

from aiohttp import web

from mattebox_registry.http.auth import authorize
from mattebox_registry.http.bodies import answer_json, read_body
from mattebox_registry.http.requests import Query, write_cursor
from mattebox_registry.http.summaries import show_datasets
from mattebox_registry.keys import CATALOG, STORE
from mattebox_registry.records import Dataset
from mattebox_registry.rules.catalog import DatasetChanges, DatasetFields


async def create(request: web.Request) -> web.Response:
    """201 the dataset. Raises NameTaken."""
    dataset = await request.app[CATALOG].create_dataset(await read_body(request, DatasetFields))
    return await _answer(request, dataset, status=201)


async def list_page(request: web.Request) -> web.Response:
    """200 a page of datasets by name, of those that hold a text, or the one of a name."""
    query = Query(request, ("name", "search", "limit", "cursor"))
    limit, after, search = query.limit(), query.cursor(str), query.text("search")
    store = request.app[STORE]
    if search:
        datasets = await store.find_datasets(search, after=after, limit=limit + 1)
    else:
        datasets = await store.datasets(name=query.text("name"), after=after, limit=limit + 1)
    page = datasets[:limit]
    following = write_cursor(page[-1].name) if len(datasets) > limit else None
    return answer_json({"datasets": await show_datasets(store, page), "next_cursor": following})


async def show(request: web.Request) -> web.Response:
    """200 the dataset. Raises NotFound."""
    return await _answer(request, await request.app[STORE].dataset(request.match_info["dataset"]))


async def change(request: web.Request) -> web.Response:
    """200 the dataset as it is now. Raises NotFound, NameTaken."""
    changes = await read_body(request, DatasetChanges)
    return await _answer(request, await request.app[CATALOG].change_dataset(request.match_info["dataset"], changes))


async def delete(request: web.Request) -> web.Response:
    """204: gone, with its versions and frames. Raises NotFound, HasPublishedVersions."""
    force = Query(request, ("force",)).flag("force")
    if force:
        authorize(request, "admin")
    await request.app[CATALOG].delete_dataset(request.match_info["dataset"], force=force)
    return web.Response(status=204)


async def _answer(request: web.Request, dataset: Dataset, *, status: int = 200) -> web.Response:
    (shown,) = await show_datasets(request.app[STORE], [dataset])
    return answer_json(shown, status=status)
