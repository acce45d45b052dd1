"""Datasets: `datasets.create`, `get_all`, `get_by_id`, `update`, `delete`."""

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from mattebox_registry.clearml.caller import Answer, Call, Caller
from mattebox_registry.clearml.only_fields import only
from mattebox_registry.clearml.patterns import read_pattern
from mattebox_registry.clearml.projects import project_id, project_name
from mattebox_registry.clearml.versions import show_version
from mattebox_registry.clearml.walks import all_datasets, all_versions
from mattebox_registry.errors import FieldError, InvalidInput
from mattebox_registry.keys import CATALOG, STORE
from mattebox_registry.records import Dataset, DatasetSummary
from mattebox_registry.rules.catalog import DatasetChanges, DatasetFields, Description, Name, Tags

_MAX_PAGE = 1_000


class Create(Struct):
    """`datasets.create`; what has no place here must be null."""

    name: Name
    comment: Description | None = None
    tags: Tags | None = None
    project: str | None = None
    metadata: None = None
    field_mappings: None = None


class GetAll(Struct):
    """`datasets.get_all`."""

    id: list[str] | None = None
    name: str | None = None
    project: str | None = None
    tags: list[str] | None = None
    system_tags: list[str] | None = None
    only_fields: list[str] | None = None
    page: Annotated[int, Meta(ge=0)] | None = None
    page_size: Annotated[int, Meta(ge=1)] | None = None
    size: Annotated[int, Meta(ge=1)] | None = None
    resolve_head: bool | None = None


class GetById(Struct):
    """`datasets.get_by_id`."""

    dataset: str


class Update(Struct):
    """`datasets.update`; what has no place here must be null."""

    dataset: str
    name: Name | UnsetType = UNSET
    comment: Description | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    metadata: None = None


class Delete(Struct):
    """`datasets.delete`."""

    dataset: str
    delete_all_versions: bool | None = None
    force: bool | None = None


async def create(caller: Caller, body: Create) -> Answer:
    """Raises NameTaken."""
    fields = DatasetFields(body.name, body.comment or "", body.tags or [], project_name(body.project))
    return {"id": (await caller.app[CATALOG].create_dataset(fields)).id}


async def get_all(caller: Caller, body: GetAll) -> Answer:
    """Give a page of the datasets that are wanted."""
    found = await _wanted(caller, body)
    if body.page_size is not None:
        start = (body.page or 0) * body.page_size
        found = found[start : start + body.page_size]
    found = found[: min(body.size or _MAX_PAGE, _MAX_PAGE)]
    summaries = await caller.app[STORE].dataset_summaries([dataset.id for dataset in found])
    shown = []
    for dataset in found:
        fields = _show(dataset, summaries[dataset.id])
        if body.resolve_head:
            fields["head_version"] = await _head(caller, summaries[dataset.id])
        shown.append(only(fields, body.only_fields))
    return {"datasets": shown}


async def get_by_id(caller: Caller, body: GetById) -> Answer:
    """Raises NotFound."""
    dataset = await caller.app[STORE].dataset(body.dataset)
    summaries = await caller.app[STORE].dataset_summaries([dataset.id])
    return {"dataset": _show(dataset, summaries[dataset.id])}


async def update(caller: Caller, body: Update) -> Answer:
    """Raises NotFound, NameTaken."""
    changes = DatasetChanges(name=body.name, description=body.comment, tags=body.tags)
    await caller.app[CATALOG].change_dataset(body.dataset, changes)
    return {"updated": 1}


async def delete(caller: Caller, body: Delete) -> Answer:
    """Raises NotFound, HasPublishedVersions, InvalidInput."""
    if body.force:
        caller.need("admin")
    versions = [version.id async for version in all_versions(caller.app, body.dataset)]
    if versions and not body.delete_all_versions:
        fault = FieldError("delete_all_versions", f"It has {len(versions)} versions: say true to delete them too.")
        raise InvalidInput("invalid_body", "The dataset has versions.", [fault])
    await caller.app[CATALOG].delete_dataset(body.dataset, force=bool(body.force))
    return {"deleted": True, "deleted_versions": versions}


async def _wanted(caller: Caller, body: GetAll) -> list[Dataset]:
    pattern = None if body.name is None else read_pattern(body.name)
    project = project_name(body.project)
    if pattern is not None and pattern.name is not None:
        found = await caller.app[STORE].datasets(name=pattern.name, after=None, limit=1)
    else:
        found = [one async for one in all_datasets(caller.app) if pattern is None or pattern.matches(one.name)]
    return [
        dataset
        for dataset in found
        if (body.id is None or dataset.id in body.id)
        and (project is None or dataset.project == project)
        and _has_tags(dataset.tags, body.tags)
        and _has_tags([], body.system_tags)
    ]


def _has_tags(tags: list[str], wanted: list[str] | None) -> bool:
    """Tell whether none is there that begins with `-` in what is wanted, and one of the others, if there are others."""
    excluded = {tag[1:] for tag in wanted or () if tag.startswith("-")}
    included = {tag for tag in wanted or () if not tag.startswith("-")}
    return excluded.isdisjoint(tags) and (not included or not included.isdisjoint(tags))


async def _head(caller: Caller, summary: DatasetSummary) -> Mapping[str, Any] | None:
    if summary.latest_version_id is None:
        return None
    return show_version(await caller.app[STORE].version(summary.latest_version_id))


def _show(dataset: Dataset, summary: DatasetSummary) -> dict[str, Any]:
    return {
        "id": dataset.id,
        "name": dataset.name,
        "comment": dataset.description,
        "tags": dataset.tags,
        "system_tags": [],
        "project": None if dataset.project is None else project_id(dataset.project),
        "created": dataset.created_at,
        "last_update": dataset.updated_at,
        "version_count": summary.version_count,
    }


CALLS = {
    "create": Call("ingest", Create, create),
    "get_all": Call("read", GetAll, get_all),
    "get_by_id": Call("read", GetById, get_by_id),
    "update": Call("ingest", Update, update),
    "delete": Call("ingest", Delete, delete),
}
