"""Datasets and versions in SQLite."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import json
from msgspec.structs import replace

from mattebox_registry.errors import (
    HasChildren,
    HasPublishedVersions,
    NameTaken,
    NotFound,
    ParentNotPublished,
    TooManyAncestors,
    VersionPublished,
)
from mattebox_registry.records import Dataset, Version
from mattebox_registry.store.clock import Clock, utc_text
from mattebox_registry.store.connection import Readers, Session, Writer
from mattebox_registry.store.fresh import FreshJobs
from mattebox_registry.store.outbox import Outbox, add_tables

MAX_ANCESTORS = 400
"""A list is merged from one search for each: SQLite merges 500 at most."""


class SqliteCatalog:
    """The catalog part of the store."""

    _writer: Writer
    _readers: Readers
    _clock: Clock
    _fresh: FreshJobs

    async def add_dataset(self, dataset: Dataset) -> None:
        await self._writer.run(_add_dataset, dataset)

    async def dataset(self, dataset_id: str) -> Dataset:
        return await self._readers.run(find_dataset, dataset_id)

    async def datasets(self, *, name: str | None, after: str | None, limit: int) -> list[Dataset]:
        return await self._readers.run(_datasets, name, after, limit)

    async def update_dataset(self, dataset_id: str, changes: Mapping[str, Any]) -> Dataset:
        return await self._writer.run(_update_dataset, dataset_id, changes, self._now())

    async def delete_dataset(self, dataset_id: str, *, force: bool) -> None:
        await self._writer.run(_delete_dataset, dataset_id, force)
        self._fresh.clear()

    async def add_version(self, version: Version) -> None:
        await self._writer.run(_add_version, version)

    async def version(self, version_id: str) -> Version:
        return await self._readers.run(find_version, version_id)

    async def versions(self, dataset_id: str, *, name: str | None, after: str | None, limit: int) -> list[Version]:
        return await self._readers.run(_versions, dataset_id, name, after, limit)

    async def update_version(
        self, version_id: str, changes: Mapping[str, Any], *, restyle: bool, tables: Mapping[bytes, bytes]
    ) -> Version:
        return await self._writer.run(_update_version, version_id, changes, restyle, tables, self._now())

    async def publish_version(self, version_id: str) -> Version:
        return await self._writer.run(_publish_version, version_id, self._now())

    async def delete_version(self, version_id: str, *, force: bool) -> None:
        await self._writer.run(_delete_version, version_id, force)
        self._fresh.clear()

    async def delete_discarded(self, limit: int) -> bool:
        return await self._writer.run(_delete_discarded, limit)

    async def restyling_versions(self) -> list[Version]:
        return await self._readers.run(_restyling_versions)

    def _now(self) -> str:
        return utc_text(self._clock())


class VersionHead(NamedTuple):
    """What a write to the frames of a version has to know."""

    pk: int
    status: str
    style_revision: int
    restyle_after: str | None
    parent: int | None
    """Number of the version whose frames it inherits."""


def version_head(session: Session, version_id: str) -> VersionHead:
    """Raises NotFound."""
    row = session.row("version_head", version_id)
    if row is None:
        raise NotFound("version", version_id)
    return VersionHead(*row)


def draft_head(session: Session, version_id: str) -> VersionHead:
    """Raises NotFound, VersionPublished."""
    head = version_head(session, version_id)
    if head.status == "published":
        raise VersionPublished(version_id)
    return head


def find_dataset(session: Session, dataset_id: str) -> Dataset:
    """Raises NotFound."""
    row = session.row("dataset", dataset_id)
    if row is None:
        raise NotFound("dataset", dataset_id)
    return dataset_of_row(row)


def find_version(session: Session, version_id: str) -> Version:
    """Raises NotFound."""
    row = session.row("version", version_id)
    if row is None:
        raise NotFound("version", version_id)
    return _version(session, row)


def dataset_of_row(row: tuple[Any, ...]) -> Dataset:
    """Read a dataset from the columns that every query of datasets gives."""
    dataset = Dataset(*row)
    return replace(dataset, tags=json.decode(row[3], type=list[str]))


def _version(session: Session, row: tuple[Any, ...]) -> Version:
    *fields, parent = row
    version = Version(*fields)
    outdated_after = version.restyle_after if parent is None else _outdated_after(session, row[0])
    return replace(version, metadata=json.decode(row[7], type=dict[str, Any]), outdated_after=outdated_after)


def _outdated_after(session: Session, version_id: str) -> str | None:
    """Up to where the frames of a version and of all its ancestors have the newest style of each."""
    after: str | None = session.row("outdated_after", version_id)[0]
    return after


def _add_dataset(session: Session, dataset: Dataset) -> None:
    _check_dataset_name(session, dataset)
    values = msgspec.structs.asdict(dataset) | {"tags": json.encode(dataset.tags)}
    session.run("add_dataset", *values.values())


def _check_dataset_name(session: Session, dataset: Dataset) -> None:
    holder = session.row("dataset_named", dataset.name)
    if holder is not None and holder[0] != dataset.id:
        raise NameTaken("dataset", dataset.name, holder[0])


def _datasets(session: Session, name: str | None, after: str | None, limit: int) -> list[Dataset]:
    rows = session.rows("dataset_named", name) if name else session.rows("datasets_after", after or "", limit)
    return [dataset_of_row(row) for row in rows]


def _update_dataset(session: Session, dataset_id: str, changes: Mapping[str, Any], now: str) -> Dataset:
    new = replace(find_dataset(session, dataset_id), **changes, updated_at=now)
    _check_dataset_name(session, new)
    session.run(
        "update_dataset", new.name, new.description, json.encode(new.tags), new.project, new.updated_at, dataset_id
    )
    return new


def _delete_dataset(session: Session, dataset_id: str, force: bool) -> None:
    find_dataset(session, dataset_id)
    if not force and session.row("published_version_of", dataset_id):
        raise HasPublishedVersions(dataset_id)
    for (pk,) in session.rows("versions_of", dataset_id):
        _delete_with_frames(session, pk)
    session.run("delete_dataset", dataset_id)


def _add_version(session: Session, version: Version) -> None:
    find_dataset(session, version.dataset_id)
    inherits: tuple[int | None, int | None, int] = None, None, 0
    if version.parent_id is not None:
        parent = find_version(session, version.parent_id)
        if parent.dataset_id != version.dataset_id:
            raise NotFound("version", version.parent_id)
        if parent.status != "published":
            raise ParentNotPublished(parent.id)
        if len(session.rows("lineage", parent.id)) >= MAX_ANCESTORS:
            raise TooManyAncestors(MAX_ANCESTORS)
        inherits = session.row("version_to_inherit", parent.id)
    _check_version_name(session, version)
    session.run(
        "add_version",
        *(version.id, version.dataset_id, version.name, version.description, version.status, version.parent_id),
        *(json.encode(version.metadata), version.style_revision, version.restyle_after),
        *(version.created_at, version.updated_at, version.published_at, *inherits),
    )


def _check_version_name(session: Session, version: Version) -> None:
    holder = session.row("version_named", version.dataset_id, version.name)
    if holder is not None and holder[0] != version.id:
        raise NameTaken("version", version.name, holder[0])


def _versions(session: Session, dataset_id: str, name: str | None, after: str | None, limit: int) -> list[Version]:
    find_dataset(session, dataset_id)
    if name is None:
        rows = session.rows("versions_after", dataset_id, after or "", limit)
    else:
        rows = session.rows("version_named", dataset_id, name)
    return [_version(session, row) for row in rows]


def _restyling_versions(session: Session) -> list[Version]:
    versions = [_version(session, row) for row in session.rows("restyling_versions")]
    # What an ancestor's restyle comes to decides which of its frames an heir has to show otherwise.
    return [v for v in versions if v.parent_id is None or _outdated_after(session, v.parent_id) is None]


def _update_version(
    session: Session,
    version_id: str,
    changes: Mapping[str, Any],
    restyle: bool,
    tables: Mapping[bytes, bytes],
    now: str,
) -> Version:
    old = find_version(session, version_id)
    if old.status == "published":
        raise VersionPublished(version_id)
    new = replace(old, **changes, updated_at=now)
    if restyle:
        # Every id is after "": the walk begins with the first frame.
        new = replace(new, style_revision=old.style_revision + 1, restyle_after="" if old.frame_count else None)
        add_tables(session, tables)
    _check_version_name(session, new)
    metadata = json.encode(new.metadata)
    session.run(
        "update_version",
        *(new.name, new.description, metadata, new.style_revision, new.restyle_after, new.updated_at, version_id),
    )
    return new


def _publish_version(session: Session, version_id: str, now: str) -> Version:
    session.run("publish_version", version_id, now)
    return find_version(session, version_id)


def _delete_version(session: Session, version_id: str, force: bool) -> None:
    head = version_head(session, version_id)
    if session.row("child_of", version_id):
        raise HasChildren(version_id)
    if head.status == "published" and not force:
        raise VersionPublished(version_id)
    _delete_with_frames(session, head.pk)


def _delete_with_frames(session: Session, version: int) -> None:
    outbox = Outbox(session)
    for (seq,) in session.rows("requests_of_version", version):
        outbox.withdraw_request(seq)
    outbox.flush()
    session.run("discard_version", version)
    session.run("delete_version", version)


def _delete_discarded(session: Session, limit: int) -> bool:
    found = session.row("discarded_version")
    if found is None:
        return False
    (version,) = found
    frames = session.rows("frames_of_discarded", version, limit)
    outbox = Outbox(session)
    for _, job in frames:
        outbox.withdraw(job)
    outbox.flush()
    session.run_many("delete_frame", [(pk,) for pk, _ in frames])
    if len(frames) == limit:
        return True
    if session.run("forget_hidden", version, limit) < limit and session.run("forget_gaps", version, limit) < limit:
        session.run("forget_discarded", version)
    return True
