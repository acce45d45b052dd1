"""A dataset: a named collection of versions."""

from collections.abc import Sequence

from mattebox import answers
from mattebox.client import Client, current_client
from mattebox.dataset_lookup import (
    DatasetKey,
    Found,
    NewVersion,
    VersionKey,
    ensure_dataset,
    ensure_version,
    find_dataset,
    find_version,
    list_versions,
)
from mattebox.dataset_version import DatasetVersion
from mattebox.errors import Conflict, Problem, UsageError
from mattebox.notebook import table


class Dataset:
    """A dataset. Made by `create` and found by `get`, not by its constructor."""

    def __init__(self, client: Client, record: answers.Dataset) -> None:
        self._client = client
        self._record = record

    @classmethod
    def create(
        cls,
        dataset_name: str,
        description: str | None = None,
        tags: Sequence[str] | None = None,
        raise_if_exists: bool = False,
        dataset_project: str | None = None,
    ) -> "Dataset":
        """Make a dataset with an empty draft named "Current", or give the dataset that has the name.

        Raises:
            AlreadyExists: the name is taken, and `raise_if_exists`.
        """
        client = current_client()
        fields = {"description": description, "tags": list(tags or ()), "project": dataset_project}
        return cls(
            client,
            client.run(lambda calls: ensure_dataset(calls, dataset_name, fields, raise_if_exists=raise_if_exists)),
        )

    @classmethod
    def get(
        cls, dataset_name: str | None = None, dataset_id: str | None = None, dataset_project: str | None = None
    ) -> "Dataset":
        """Find a dataset by name or id. Raises NotFound, UsageError."""
        client = current_client()
        key = DatasetKey(dataset_id, dataset_name, dataset_project)
        return cls(client, client.run(lambda calls: find_dataset(calls, key)))

    @classmethod
    def list(cls) -> "list[Dataset]":
        """List all datasets by name."""
        client = current_client()
        return [cls(client, record) for record in client.iterate(lambda calls: calls.datasets())]

    @classmethod
    def delete(
        cls,
        dataset_name: str | None = None,
        dataset_id: str | None = None,
        delete_all_versions: bool = False,
        force: bool = False,
        dataset_project: str | None = None,
    ) -> None:
        """Delete a dataset; one with frames only with `delete_all_versions`, one with published versions with `force`.

        Files that frames point to are never deleted.

        Raises:
            Conflict: it has frames or published versions, and that was not allowed.
            NotFound, UsageError: as `get`.
        """
        dataset = cls.get(dataset_name, dataset_id, dataset_project)
        if not delete_all_versions and any(version.frame_count for version in dataset.get_versions()):
            detail = f"Dataset {dataset.name!r} has versions with frames: delete_all_versions=True deletes them too."
            raise Conflict(Problem(409, detail=detail, code="has_versions"))
        dataset._client.run(lambda calls: calls.delete_dataset(dataset.id, force=force))

    @property
    def id(self) -> str:
        """The dataset's id, which the API goes by."""
        return self._record.id

    @property
    def name(self) -> str:
        """The dataset's name, unique in the registry."""
        return self._record.name

    @property
    def project(self) -> str | None:
        """The project it is kept under."""
        return self._record.project

    @property
    def description(self) -> str:
        """What it is about."""
        return self._record.description

    @property
    def tags(self) -> Sequence[str]:
        """Words to find it by."""
        return tuple(self._record.tags)

    def create_version(
        self,
        version_name: str,
        description: str | None = None,
        parent_version_ids: Sequence[str] | None = None,
        parent_version_names: Sequence[str] | None = None,
        raise_if_exists: bool = False,
    ) -> DatasetVersion:
        """Make a draft of this dataset, or give the version that has the name; see `DatasetVersion.create_version`."""
        new = NewVersion(version_name, description, tuple(parent_version_ids or ()), tuple(parent_version_names or ()))
        record = self._client.run(
            lambda calls: ensure_version(calls, self._record, new, raise_if_exists=raise_if_exists)
        )
        return DatasetVersion(self._client, Found(self._record, record))

    def get_version(self, version_name: str | None = None, version_id: str | None = None) -> DatasetVersion:
        """Find a version by name or id; without either, the draft that changed last, else the last published one.

        Raises NotFound, UsageError.
        """
        keys = DatasetKey(self.id), VersionKey(version_id, version_name)
        return DatasetVersion(self._client, self._client.run(lambda calls: find_version(calls, *keys)))

    def get_versions(self) -> "Sequence[DatasetVersion]":
        """List the versions, the one that changed last first."""
        records = self._client.run(lambda calls: list_versions(calls, self._record))
        return [DatasetVersion(self._client, Found(self._record, record)) for record in records]

    def delete_version(
        self, version_name: str | None = None, version_id: str | None = None, force: bool = False
    ) -> None:
        """Delete a version with its frames; a published one with `force`. Raises Conflict, NotFound, UsageError."""
        if version_name is None and version_id is None:
            raise UsageError("Say which version: either version_name or version_id.")
        self.get_version(version_name, version_id).delete(force=force)

    def add_tags(self, tags: Sequence[str]) -> None:
        """Add tags that are not there yet."""
        self._set_tags([*self.tags, *(tag for tag in tags if tag not in self.tags)])

    def remove_tags(self, tags: Sequence[str]) -> None:
        """Take tags away."""
        self._set_tags([tag for tag in self.tags if tag not in tags])

    def __repr__(self) -> str:
        return f"<Dataset {self.name!r}>"

    def _repr_html_(self) -> str:
        rows = [(v.name, v._record.status, f"{v._record.frame_count:,}") for v in self.get_versions()]
        return table(("version", "status", "frames"), rows, self.name)

    def _set_tags(self, tags: Sequence[str]) -> None:
        self._record = self._client.run(lambda calls: calls.update_dataset(self.id, tags=tags))
