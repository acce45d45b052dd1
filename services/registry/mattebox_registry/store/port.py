"""What the registry needs of a database, in its own words. `sqlite.py` is the adapter of this release.

Every method is one transaction. A write that returns is on disk; a write that raises left nothing behind.
All raise StorageBusy or StorageFull when the database cannot take them now.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mattebox.reasons import PreviewState
from mattebox_registry.records import (
    AppliedResult,
    ContextSummary,
    Dataset,
    DatasetSummary,
    FrameChange,
    FrameMarks,
    FramePosition,
    Job,
    JobNumber,
    Neighbours,
    NewFrame,
    NewJob,
    PreviewCounts,
    PreviewRecord,
    PutOutcome,
    StoredFrame,
    Token,
    Version,
    ViewerSession,
)
from mattebox_runtime.events import Lane, RenderResult


class CatalogStore(Protocol):
    """Datasets and versions."""

    async def add_dataset(self, dataset: Dataset) -> None:
        """Raises NameTaken."""

    async def dataset(self, dataset_id: str) -> Dataset:
        """Raises NotFound."""

    async def datasets(self, *, name: str | None, after: str | None, limit: int) -> list[Dataset]:
        """Datasets by name, from the one after the name `after`; `name` picks exactly one."""

    async def update_dataset(self, dataset_id: str, changes: Mapping[str, Any]) -> Dataset:
        """Set the given fields of name, description, tags, project. Raises NotFound, NameTaken."""

    async def delete_dataset(self, dataset_id: str, *, force: bool) -> None:
        """Delete with its versions and frames, as `delete_version` does. Raises NotFound, HasPublishedVersions."""

    async def add_version(self, version: Version) -> None:
        """Add a version; with a parent, it shows the parent's frames. What it says of its frames is not looked at.

        Raises NotFound (dataset, parent), NameTaken, ParentNotPublished, TooManyAncestors.
        """

    async def version(self, version_id: str) -> Version:
        """Raises NotFound."""

    async def versions(self, dataset_id: str, *, name: str | None, after: str | None, limit: int) -> list[Version]:
        """Versions of a dataset by name, from the one after the name `after`. Raises NotFound (dataset)."""

    async def update_version(
        self, version_id: str, changes: Mapping[str, Any], *, restyle: bool, tables: Mapping[bytes, bytes]
    ) -> Version:
        """Set the given fields of name, description, metadata.

        With `restyle`, also raise the style revision, store the label tables and start to restyle the frames.
        Raises NotFound, NameTaken, VersionPublished.
        """

    async def publish_version(self, version_id: str) -> Version:
        """Make it read-only; publishing twice changes nothing. Raises NotFound."""

    async def delete_version(self, version_id: str, *, force: bool) -> None:
        """Delete it, and leave its frames, which nobody sees any more, to `delete_discarded`.

        Raises NotFound, HasChildren, and VersionPublished without `force`.
        """

    async def delete_discarded(self, limit: int) -> bool:
        """Delete some frames of versions that are gone and withdraw their jobs; False where there are none."""


class FrameStore(Protocol):
    """Frames and how their default previews stand.

    The frames of a version are its own, and those of its parent that it neither deleted, stored again nor restyled.
    """

    async def lineage(self, version_id: str) -> list[str]:
        """A version and the ancestors that it inherits from, the nearest first. Raises NotFound."""

    async def put_frames(
        self,
        version_id: str,
        frames: Sequence[NewFrame],
        *,
        style_revision: int,
        tables: Mapping[bytes, bytes],
    ) -> PutOutcome:
        """Create or update frames, owing one bulk render for each new key. In one batch the last of an id wins.

        A frame stored again with the same document and key changes nothing and owes nothing.
        Raises NotFound, VersionPublished, StyleChanged.
        """

    async def frame(self, version_id: str, frame_id: str) -> StoredFrame:
        """Raises NotFound (version or frame)."""

    async def frames(
        self,
        version_id: str,
        *,
        after: FramePosition | None,
        limit: int,
        context_id: str | None = None,
        state: PreviewState | None = None,
    ) -> list[StoredFrame]:
        """Frames in (context_id, timestamp, id) order after a position. Raises NotFound (version)."""

    async def frames_by_id(self, version_id: str, frame_ids: Sequence[str]) -> list[StoredFrame]:
        """Those of the ids that exist, in any order. Raises NotFound (version)."""

    async def delete_frames(self, version_id: str, frame_ids: Sequence[str]) -> int:
        """Delete those that exist, say how many. Raises NotFound (version), VersionPublished."""

    async def preview_counts(self, version_id: str) -> PreviewCounts:
        """Frames by the state of their default preview, every state named. Raises NotFound (version)."""

    async def changes_after(self, version_id: str, change: int, limit: int) -> list[FrameChange]:
        """The version's change feed after a position, oldest first; each frame once, at its newest change.

        Changes are results: a frame that is pending is not in the feed. Raises NotFound (version).
        """

    async def last_change(self, version_id: str) -> int:
        """Newest position ever given out in the version's change feed, 0 at first. Raises NotFound (version)."""

    async def restyling_versions(self) -> list[Version]:
        """Versions whose frames do not all have the newest style yet, but those of all their ancestors."""

    async def frames_to_restyle(self, version_id: str, limit: int) -> list[StoredFrame]:
        """The next frames, by id, that the version's newest style has not reached. Raises NotFound (version)."""

    async def restyle_frames(
        self,
        version_id: str,
        frames: Sequence[NewFrame],
        *,
        style_revision: int,
        done_up_to: str | None,
        tables: Mapping[bytes, bytes],
    ) -> None:
        """Give frames new keys, owe their renders, withdraw the outdated ones; `done_up_to` None: all done.

        Frames that were stored again or deleted meanwhile are left as they are.
        Raises NotFound (version), and StyleChanged when the style moved on meanwhile.
        """

    async def renew_frames(
        self, version_id: str, frames: Sequence[NewFrame], *, style_revision: int, tables: Mapping[bytes, bytes]
    ) -> None:
        """Do the same for some frames by the way, whatever the walk of a restyle has reached."""


