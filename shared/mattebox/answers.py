"""What the registry answers, as typed values. Fields that a newer registry adds are ignored."""

from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from mattebox.errors import FieldFault
from mattebox.models import Frame, MaskLabel
from mattebox.reasons import PREVIEW_STATES, PreviewState

Scope = Literal["read", "ingest", "admin"]


class Readiness(Struct, frozen=True):
    """What the registry stands on, each part `ok` or `down`."""

    checks: dict[str, str]

    @property
    def ready(self) -> bool:
        """Whether the registry can do its work."""
        return all(state == "ok" for state in self.checks.values())


class RendererJob(Struct, frozen=True):
    """A job that a renderer has in a slot."""

    lane: str
    """`interactive` where somebody waits for it, else `bulk`."""
    version: str
    frame: str
    seconds: float
    """Since it was handed to the renderer."""


class Renderer(Struct, frozen=True):
    """A renderer that is alive, as it was a few seconds ago."""

    name: str
    host: str = ""
    release: str = ""
    children: int = 0
    """Its drawing processes."""
    slots: int = 0
    """Jobs that it has under way at a time."""
    under_way: int = 0
    """Jobs that it has now."""
    jobs: list[RendererJob] = []
    """Some of those, the longest first."""


class LaneDepth(Struct, frozen=True):
    """How many jobs of a lane are where."""

    backlog: int
    """Owed, and in no stream yet."""
    waiting: int
    """In the stream, and handed to no renderer."""
    under_way: int
    """Handed to a renderer, and not settled."""


class Delivery(Struct, frozen=True):
    """Who draws, and what there is to draw."""

    renderers: list[Renderer]
    lanes: dict[str, LaneDepth]


class PreviewCounts(Struct, frozen=True):
    """Frames by the state of their default preview."""

    pending: int = 0
    ready: int = 0
    partial: int = 0
    failed: int = 0
    unsupported: int = 0

    @property
    def total(self) -> int:
        """All frames."""
        return sum(self.by_state().values())

    @property
    def settled(self) -> int:
        """Frames that nobody has to wait for."""
        return self.total - self.pending

    def by_state(self) -> dict[PreviewState, int]:
        """The counts by the name of the state, in the order in which they are told everywhere."""
        return {state: getattr(self, state) for state in PREVIEW_STATES}


class Dataset(Struct, frozen=True):
    """A named collection of versions."""

    id: str
    name: str
    description: str = ""
    tags: list[str] = field(default_factory=list)
    project: str | None = None
    created_at: str = ""
    updated_at: str = ""
    version_count: int = 0
    published_count: int = 0
    """Versions that are published."""
    frame_count: int = 0
    previews: PreviewCounts = PreviewCounts()
    """Frames of all versions, those that are inherited counted once."""
    latest_version_id: str | None = None
    """The newest version that has frames, else the newest one."""


class Version(Struct, frozen=True):
    """One version of a dataset, without its frames."""

    id: str
    dataset_id: str
    name: str
    status: Literal["draft", "published"] = "draft"
    description: str = ""
    parent_id: str | None = None
    frame_count: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    created_at: str = ""
    updated_at: str = ""
    published_at: str | None = None
    previews: PreviewCounts = PreviewCounts()


class MaskLabelTable(Struct, frozen=True):
    """A version's mapping by mask id (`_all_` for the others), each entry with its colour and opacity."""

    mask_labels: dict[str, list[MaskLabel]]


class RejectedFrame(Struct, frozen=True):
    """A frame of a batch that was not stored, and why."""

    index: int
    id: str | None = None
    errors: list[FieldFault] = field(default_factory=list)

    def __str__(self) -> str:
        name = f"frame {self.id!r}" if self.id is not None else f"frame number {self.index}"
        return f"{name}: " + "; ".join(str(fault) for fault in self.errors)


class AddedFrames(Struct, frozen=True):
    """What a batch of frames came to: everything that is not rejected is on disk."""

    created: int
    updated: int
    rejected: list[RejectedFrame] = field(default_factory=list)
    """The first of those that were not stored; `rejected_count` counts all."""
    rejected_count: int = 0
    ids: list[str] | None = None
    """Ids of the frames that were not rejected, in order; given where the registry had to name one."""


class DeletedFrames(Struct, frozen=True):
    """How many frames were there to be deleted."""

    deleted: int


class PreviewError(Struct, frozen=True):
    """Why a preview, or one mask of it, was not drawn."""

    code: str
    detail: str = ""
    mask: str | None = None


IndexKind = Literal["labels", "opacity"]


