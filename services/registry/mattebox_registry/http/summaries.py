"""Datasets and versions as they are answered: the records, and what their frames come to."""

from collections.abc import Sequence
from typing import Any

import msgspec

from mattebox_registry.records import Dataset, Version
from mattebox_registry.store.port import SummaryStore

_INTERNAL = ("style_revision", "restyle_after", "outdated_after")


async def show_datasets(store: SummaryStore, datasets: Sequence[Dataset]) -> list[dict[str, Any]]:
    """Give datasets with the counts of their versions and frames."""
    summaries = await store.dataset_summaries([dataset.id for dataset in datasets])
    return [
        msgspec.structs.asdict(dataset)
        | summaries[dataset.id]._asdict()
        | {"frame_count": sum(summaries[dataset.id].previews.values())}
        for dataset in datasets
    ]


async def show_versions(store: SummaryStore, versions: Sequence[Version]) -> list[dict[str, Any]]:
    """Give versions with the counts of their frames; one that was deleted meanwhile is left out."""
    previews = await store.version_summaries([version.id for version in versions])
    return [_version(version) | {"previews": previews[version.id]} for version in versions if version.id in previews]


def _version(version: Version) -> dict[str, Any]:
    shown = msgspec.structs.asdict(version)
    for field in _INTERNAL:
        del shown[field]
    return shown