class JobStore(Protocol):
    """The outbox, and the results that settle it."""

    @property
    def generation(self) -> str:
        """Identity of this database's history; part of the stream keys."""

    async def rotate_generation(self) -> str:
        """Begin a new generation, and make all outstanding jobs unpublished again."""

    async def last_seq(self) -> int:
        """Highest job number ever given out."""

    async def request_preview(self, job: NewJob, *, max_requested: int | None = None) -> bool:
        """Owe an interactive render and keep its tables; False where one of the same key is owed already.

        With `force`, forget how the key's last render ended, make the frame pending where this is its default
        preview, and owe a render even where an unforced one is owed. Raises OverQuota where `max_requested` renders
        are owed to the job's holder.
        """

    async def is_requested(self, key: bytes) -> bool:
        """Whether an interactive render of a key is owed."""

    async def unpublished(self, lane: Lane, limit: int) -> list[Job]:
        """Jobs not yet in their stream, by seq; those of writes under way may be left out.

        Specs of the bulk lane are given only as long as they are in memory. Frames of a deleted version that are not
        deleted yet have no `version_id`.
        """

    async def backlog(self, lane: Lane) -> int:
        """How many jobs are not in the stream yet."""

    async def outstanding(self, lane: Lane) -> int:
        """How many jobs are in the stream and not settled."""

    async def mark_published(self, lane: Lane, seqs: Sequence[int]) -> None:
        """Note that these jobs, the first of `unpublished`, are in their stream from now."""

    async def withdrawn(self, limit: int) -> list[JobNumber]:
        """Published jobs that became outdated and must be taken out of their stream."""

    async def forget_withdrawn(self, seqs: Sequence[int]) -> None:
        """Their stream entries are gone."""

    async def are_owed(self, seqs: Sequence[int]) -> bool:
        """Whether any of these jobs is not settled."""

    async def published_before(self, age_s: float, after_seq: int, limit: int) -> list[JobNumber]:
        """Jobs that have been in their stream for longer than `age_s`, by seq: the sweeper's suspects."""

    async def republish(self, seqs: Sequence[int]) -> int:
        """Give these jobs new numbers and make them unpublished; say how many were still owed."""

    async def apply_results(self, results: Sequence[RenderResult]) -> list[AppliedResult]:
        """Settle jobs: record each preview, move its frame from pending, drop the job; give those that were owed.

        The first result of a key stands against those of jobs that were owed before it came, unless they were forced.
        Twice changes nothing. `table_missing` makes the job unpublished again under a new number.
        """

    async def preview(self, key: bytes) -> PreviewRecord | None:
        """How the last render of a key ended."""

    async def previews(self, keys: Sequence[bytes]) -> dict[bytes, PreviewRecord]:
        """The same for many keys; keys that were never rendered are left out."""

    async def table(self, digest: bytes) -> bytes | None:
        """A packed label table."""


