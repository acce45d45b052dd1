"""From the names people use to what the registry has."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mattebox.answers import Dataset, Version
from mattebox.errors import AlreadyExists, Conflict, NotFound, Problem, UsageError

if TYPE_CHECKING:
    from mattebox.aio import Client

FIRST_VERSION = "Current"
"""Name of the draft that a dataset begins with."""


class DatasetKey(NamedTuple):
    """A dataset by its id or name."""

    id: str | None = None
    name: str | None = None
    project: str | None = None
    """If given, the dataset has to be in this project."""


class VersionKey(NamedTuple):
    """A version of a dataset by its id or name; neither: the current one."""

    id: str | None = None
    name: str | None = None


class Found(NamedTuple):
    """A version and its dataset."""

    dataset: Dataset
    version: Version


async def find_dataset(client: "Client", key: DatasetKey) -> Dataset:
    """Raises UsageError where not exactly one of id and name is given, NotFound."""
    if (key.id is None) == (key.name is None):
        raise UsageError("Say which dataset: either dataset_name or dataset_id.")
    if key.id is not None:
        return await client.dataset(key.id)
    async for dataset in client.datasets(name=key.name):
        if key.project in (None, dataset.project):
            return dataset
        break
    place = f" in project {key.project!r}" if key.project else ""
    raise _missing(
        f"There is no dataset named {key.name!r}{place}. Dataset.create(dataset_name={key.name!r}) makes one."
    )


async def find_version(client: "Client", dataset_key: DatasetKey, key: VersionKey) -> Found:
    """Raises UsageError, NotFound."""
    if key.id is not None and key.name is not None:
        raise UsageError("Say which version: either version_name or version_id.")
    if key.id is not None:
        version = await client.version(key.id)
        return Found(await client.dataset(version.dataset_id), version)
    dataset = await find_dataset(client, dataset_key)
    if key.name is None:
        return Found(dataset, await _current(client, dataset, drafts_only=False))
    return Found(dataset, await _named_version(client, dataset, key.name))


async def find_current(client: "Client", key: DatasetKey) -> Found:
    """Find the draft that changed last. Raises UsageError, NotFound."""
    dataset = await find_dataset(client, key)
    return Found(dataset, await _current(client, dataset, drafts_only=True))


async def list_versions(client: "Client", dataset: Dataset) -> list[Version]:
    """List the versions of a dataset, the one that changed last first."""
    versions = [version async for version in client.versions(dataset.id)]
    return sorted(versions, key=lambda version: (version.updated_at, version.created_at), reverse=True)


async def ensure_dataset(client: "Client", name: str, fields: Mapping[str, Any], *, raise_if_exists: bool) -> Dataset:
    """Make a dataset with a first draft, or give the one that has the name. Raises AlreadyExists if that is asked."""
    try:
        dataset = await client.create_dataset(name, **_given(fields))
    except Conflict as taken:
        if raise_if_exists:
            raise _exists(f"A dataset named {name!r} exists already.", taken) from taken
        if taken.existing_id is None:
            raise
        return await client.dataset(taken.existing_id)
    await client.create_version(dataset.id, FIRST_VERSION)
    return dataset


class NewVersion(NamedTuple):
    """A version to make."""

    name: str
    description: str | None = None
    parent_ids: Sequence[str] = ()
    parent_names: Sequence[str] = ()
    metadata: Mapping[str, Any] | None = None


async def ensure_version(client: "Client", dataset: Dataset, new: NewVersion, *, raise_if_exists: bool) -> Version:
    """Make a draft, or give the version that has the name. Raises AlreadyExists if that is asked, NotFound, Conflict,
    UsageError for parents of which none comes from all others."""
    fields: dict[str, Any] = _given({"description": new.description, "metadata": new.metadata})
    try:
        parent_id = await _parent(client, dataset, new)
        return await client.create_version(dataset.id, new.name, parent_id=parent_id, **fields)
    except Conflict as taken:
        if taken.existing_id is None:
            raise
        if raise_if_exists:
            detail = f"Dataset {dataset.name!r} has a version named {new.name!r} already."
            raise _exists(detail, taken) from taken
        return await client.version(taken.existing_id)


async def _parent(client: "Client", dataset: Dataset, new: NewVersion) -> str | None:
    """Find the parent; of several the one that comes from all others, and so shows their frames already."""
    named = [(await _named_version(client, dataset, name)).id for name in new.parent_names]
    parents = dict.fromkeys([*new.parent_ids, *named])
    if len(parents) < 2:
        return next(iter(parents), None)
    came_from = {version.id: version.parent_id for version in await list_versions(client, dataset)}
    for parent in parents:
        line: list[str] = []
        ancestor: str | None = parent
        while ancestor is not None and ancestor not in line:
            line.append(ancestor)
            ancestor = came_from.get(ancestor)
        if parents.keys() <= set(line):
            return parent
    raise UsageError(
        "A version has one parent. Several can be named where one of them comes from all others, and so shows their "
        "frames. To merge others, make a child of one and add the frames of the rest to it."
    )


async def _named_version(client: "Client", dataset: Dataset, name: str) -> Version:
    async for version in client.versions(dataset.id, name=name):
        return version
    there = [version.name for version in await list_versions(client, dataset)]
    names = ", ".join(map(repr, there[:5])) + (", ..." if len(there) > 5 else "") if there else "none"
    raise _missing(f"Dataset {dataset.name!r} has no version named {name!r}. Its versions are: {names}.")


async def _current(client: "Client", dataset: Dataset, *, drafts_only: bool) -> Version:
    versions = await list_versions(client, dataset)
    drafts = [version for version in versions if version.status == "draft"]
    for version in drafts if drafts_only or drafts else versions:
        return version
    parent = f", parent_version_names=[{versions[0].name!r}]" if versions else ""
    raise _missing(
        f"Dataset {dataset.name!r} has no draft. Make one: DatasetVersion.create_version("
        f"dataset_name={dataset.name!r}, version_name=...{parent})."
    )


def _missing(detail: str) -> NotFound:
    return NotFound(Problem(404, detail=detail, code="not_found"))


def _exists(detail: str, taken: Conflict) -> AlreadyExists:
    return AlreadyExists(Problem(409, detail=detail, code=taken.code, existing_id=taken.existing_id), taken.request)


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
