"""What the store keeps, as plain values. Ids are opaque strings, times RFC 3339 UTC strings, keys 16 bytes."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from mattebox.reasons import PreviewState
from mattebox_runtime.events import Lane

VersionStatus = Literal["draft", "published"]
Scope = Literal["read", "ingest", "admin"]


class Dataset(msgspec.Struct, frozen=True):
    """A named collection of versions."""

    id: str
    name: str
    description: str
    tags: list[str]
    project: str | None
    created_at: str
    updated_at: str


class Version(msgspec.Struct, frozen=True):
    """One version of a dataset, without its frames."""

    id: str
    dataset_id: str
    name: str
    description: str
    status: VersionStatus
    parent_id: str | None
    frame_count: int
    metadata: dict[str, Any]
    """As set by clients, with `mask_labels` in the form in which they were given."""
    style_revision: int
    """Raised with each change of `mask_labels` or `mask_encodings`; preview keys depend on it."""
    restyle_after: str | None
    """Frame id up to which a changed style has been worked in; None: all frames are up to date."""
    created_at: str
    updated_at: str
    published_at: str | None
    outdated_after: str | None = None
    """The same for all that it shows, inherited frames with it."""


class NewFrame(msgspec.Struct, frozen=True, gc=False):
    """A checked frame, ready to be stored."""

    id: str
    context_id: str
    """"" where the document has none."""
    timestamp: float
    """0 where the document has none."""
    document: bytes
    """JSON as it came, with its id, without `preview`."""
    key: bytes
    """Key of its default preview."""
    spec: bytes | None
    """Encoded spec of its default preview, to be published; None where nothing is to be drawn (`state` says why)."""
    state: PreviewState = "pending"


class StoredFrame(NamedTuple):
    """A frame as it lies in a version, with how its default preview stands."""

    id: str
    context_id: str
    timestamp: float
    document: bytes
    key: bytes
    state: PreviewState
    error_code: str | None
    error_mask: str | None
    inherited_from: str | None = None
    """The version whose document this is, where it is not the one that was asked for."""


class FramePosition(NamedTuple):
    """Where a page ended: the last frame's sort key."""

    context_id: str
    timestamp: float
    id: str


class FrameMarks(NamedTuple):
    """Places in a list, each the same number of frames after the one before it."""

    places: list[FramePosition]
    rest: int | None
    """Frames after the last place; None where the places end before the list does."""


class Neighbours(NamedTuple):
    """A frame and those around it, in order."""

    before: list[FramePosition]
    frame: FramePosition
    after: list[FramePosition]


class ContextSummary(NamedTuple):
    """One context of a version."""

    id: str
    """"" stands for the frames that have none."""
    frame_count: int


class PutOutcome(NamedTuple):
    """What a batch of frames came to."""

    created: int
    updated: int
    """Frames that were there already, whether or not the document differs."""


class NewJob(NamedTuple):
    """A preview somebody asked for."""

    version_id: str
    frame_id: str
    key: bytes
    spec: bytes
    tables: Mapping[bytes, bytes]
    """Packed label tables that the spec refers to, by digest."""
    force: bool = False
    """Forget how the key's last render ended, and draw even where one is cached."""
    holder: bytes = b""
    """Who asked, by the digest of the token."""


class Job(msgspec.Struct, frozen=True, gc=False):
    """One render that is owed. `seq` is its stream id in its lane."""

    seq: int
    lane: Lane
    version_id: str
    frame_id: str
    key: bytes
    spec: bytes | None = None
    """Encoded; None: to be made of `document`."""
    force: bool = False
    document: bytes = b""
    """The frame's, where there is no spec."""
    tables: frozenset[bytes] | None = None
    """Digests of label tables, among them all that the spec refers to; None: only the spec tells."""


class JobNumber(NamedTuple):
    """Which job of which lane."""

    seq: int
    lane: Lane


class AppliedResult(NamedTuple):
    """A job that was settled, told to whoever waits for its preview."""

    version_id: str
    frame_id: str
    key: bytes
    state: PreviewState
    change: int | None
    """Position in the version's change feed; None where the state of the frame did not change: the key is not its
    default preview, or was drawn again with the same end."""


class FrameChange(NamedTuple):
    """One entry of a version's change feed: how a frame's default preview stands since `change`."""

    change: int
    frame_id: str
    key: bytes
    state: PreviewState


class PreviewRecord(msgspec.Struct, frozen=True):
    """How the last render of a key ended."""

    key: bytes
    state: PreviewState
    attempts: int
    error_code: str | None
    error_mask: str | None
    report: bytes | None
    rendered_at: str


class Token(msgspec.Struct, frozen=True):
    """An API token; its secret is known only to its holder."""

    id: str
    name: str
    scopes: list[Scope]
    digest: bytes
    """SHA-256 of the whole token."""
    created_at: str
    revoked_at: str | None


class ViewerSession(NamedTuple):
    """Somebody signed in at the web viewer; the secret is known only to his browser."""

    digest: bytes
    """SHA-256 of the session's secret."""
    token_digest: bytes
    """SHA-256 of the token that opened it: what that allows, the session does, and no longer."""
    expires_s: float
    """Seconds since 1970, to be compared at each request."""


PreviewCounts = Mapping[PreviewState, int]


class DatasetSummary(NamedTuple):
    """What the versions of a dataset come to."""

    version_count: int
    published_count: int
    previews: PreviewCounts
    """Frames of all versions by the state of their default preview, those that are inherited counted once."""
    latest_version_id: str | None
    """The newest version that has frames, else the newest one."""