class TokenStore(Protocol):
    """API tokens."""

    async def add_token(self, token: Token) -> None:
        """Keep a token's digest."""

    async def tokens(self) -> list[Token]:
        """All tokens, revoked ones too, oldest first."""

    async def revoke_token(self, token_id: str) -> Token:
        """Raises NotFound."""


class SessionStore(Protocol):
    """Sessions of the web viewer."""

    async def add_session(self, session: ViewerSession) -> None:
        """Keep a session's digest."""

    async def sessions(self) -> list[ViewerSession]:
        """All sessions, expired ones too, the first to expire first."""

    async def delete_sessions(self, digests: Sequence[bytes]) -> None:
        """Forget those that exist."""


class SummaryStore(Protocol):
    """What lists tell of datasets and versions."""

    async def dataset_summaries(self, dataset_ids: Sequence[str]) -> dict[str, DatasetSummary]:
        """What the versions of each dataset come to, by its id; nothing of none is that of an unknown one."""

    async def version_summaries(self, version_ids: Sequence[str]) -> dict[str, PreviewCounts]:
        """Frames by the state of their default preview, by version; unknown ones are left out."""

    async def find_datasets(self, text: str, *, after: str | None, limit: int) -> list[Dataset]:
        """Datasets that hold a text in name, description, tags or project; ordered and paged as `datasets` is."""


class PlaceStore(Protocol):
    """Where frames stand in the order of `frames`, narrowed as `frames` is."""

    async def frame_marks(
        self,
        version_id: str,
        *,
        every: int,
        limit: int,
        after: FramePosition | None = None,
        context_id: str | None = None,
        state: PreviewState | None = None,
    ) -> FrameMarks:
        """The places of each `every`-th frame after a position. Raises NotFound (version)."""

    async def frame_rank(
        self, version_id: str, frame_id: str, *, context_id: str | None = None, state: PreviewState | None = None
    ) -> int:
        """How many frames of a list stand before a frame, itself in the list or not. Raises NotFound."""

    async def neighbours(self, version_id: str, frame_id: str, limit: int) -> Neighbours:
        """A frame between up to `limit` frames before and after it, in order. Raises NotFound."""

    async def contexts(
        self, version_id: str, *, after: str | None, limit: int, state: PreviewState | None = None
    ) -> list[ContextSummary]:
        """Contexts by id, from the one after `after`, with the frames of a state. Raises NotFound (version)."""


class PruneStore(Protocol):
    """What only grows; numbers and digests to go on after begin at 0 and nothing."""

    async def last_frame_number(self) -> int:
        """Highest number of a frame: there are at most so many."""

    async def frame_keys(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Frames of all versions by number, with the keys of their default previews."""

    async def previews_before(self, time_s: float, after: int, limit: int) -> tuple[int | None, list[bytes]]:
        """Of the next records of previews: the number of the last, None where there is none; keys of the old ones."""

    async def delete_previews(self, keys: Sequence[bytes], before_s: float) -> int:
        """Delete those records that were not written since, say how many."""

    async def requested_specs(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """What is owed on the interactive lane, by job number, with its spec."""

    async def tables_before(self, time_s: float, after: bytes, limit: int) -> tuple[bytes | None, list[bytes]]:
        """Of the next label tables: the digest of the last, None where there is none; digests of the old ones."""

    async def delete_tables(self, digests: Sequence[bytes], before_s: float) -> int:
        """Delete those label tables that were not stored since, say how many."""

    async def keep_tables(self, tables: Mapping[bytes, bytes]) -> None:
        """Store label tables, as everything does that needs them later."""


class Store(
    CatalogStore, FrameStore, JobStore, TokenStore, SessionStore, SummaryStore, PlaceStore, PruneStore, Protocol
):
    """The whole database."""

    async def ping(self) -> None:
        """Prove that reads work."""

    async def close(self) -> None:
        """Checkpoint and close; closing twice changes nothing."""
