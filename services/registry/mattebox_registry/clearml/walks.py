"""All datasets, or all versions of one, page by page of the store."""

from collections.abc import AsyncIterator

from aiohttp import web

from mattebox_registry.keys import STORE
from mattebox_registry.records import Dataset, Version

_PAGE = 500


async def all_datasets(app: web.Application) -> AsyncIterator[Dataset]:
    """Give them by name."""
    after = None
    while page := await app[STORE].datasets(name=None, after=after, limit=_PAGE):
        for dataset in page:
            yield dataset
        after = page[-1].name


async def all_versions(app: web.Application, dataset_id: str) -> AsyncIterator[Version]:
    """Give them by name. Raises NotFound."""
    after = None
    while page := await app[STORE].versions(dataset_id, name=None, after=after, limit=_PAGE):
        for version in page:
            yield version
        after = page[-1].name
