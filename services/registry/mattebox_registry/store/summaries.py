"""What lists tell of datasets and versions, in SQLite."""

from collections.abc import Sequence

from msgspec import json

from mattebox_registry.records import Dataset, DatasetSummary, PreviewCounts
from mattebox_registry.store.catalog import dataset_of_row
from mattebox_registry.store.codes import STATES
from mattebox_registry.store.connection import Readers, Session


class SqliteSummaries:
    """The summaries part of the store."""

    _readers: Readers

    async def dataset_summaries(self, dataset_ids: Sequence[str]) -> dict[str, DatasetSummary]:
        return await self._readers.run(_dataset_summaries, dataset_ids)

    async def version_summaries(self, version_ids: Sequence[str]) -> dict[str, PreviewCounts]:
        return await self._readers.run(_version_summaries, version_ids)

    async def find_datasets(self, text: str, *, after: str | None, limit: int) -> list[Dataset]:
        return await self._readers.run(_find_datasets, text, after, limit)


def _dataset_summaries(session: Session, dataset_ids: Sequence[str]) -> dict[str, DatasetSummary]:
    rows = session.rows("dataset_summaries", json.encode(dataset_ids).decode())
    return {
        dataset: DatasetSummary(versions, published, _counts(states), latest)
        for dataset, versions, published, *states, latest in rows
    }


def _version_summaries(session: Session, version_ids: Sequence[str]) -> dict[str, PreviewCounts]:
    rows = session.rows("version_summaries", json.encode(version_ids).decode())
    return {version: _counts(states) for version, *states in rows}


def _find_datasets(session: Session, text: str, after: str | None, limit: int) -> list[Dataset]:
    return [dataset_of_row(row) for row in session.rows("datasets_found", after or "", text, limit)]


def _counts(states: Sequence[int]) -> PreviewCounts:
    return dict(zip(STATES, states, strict=True))
