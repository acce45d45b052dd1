"""A version of a dataset: what frames are added to, labelled in and read from."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mattebox._binding import on_class_or_instance
from mattebox.answers import PreviewCounts
from mattebox.client import Client, current_client
from mattebox.dataset_lookup import (
    FIRST_VERSION,
    DatasetKey,
    Found,
    NewVersion,
    VersionKey,
    ensure_version,
    find_current,
    find_dataset,
    find_version,
    list_versions,
)
from mattebox.errors import NotFound
from mattebox.frame_group import FrameOrGroup, read_frame
from mattebox.frame_registered import Origin
from mattebox.labels import MaskLabelsInput
from mattebox.mask_mapping import MaskMapping
from mattebox.models import ALL_MASKS
from mattebox.notebook import Markup, table
from mattebox.progress import progress_bar
from mattebox.reports import VersionReport
from mattebox.statistics import VersionStatistics
from mattebox.version_frames import VersionFrames

if TYPE_CHECKING:
    from mattebox import aio
    from mattebox.dataset import Dataset


class DatasetVersion(VersionFrames):
    """A version of a dataset. Made by `create_version` and found by `get_version`, not by its constructor."""

    def __init__(self, client: Client, found: Found) -> None:
        self._dataset, self._record = found
        origin = Origin(client, found.version.id, found.version.name, found.dataset.id, found.dataset.name)
        super().__init__(client, origin)

    @classmethod
    def create_new_dataset(
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
        # Each of the two makes the other.
        from mattebox.dataset import Dataset  # noqa: PLC0415

        return Dataset.create(dataset_name, description, tags, raise_if_exists, dataset_project)

    @classmethod
    def create_version(
        cls,
        version_name: str,
        description: str | None = None,
        dataset_id: str | None = None,
        dataset_name: str | None = None,
        parent_version_ids: Sequence[str] | None = None,
        parent_version_names: Sequence[str] | None = None,
        raise_if_exists: bool = False,
        dataset_project: str | None = None,
    ) -> "DatasetVersion":
        """Make a draft, and its dataset where there is none of the name; or give the version that has the name.

        With a parent, which has to be published, the draft begins with its frames, mask labels and metadata. Nothing is
        copied: frames that are added under an id that is there, or deleted, change here and not in the parent.

        Raises:
            AlreadyExists: the version exists, and `raise_if_exists`.
            Conflict: the parent is not published.
            NotFound: no such parent, or no dataset of the id.
            UsageError: parents of which none comes from all others, or not exactly one of `dataset_id` and
                `dataset_name`.
        """
        client = current_client()
        key = DatasetKey(dataset_id, dataset_name, dataset_project)
        new = NewVersion(version_name, description, tuple(parent_version_ids or ()), tuple(parent_version_names or ()))
        return cls(client, client.run(lambda calls: _make(calls, key, new, raise_if_exists=raise_if_exists)))

    @classmethod
    def get_version(
        cls,
        dataset_id: str | None = None,
        dataset_name: str | None = None,
        version_id: str | None = None,
        version_name: str | None = None,
        dataset_project: str | None = None,
    ) -> "DatasetVersion":
        """Find a version by id or name; without either, the draft that changed last, else the last published one.

        Raises:
            NotFound: there is none.
            UsageError: the dataset is not named, or something is named twice.
        """
        client = current_client()
        keys = DatasetKey(dataset_id, dataset_name, dataset_project), VersionKey(version_id, version_name)
        return cls(client, client.run(lambda calls: find_version(calls, *keys)))

    @classmethod
    def get_versions(
        cls,
        dataset_name: str | None = None,
        dataset_id: str | None = None,
        only_published: bool = False,
        only_draft: bool = False,
        dataset_project: str | None = None,
    ) -> "list[DatasetVersion]":
        """List the versions of a dataset, the one that changed last first. Raises NotFound, UsageError."""
        client = current_client()

        async def listed(calls: "aio.Client") -> list[Found]:
            dataset = await find_dataset(calls, DatasetKey(dataset_id, dataset_name, dataset_project))
            return [Found(dataset, version) for version in await list_versions(calls, dataset)]

        versions = [cls(client, found) for found in client.run(listed)]
        return [v for v in versions if (v.draft or not only_draft) and (v.published or not only_published)]

    @classmethod
    def get_current(
        cls, dataset_id: str | None = None, dataset_name: str | None = None, dataset_project: str | None = None
    ) -> "DatasetVersion":
        """Find the draft of a dataset that changed last. Raises NotFound where all are published, UsageError."""
        client = current_client()
        key = DatasetKey(dataset_id, dataset_name, dataset_project)
        return cls(client, client.run(lambda calls: find_current(calls, key)))

    @on_class_or_instance
    def get_single_frame(
        self: "DatasetVersion | type[DatasetVersion]",
        frame_id: str,
        dataset_id: str | None = None,
        dataset_name: str | None = None,
        version_id: str | None = None,
        version_name: str | None = None,
        dataset_project: str | None = None,
    ) -> FrameOrGroup:
        """Give one frame, or group, by its id: of this version, or on the class of the version that is named.

        Raises:
            NotFound: no such frame or version.
            UsageError: called on the class without naming the version.
        """
        named = (dataset_id, dataset_name, version_id, version_name, dataset_project)
        version = self if isinstance(self, DatasetVersion) else self.get_version(*named)
        found = version._client.run(lambda calls: calls.frame(version.id, frame_id))
        return read_frame(found.document, version._origin)

    @on_class_or_instance
    def create_snapshot(
        self: "DatasetVersion | type[DatasetVersion]",
        version_name: str | None = None,
        version_id: str | None = None,
        dataset_name: str | None = None,
        dataset_id: str | None = None,
        publish_name: str | None = None,
        publish_comment: str | None = None,
        publish_metadata: Mapping[str, Any] | None = None,
        child_name: str | None = None,
        child_comment: str | None = None,
        child_metadata: Mapping[str, Any] | None = None,
        dataset_project: str | None = None,
    ) -> "DatasetVersion":
        """Publish a draft under a name of its own, and give a new draft with the same frames that takes its place.

        Without names the published version is called "snapshot" and the time, the new draft "Current".

        Raises:
            Conflict: it is published already, or a name is taken.
            NotFound, UsageError: as `get_version`.
        """
        if isinstance(self, DatasetVersion):
            version = self
        elif version_name is None and version_id is None:
            version = self.get_current(dataset_id, dataset_name, dataset_project)
        else:
            version = self.get_version(dataset_id, dataset_name, version_id, version_name, dataset_project)
        name = publish_name or f"snapshot {datetime.now(UTC).isoformat(timespec='microseconds')}"
        version._change(_given(name=name, description=publish_comment, metadata=publish_metadata))
        version.publish_version()
        new = NewVersion(child_name or FIRST_VERSION, child_comment, (version.id,), (), child_metadata)
        dataset, client = version._dataset, version._client
        record = client.run(lambda calls: ensure_version(calls, dataset, new, raise_if_exists=True))
        return DatasetVersion(client, Found(dataset, record))

    @property
    def id(self) -> str:
        """The version's id, which the API goes by."""
        return self._record.id

    @property
    def name(self) -> str:
        """The version's name, unique within its dataset."""
        return self._record.name

    version_id = id
    version_name = name

    @property
    def dataset_id(self) -> str:
        """Id of the dataset."""
        return self._dataset.id

    @property
    def dataset_name(self) -> str:
        """Name of the dataset."""
        return self._dataset.name

    @property
    def comment(self) -> str:
        """The version's description."""
        return self._record.description

    @property
    def draft(self) -> bool:
        """Whether frames can still change."""
        return self._record.status == "draft"

    @property
    def published(self) -> bool:
        """Whether it is read-only."""
        return not self.draft

    @property
    def last_updated(self) -> datetime:
        """When it last changed."""
        return datetime.fromisoformat(self._record.updated_at)

    @property
    def frame_count(self) -> int:
        """How many frames there are now."""
        return self.reload()._record.frame_count

    def get_parent(self) -> str | None:
        """Give the id of the version this one comes from; None where it comes from none."""
        return self._record.parent_id

    def reload(self) -> "DatasetVersion":
        """Ask the registry again how the version is."""
        self._record = self._client.run(lambda calls: calls.version(self.id))
        return self

    def set_masks_labels(self, mask_value_label_mapping: MaskLabelsInput) -> bool:
        """Say what the values of masks mean: `{(1, 1, 1): ["person", "sitting"]}`, in place of what was said before.

        Also takes lists of entries with colours, and either form by mask id with `_all_` for the others; what
        `get_masks_labels` gave, changed, keeps its colours. Gives True.

        Raises:
            Invalid: `errors` names the entries at fault.
            Conflict: the version is published.
        """
        self._client.run(lambda calls: calls.set_mask_labels(self.id, mask_value_label_mapping))
        return True

    def get_masks_labels(self, mask_id: str = ALL_MASKS) -> MaskMapping:
        """Give the labels by value, as they hold for every mask or for one; with colours when shown in a notebook."""
        lists = self._client.run(lambda calls: calls.mask_labels(self.id))
        return MaskMapping(lists, mask_id, self.get_metadata().get("mask_labels"))

    def get_metadata(self) -> dict[str, Any]:
        """Give the version's metadata; its `mask_labels` are lists by mask id, `_all_` for the others."""
        metadata = dict(self.reload()._record.metadata)
        if isinstance(metadata.get("mask_labels"), list):
            metadata["mask_labels"] = {ALL_MASKS: metadata["mask_labels"]}
        return metadata

    def set_metadata(self, metadata: Mapping[str, Any]) -> bool:
        """Set the metadata that is given, leave the rest; None takes a field out. Gives True.

        Raises:
            Invalid: its mask labels cannot be read.
            Conflict: the version is published.
        """
        return self._change({"metadata": dict(metadata)})

    def set_version_name(self, name: str) -> bool:
        """Rename the version. Gives True. Raises Conflict where the name is taken."""
        return self._change({"name": name})

    def commit_version(self) -> "DatasetVersion":
        """Do nothing: whatever was acknowledged is stored. Here for programs that call it."""
        return self.reload()

    def publish_version(self) -> bool:
        """Make the version read-only. Gives True, also where it was already."""
        self._record = self._client.run(lambda calls: calls.publish(self.id))
        return True

    def delete(self, *, force: bool = False) -> None:
        """Delete the version with its frames. Raises Conflict where it is published, unless `force`, or has
        children."""
        self._client.run(lambda calls: calls.delete_version(self.id, force=force))

    def wait_for_previews(self, *, progress: bool = True, timeout: float | None = None) -> PreviewCounts:
        """Wait until no preview is pending, and tell how they ended.

        Raises:
            PreviewPending: it took longer than `timeout` seconds.
        """
        done = 0
        with progress_bar("drawing previews", self.frame_count, wanted=progress) as advance:

            def tell(counts: PreviewCounts) -> None:
                nonlocal done
                advance(counts.settled - done)
                done = counts.settled

            return self._client.run(lambda calls: calls.wait_for_previews(self.id, on_progress=tell, timeout=timeout))

    def report(self) -> VersionReport:
        """Tell how the previews stand, and group those that are not whole by what is wrong."""
        from mattebox.importers.register import failures_by_reason  # noqa: PLC0415 - it loads the network library

        async def collect(calls: "aio.Client") -> VersionReport:
            counts = await calls.preview_counts(self.id)
            return VersionReport(self.name, counts, await failures_by_reason(calls, self.id))

        return self._client.run(collect)

    def statistics(self, *, timeout: float = 120.0) -> VersionStatistics:
        """Count the pixels, share and frames of each label over the version, by mask; a table in a notebook.

        The registry counts in the background, from what was found when previews were drawn. What is given after
        `timeout` seconds is what is known by then, as its `complete` and `current` tell.
        """
        return self._client.run(lambda calls: calls.statistics(self.id, timeout=timeout))

    def __repr__(self) -> str:
        return f"<DatasetVersion {self.name!r} of {self.dataset_name!r}, {self._record.status}>"

    def _repr_html_(self) -> str:
        record = self.reload()._record
        rows = [
            ("dataset", self.dataset_name),
            ("version", record.name),
            ("status", record.status),
            ("frames", f"{record.frame_count:,}"),
            ("id", record.id),
        ]
        return table(("", ""), rows) + Markup(self.get_masks_labels()._repr_html_())

    def _change(self, changes: Mapping[str, Any]) -> bool:
        self._record = self._client.run(lambda calls: calls.update_version(self.id, **changes))
        self._origin = self._origin._replace(version_name=self.name)
        return True


async def _make(calls: "aio.Client", key: DatasetKey, new: NewVersion, *, raise_if_exists: bool) -> Found:
    try:
        dataset = await find_dataset(calls, key)
    except NotFound:
        if key.name is None:
            raise
        fields = _given(project=key.project)
        dataset = await calls.ensure_dataset(key.name, **fields)
    return Found(dataset, await ensure_version(calls, dataset, new, raise_if_exists=raise_if_exists))


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
