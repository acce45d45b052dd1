"""Datasets and versions: how they come to be and what may change about them."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from mattebox.models import NAME_PATTERN
from mattebox_registry.errors import LabelsChanged, VersionPublished
from mattebox_registry.records import Dataset, Version
from mattebox_registry.rules.discard import Discarder
from mattebox_registry.rules.ids import new_id
from mattebox_registry.rules.metadata import STYLE_FIELDS, check_mask_labels, check_style
from mattebox_registry.rules.restyle import Restyler
from mattebox_registry.store.port import Store

Name = Annotated[str, Meta(min_length=1, max_length=256, pattern=NAME_PATTERN)]
Description = Annotated[str, Meta(max_length=65_536)]
Tags = Annotated[list[Name], Meta(max_length=256)]
Project = Annotated[str, Meta(max_length=256)]

_PAGE = 500


class DatasetFields(Struct, forbid_unknown_fields=True):
    """A dataset as a client declares it."""

    name: Name
    description: Description = ""
    tags: Tags = []
    project: Project | None = None


class DatasetChanges(Struct, forbid_unknown_fields=True):
    """The fields of a dataset to set."""

    name: Name | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    project: Project | UnsetType | None = UNSET


class VersionFields(Struct, forbid_unknown_fields=True):
    """A version as a client declares it; of `metadata`, a child has that of its parent where none is given."""

    name: Name
    parent_id: str | None = None
    description: Description = ""
    metadata: dict[str, Any] = {}


class VersionChanges(Struct, forbid_unknown_fields=True):
    """The fields of a version to set; of `metadata`, those named, and null takes one out."""

    name: Name | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    metadata: dict[str, Any] | UnsetType = UNSET


class Catalog:
    """What can be done to datasets and versions."""

    def __init__(self, store: Store, restyler: Restyler, discarder: Discarder, announce: Callable[[str], None]) -> None:
        """`announce` is called with the id of a version that changed, before the caller gets its answer."""
        self._store = store
        self._restyler = restyler
        self._discarder = discarder
        self._announce = announce
        # Metadata is read, merged and written back; two of these at a time would lose one.
        self._one_merge_at_a_time = asyncio.Lock()

    async def create_dataset(self, fields: DatasetFields) -> Dataset:
        """Raises NameTaken."""
        now = utc_now()
        dataset = Dataset(id=new_id(), created_at=now, updated_at=now, **msgspec.structs.asdict(fields))
        await self._store.add_dataset(dataset)
        return dataset

    async def change_dataset(self, dataset_id: str, changes: DatasetChanges) -> Dataset:
        """Raises NotFound, NameTaken."""
        return await self._store.update_dataset(dataset_id, given(changes))

    async def create_version(self, dataset_id: str, fields: VersionFields) -> Version:
        """Make a draft; a child begins with the frames and metadata of its parent, but for the metadata given.

        Raises NotFound, NameTaken, ParentNotPublished, TooManyAncestors, InvalidInput.
        """
        check_style(fields.metadata)
        metadata, restyle = fields.metadata, False
        if fields.parent_id is not None:
            # What it inherits cannot change any more: a parent is published, or the store refuses it.
            parent = await self._store.version(fields.parent_id)
            metadata = _merged(parent.metadata, fields.metadata)
            restyle = parent.frame_count > 0 and _style_differs(parent.metadata, metadata)
        now = utc_now()
        version = Version(
            id=new_id(),
            dataset_id=dataset_id,
            name=fields.name,
            description=fields.description,
            status="draft",
            parent_id=fields.parent_id,
            frame_count=0,
            metadata=metadata,
            style_revision=1,
            # Every id is after "": the walk begins with the first frame.
            restyle_after="" if restyle else None,
            created_at=now,
            updated_at=now,
            published_at=None,
        )
        await self._store.add_version(version)
        if restyle:
            await self._restyler.begin(version.id)
        return await self._store.version(version.id)

    async def change_version(self, version_id: str, changes: VersionChanges) -> Version:
        """Set fields; new mask labels or encodings restyle the frames.

        Raises NotFound, NameTaken, VersionPublished, InvalidInput.
        """
        fields = given(changes)
        async with self._one_merge_at_a_time:
            version = await self._store.version(version_id)
            restyle = False
            if "metadata" in fields:
                fields["metadata"] = _merged(version.metadata, fields["metadata"])
                restyle = _style_differs(version.metadata, fields["metadata"])
            updated = await self._store.update_version(version_id, fields, restyle=restyle, tables={})
        return await self._settled(updated, restyle=restyle)

    async def set_mask_labels(
        self, version_id: str, declared: object, *, unchanged: Callable[[Version], bool] | None = None
    ) -> Version:
        """Replace a version's mapping, in the form given; `unchanged` tells whether it is still the one to be replaced.

        Raises:
            NotFound, VersionPublished, InvalidInput: nothing was changed.
            LabelsChanged: it is not.
        """
        check_mask_labels(declared, "mask_labels")
        async with self._one_merge_at_a_time:
            version = await self._store.version(version_id)
            if version.status == "published":
                raise VersionPublished(version_id)
            if unchanged is not None and not unchanged(version):
                raise LabelsChanged(version_id)
            metadata = {**version.metadata, "mask_labels": declared}
            restyle = _style_differs(version.metadata, metadata)
            updated = await self._store.update_version(version_id, {"metadata": metadata}, restyle=restyle, tables={})
        return await self._settled(updated, restyle=restyle)

    async def publish(self, version_id: str) -> Version:
        """Make a version read-only; publishing twice changes nothing. Raises NotFound."""
        version = await self._store.publish_version(version_id)
        self._announce(version_id)
        return version

    async def delete_dataset(self, dataset_id: str, *, force: bool) -> None:
        """Delete with all versions and frames. Raises NotFound, HasPublishedVersions."""
        versions = await self._all_versions(dataset_id)
        await self._store.delete_dataset(dataset_id, force=force)
        self._discarder.begin()
        for version_id in versions:
            self._announce(version_id)

    async def delete_version(self, version_id: str, *, force: bool) -> None:
        """Delete with all frames. Raises NotFound, HasChildren, and VersionPublished without `force`."""
        await self._store.delete_version(version_id, force=force)
        self._discarder.begin()
        self._announce(version_id)

    async def _all_versions(self, dataset_id: str) -> list[str]:
        ids: list[str] = []
        after = None
        while page := await self._store.versions(dataset_id, name=None, after=after, limit=_PAGE):
            ids += [version.id for version in page]
            after = page[-1].name
        return ids

    async def _settled(self, version: Version, *, restyle: bool) -> Version:
        self._announce(version.id)
        if not restyle:
            return version
        await self._restyler.begin(version.id)
        return await self._store.version(version.id)


def given(changes: Struct) -> dict[str, Any]:
    """Keep the fields that a client sent."""
    return {name: value for name, value in msgspec.structs.asdict(changes).items() if value is not UNSET}


def utc_now() -> str:
    """Give the time as RFC 3339, UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _merged(metadata: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Merge the top level of metadata as JSON Merge Patch (RFC 7396) does."""
    merged = {name: value for name, value in {**metadata, **changes}.items() if value is not None}
    check_style(merged)
    return merged


def _style_differs(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return any(one.get(field) != other.get(field) for field in STYLE_FIELDS)