class IndexEntry(Struct, frozen=True, omit_defaults=True):
    """What a pixel of an index map stands for."""

    index: int
    value: list[int] | int
    """As declared: a colour or a number."""
    labels: list[str]
    color: str
    opacity: float
    """Factor on the mask's opacity."""
    ignore: bool = False
    """Neither painted nor counted; its pixels have its index all the same."""


class IndexLegend(Struct, frozen=True):
    """An index map of a preview and what its pixels stand for.

    `labels`: pixels are the `index` of `entries`, 0 where there is none. `opacity`: pixels are an alpha mask's opacity.
    """

    mask: str
    kind: IndexKind
    url: str
    key: str
    bits: int = 8
    opacity: float = 1.0
    """The mask's own, where a preview is not told otherwise."""
    entries: list[IndexEntry] = field(default_factory=list)


class IndexMap(Struct, frozen=True):
    """A mask at the size of a preview, as a lossless grey PNG."""

    body: bytes
    key: str
    """Digest of all that decides its pixels: other colours leave it as it is."""
    legend: IndexLegend


class PreviewStatus(Struct, frozen=True):
    """How a preview stands; `report` is what the renderer found while reading the masks."""

    state: PreviewState
    key: str = ""
    url: str = ""
    attempts: int = 0
    error: PreviewError | None = None
    report: dict[str, Any] | None = None
    queued: bool = False
    """Whether a render of a pending preview is owed; told in the preview's own status alone."""
    index: list[IndexLegend] = field(default_factory=list)
    """The index maps of the source's masks, whatever the query draws; told in the preview's own status alone."""
    inherited_from: str | None = None
    """Id of the version that the frame was registered in, where that is an ancestor of the one asked."""


class Preview(Struct, frozen=True):
    """A rendered picture."""

    body: bytes
    content_type: str
    key: str
    """Digest of all that decides its pixels; the same key is the same picture."""
    state: Literal["ready", "partial"]


class StoredFrame(Struct, frozen=True):
    """A frame document as the registry keeps it, with how its default preview stands."""

    id: str
    document: dict[str, Any]
    """As it was registered, unknown fields too."""
    preview: PreviewStatus

    @property
    def inherited_from(self) -> str | None:
        """Id of the version that it was registered in, where that is an ancestor of the one asked."""
        return self.preview.inherited_from

    def frame(self) -> Frame:
        """Read the fields of the document that Mattebox knows."""
        return msgspec.convert(self.document, Frame)


def stored_frame(answer: dict[str, Any]) -> StoredFrame:
    """Part a frame as it is answered into the document and its `preview`."""
    document = {name: value for name, value in answer.items() if name != "preview"}
    preview = msgspec.convert(answer.get("preview") or {"state": "pending"}, PreviewStatus)
    return StoredFrame(document["id"], document, preview)


class Blob(Struct, frozen=True):
    """Uploaded bytes, to be used as the URI of a source or mask."""

    uri: str
    size: int


class Token(Struct, frozen=True):
    """An API token, without its secret."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: str = ""
    revoked_at: str | None = None


class NewToken(Token, frozen=True):
    """A token at its creation, the only time its secret is told."""

    token: str = ""


class LoginCode(Struct, frozen=True):
    """What opens one session of the web viewer, once and soon."""

    code: str
    path: str
    """Where a browser takes it, on the registry; the code is in the fragment, which no server sees."""
    expires_at: str = ""


class Session(Struct, frozen=True):
    """What the caller may do."""

    scopes: list[Scope]
    expires_at: str | None = None
    """When the session ends; None for a token."""


class PreviewChanged(Struct, frozen=True):
    """The default preview of a frame has a new state or key."""

    frame_id: str
    state: PreviewState
    key: str = ""


class FramesCounted(Struct, frozen=True):
    """The version's counts by preview state changed."""

    counts: PreviewCounts


Event = PreviewChanged | FramesCounted


class DatasetPage(Struct, frozen=True):
    """Some datasets, by name."""

    datasets: list[Dataset]
    next_cursor: str | None = None


class VersionPage(Struct, frozen=True):
    """Some versions of a dataset, by name."""

    versions: list[Version]
    next_cursor: str | None = None


class FramePage(Struct, frozen=True):
    """Some frames of a version."""

    frames: list[dict[str, Any]]
    next_cursor: str | None = None


class TokenPage(Struct, frozen=True):
    """Some tokens, oldest first."""

    tokens: list[Token]
    next_cursor: str | None = None


class PreviewStatuses(Struct, frozen=True):
    """How the default previews of some frames stand, by frame id; unknown frames are left out."""

    previews: dict[str, PreviewStatus]
