"""Versions: `datasets.create_version`, `get_versions`, `update_version`, `commit_version`, `publish_version`, ..."""

from collections.abc import Mapping
from itertools import count
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from mattebox_registry.clearml.caller import Answer, Call, Caller
from mattebox_registry.clearml.only_fields import only
from mattebox_registry.clearml.walks import all_versions
from mattebox_registry.errors import NameTaken, NotFound
from mattebox_registry.keys import CATALOG, STORE
from mattebox_registry.records import Version
from mattebox_registry.rules.catalog import Description, Name, VersionChanges, VersionFields


class CreateVersion(Struct):
    """`datasets.create_version`; what has no place here must be null."""

    dataset: str
    name: Name
    comment: Description | None = None
    parent: str | None = None
    metadata: dict[str, Any] | None = None
    tags: None = None


class GetVersions(Struct):
    """`datasets.get_versions`."""

    dataset: str
    versions: list[str] | None = None
    only_published: bool | None = None
    only_fields: list[str] | None = None
    page: Annotated[int, Meta(ge=0)] | None = None
    page_size: Annotated[int, Meta(ge=1)] | None = None


class UpdateVersion(Struct):
    """`datasets.update_version`; what has no place here must be null."""

    version: str
    name: Name | UnsetType = UNSET
    comment: Description | UnsetType = UNSET
    metadata: dict[str, Any] | UnsetType = UNSET
    tags: None = None


class CommitVersion(Struct):
    """`datasets.commit_version`."""

    version: str
    publish: bool | None = None
    override_stats: None = None


class PublishVersion(Struct):
    """`datasets.publish_version`."""

    version: str


class Snapshot(Struct):
    """`datasets.publish_and_create_child_version`."""

    version: str
    child_name: Name | None = None
    child_comment: Description | None = None
    publish_name: Name | None = None
    publish_comment: Description | None = None


class DeleteVersion(Struct):
    """`datasets.delete_version`."""

    version: str
    force: bool | None = None


async def create(caller: Caller, body: CreateVersion) -> Answer:
    """Raises NotFound, NameTaken, ParentNotPublished, InvalidInput."""
    fields = VersionFields(body.name, body.parent or None, body.comment or "", body.metadata or {})
    return {"id": (await caller.app[CATALOG].create_version(body.dataset, fields)).id}


async def get_all(caller: Caller, body: GetVersions) -> Answer:
    """Give all versions, or a page where one is asked for. Raises NotFound."""
    found = [
        version
        async for version in all_versions(caller.app, body.dataset)
        if (body.versions is None or version.id in body.versions)
        and (not body.only_published or version.status == "published")
    ]
    # Without a page it is the first of many that the SDK has in mind, but it looks for a name in nothing else.
    if body.page is not None and body.page_size is not None:
        start = body.page * body.page_size
        found = found[start : start + body.page_size]
    return {"versions": [only(show_version(version), body.only_fields) for version in found]}


async def update(caller: Caller, body: UpdateVersion) -> Answer:
    """Metadata that is given replaces all. Raises NotFound, NameTaken, VersionPublished, InvalidInput."""
    metadata = body.metadata
    if metadata is not UNSET:
        version = await caller.app[STORE].version(body.version)
        metadata = {**dict.fromkeys(version.metadata), **metadata}
    changes = VersionChanges(name=body.name, description=body.comment, metadata=metadata)
    await caller.app[CATALOG].change_version(body.version, changes)
    return {"updated": 1}


async def commit(caller: Caller, body: CommitVersion) -> Answer:
    """Publish if asked to; all that was acknowledged is committed already. Raises NotFound."""
    version = await caller.app[STORE].version(body.version)
    if body.publish:
        await caller.app[CATALOG].publish(version.id)
    return {"version": version.id, "dataset": version.dataset_id, "parent": version.parent_id}


async def publish(caller: Caller, body: PublishVersion) -> Answer:
    """Raises NotFound."""
    await caller.app[CATALOG].publish(body.version)
    return {}


async def take_snapshot(caller: Caller, body: Snapshot) -> Answer:
    """Publish a version under another name, and give its name to a draft that inherits from it.

    Raises NotFound, NameTaken.
    """
    store, catalog = caller.app[STORE], caller.app[CATALOG]
    version = await store.version(body.version)
    child_name = body.child_name or version.name
    taken = {other.name: other.id async for other in all_versions(caller.app, version.dataset_id)}
    if child_name != version.name and child_name in taken:
        raise NameTaken("version", child_name, taken[child_name])
    # The name by which the SDK knows snapshots.
    free = (name for number in count(1) if (name := f"snapshot {number} ({version.name})") not in taken)
    description = UNSET if body.publish_comment is None else body.publish_comment
    published = VersionChanges(name=body.publish_name or next(free), description=description)
    await catalog.change_version(version.id, published)
    await catalog.publish(version.id)
    fields = VersionFields(child_name, version.id, body.child_comment or "")
    return {"id": (await catalog.create_version(version.dataset_id, fields)).id}


async def delete(caller: Caller, body: DeleteVersion) -> Answer:
    """Raises NotFound, HasChildren, VersionPublished."""
    if body.force:
        caller.need("admin")
    await caller.app[CATALOG].delete_version(body.version, force=bool(body.force))
    return {"deleted": True}


async def version_of(caller: Caller, dataset_id: str, version_id: str) -> Version:
    """Give a version of a dataset. Raises NotFound."""
    version = await caller.app[STORE].version(version_id)
    if version.dataset_id != dataset_id:
        raise NotFound("version", version_id)
    return version


def show_version(version: Version) -> Mapping[str, Any]:
    """Give a version in ClearML's words."""
    return {
        "id": version.id,
        "dataset": version.dataset_id,
        "name": version.name,
        "comment": version.description,
        "status": version.status,
        "parent": version.parent_id,
        "metadata": version.metadata,
        "tags": [],
        "system_tags": [],
        "created": version.created_at,
        "committed": version.updated_at,
        "published": version.published_at,
        "last_frames_update": version.updated_at,
    }


CALLS = {
    "create_version": Call("ingest", CreateVersion, create),
    "get_versions": Call("read", GetVersions, get_all),
    "update_version": Call("ingest", UpdateVersion, update),
    "commit_version": Call("ingest", CommitVersion, commit),
    "publish_version": Call("ingest", PublishVersion, publish),
    "publish_and_create_child_version": Call("ingest", Snapshot, take_snapshot),
    "delete_version": Call("ingest", DeleteVersion, delete),
}
