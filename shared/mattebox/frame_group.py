"""A frame of several sources: pictures of one moment, by name."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Union
from uuid import uuid4

from mattebox.errors import UsageError
from mattebox.frame import SOURCE_ID, SingleFrame, UriOf, read_head, read_single, read_source
from mattebox.frame_annotations import Annotation, read_region
from mattebox.frame_registered import Address, Origin, Registered
from mattebox.models import numbered_id
from mattebox.notebook import table
from mattebox.region_labels import label_masks, without_region_labels

FrameOrGroup = Union[SingleFrame, "FrameGroup"]


class FrameGroup(dict[str, SingleFrame], Registered):
    """Single frames that belong together, by the names of their sources: `group["left"] = SingleFrame(...)`.

    It is stored as one frame; where one of its files fails, nothing of it is stored. A group without `id` is named
    after its sources, so that adding it again updates it.
    """

    def __init__(
        self,
        frames: Mapping[str, SingleFrame] | Iterable[tuple[str, SingleFrame]] = (),
        /,
        *,
        id: str | float | None = None,
        metadata: Mapping[str, Any] | None = None,
        context_id: str | None = None,
        timestamp: float | None = None,
        **sources: SingleFrame,
    ) -> None:
        dict.__init__(self, frames, **sources)
        Registered.__init__(self)
        self.metadata: dict[str, Any] = dict(metadata or {})
        """Of the whole group; each of its frames has its own."""
        self.context_id = context_id
        """What groups of one scene share; they are listed together, by timestamp."""
        self.timestamp = timestamp
        """The moment, in milliseconds."""
        self._id = None if id is None else str(id)
        self._as_members = True
        self._other: dict[str, Any] = {}
        self._shared_regions: list[dict[str, Any]] = []

    @property
    def id(self) -> str:
        """Its name within a version: as given, else made of its sources."""
        if self._id is not None:
            return self._id
        if not self:
            self._id = uuid4().hex
            return self._id
        parts = "\0".join(f"{name}\0{frame.id}" for name, frame in sorted(self.items()))
        return blake2b(parts.encode(), digest_size=16).hexdigest()

    @property
    def meta(self) -> dict[str, Any]:
        """The same as `metadata`."""
        return self.metadata

    def add_global_annotation(self, annotation: Annotation) -> None:
        """Add an annotation to every frame of the group."""
        for frame in self.values():
            frame.annotations.append(annotation)

    def copy(self) -> "FrameGroup":
        """Give a group that is alike, of a new random id, and not in any version."""
        twin = FrameGroup({name: frame.copy() for name, frame in self.items()}, id=uuid4().hex)
        twin.metadata, twin.context_id, twin.timestamp = dict(self.metadata), self.context_id, self.timestamp
        twin._other, twin._shared_regions = dict(self._other), list(self._shared_regions)
        return twin

    def to_dict(self) -> dict[str, Any]:
        """Write the group as the document the API takes; local files stand as their paths."""
        return self.document(lambda location: {"uri": location})

    def files(self) -> list[str]:
        """Name the local files its frames need."""
        return [file for frame in self.values() for file in frame.files()]

    def document(self, uri_of: UriOf) -> dict[str, Any]:
        """Write the group as the document the API takes, each location as `uri_of` gives it.

        Raises:
            UsageError: it has no frames, something that is no frame, or a frame without a source.
        """
        if not self:
            raise UsageError('A group needs frames: group["left"] = SingleFrame(source=...).')
        for name, frame in self.items():
            if not isinstance(frame, SingleFrame):
                raise UsageError(f"{name!r} of the group is no SingleFrame.")
        fields = {
            "timestamp": self._first("timestamp"),
            "context_id": self._first("context_id"),
            "meta": self.metadata or None,
        }
        document = {
            "id": self.id,
            **{name: value for name, value in fields.items() if value is not None},
            **({"rois": regions} if (regions := self._regions()) else {}),
            **self._other,
            "sources": [_source(name, frame, uri_of) for name, frame in self.items()],
        }
        if regions:
            label_masks(document)
        return document

    def _first(self, name: str) -> Any:
        own = getattr(self, name)
        if own is not None or not self._as_members:
            return own
        return next((value for frame in self.values() if (value := getattr(frame, name)) is not None), None)

    def _regions(self) -> list[dict[str, Any]]:
        own = [a.region(name) for name, frame in self.items() for a in frame.annotations]
        return self._shared_regions + own

    def __repr__(self) -> str:
        return f"<FrameGroup of {', '.join(self) or 'nothing'}>"

    def _repr_html_(self) -> str:
        return table(("source", "where", "masks"), [f._row(name) for name, f in self.items()], f"frame {self.id}")

    def _enter(self, origin: Origin, frame_id: str) -> None:
        """Note which version it is in now, and by what id."""
        self._id = frame_id
        self._origin, self._address = origin, Address(frame_id, None)
        for name, frame in self.items():
            frame._origin, frame._address = origin, Address(frame_id, name)

    def _mask_ids(self) -> list[str]:
        return list(dict.fromkeys(mask_id for frame in self.values() for mask_id in frame.masks_source))


def _source(name: str, frame: SingleFrame, uri_of: UriOf) -> dict[str, Any]:
    document = frame.source_document(name, uri_of)
    return document | ({"meta": frame.metadata} if frame.metadata else {})


def read_frame(document: Mapping[str, Any], origin: Origin | None = None) -> FrameOrGroup:
    """Read a document: as a group where its sources have names of their own, else as a single frame."""
    document = without_region_labels(document)
    names = [source.get("id") or numbered_id(n) for n, source in enumerate(document["sources"])]
    single = names in ([SOURCE_ID], [numbered_id(0)])
    frame = read_single(document) if single else _read_group(document, names)
    if origin is not None:
        frame._enter(origin, document["id"])
    return frame


def _read_group(document: Mapping[str, Any], names: Sequence[str]) -> FrameGroup:
    metadata, regions, other = read_head(document)
    group = FrameGroup(id=document.get("id"), metadata=metadata)
    group.context_id, group.timestamp = document.get("context_id"), document.get("timestamp")
    group._as_members = False
    group._other = other
    for name, source in zip(names, document["sources"], strict=True):
        frame = group[name] = read_source({**source, "id": name})
        if isinstance(source.get("meta"), dict):
            frame.metadata = frame._other_of_source.pop("meta")
    for region in regions:
        owners = list(region.get("sources") or ())
        if len(owners) == 1 and owners[0] in group:
            group[owners[0]].annotations.append(read_region(region))
        else:
            group._shared_regions.append(region)
    return group
