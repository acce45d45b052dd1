"""A frame of one source: a picture or a moment of a video, with its masks and annotations."""

import copy
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Unpack
from uuid import uuid4

from mattebox.errors import UsageError
from mattebox.frame_annotations import Annotation, Shapes, annotations_of, are_regions, read_region
from mattebox.frame_masks import MaskInput, MasksInput, MaskSources, is_video, name_masks, read_masks
from mattebox.frame_registered import Address, Origin, Registered
from mattebox.models import numbered_id
from mattebox.moments import spell_moment
from mattebox.notebook import table
from mattebox.region_labels import label_masks
from mattebox.uris import Location, absolute, is_local, spell

SOURCE_ID = "default"
"""Id of the only source of a single frame."""

UriOf = Callable[[str], Mapping[str, Any]]
"""Gives the fields that name a file to the registry: `uri`, and what else is known of an upload."""


class SingleFrame(Registered):
    """A picture or a moment of a video, with its masks.

    `source`, `mask_source` and the masks are URIs, or paths of local files, which are uploaded when the frame is added.
    A frame without `id` is named after its source and timestamp, so that adding it again updates it.
    """

    def __init__(
        self,
        source: Location | None = None,
        width: int | None = None,
        height: int | None = None,
        preview_uri: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        annotations: Sequence[Annotation | Mapping[str, Any]] | None = None,
        mask_source: MaskInput | None = None,
        context_id: str | None = None,
        timestamp: float | None = None,
        *,
        id: str | float | None = None,
        masks_source: MasksInput | None = None,
        content_type: str | None = None,
    ) -> None:
        super().__init__()
        self.source = None if source is None else spell(source)
        """Where the picture or video is."""
        self.width = width
        self.height = height
        self.preview_uri = preview_uri
        """A picture to show in its place elsewhere; Mattebox keeps it and draws its own previews."""
        self.metadata: dict[str, Any] = dict(metadata or {})
        """Anything that JSON can hold."""
        self.annotations: list[Annotation] = [_annotation(given) for given in annotations or ()]
        self.context_id = context_id
        """What frames of one scene share; they are listed together, by timestamp."""
        self.timestamp = timestamp
        """Milliseconds into the video."""
        self.content_type = content_type
        self._id = None if id is None else str(id)
        self._masks = name_masks(masks_source)
        self._source_id: str | None = SOURCE_ID
        self._other: dict[str, Any] = {}
        self._other_of_source: dict[str, Any] = {}
        if mask_source is not None:
            self.mask_source = mask_source

    @property
    def id(self) -> str:
        """Its name within a version: as given, else made of source and timestamp."""
        if self._id is None and self.source is None:
            self._id = uuid4().hex
        return self._id if self._id is not None else self._made_id()

    @property
    def meta(self) -> dict[str, Any]:
        """The same as `metadata`."""
        return self.metadata

    @property
    def masks_source(self) -> MaskSources:
        """Mask ids and where each mask is; set by a dictionary, or by a list that is numbered "00", "01", ..."""
        return MaskSources(self._masks)

    @masks_source.setter
    def masks_source(self, masks: MasksInput | None) -> None:
        self._masks = name_masks(masks)

    @property
    def mask_source(self) -> str | None:
        """Where the first mask is; setting it replaces the first mask, or adds "00"."""
        return next(iter(self.masks_source.values()), None)

    @mask_source.setter
    def mask_source(self, mask: MaskInput) -> None:
        self.masks_source[next(iter(self._masks), "00")] = mask

    def add_annotation(
        self,
        *,
        labels: Sequence[str] | None = None,
        frame_class: Sequence[str] | None = None,
        id: str | None = None,
        confidence: float | None = None,
        metadata: Mapping[str, Any] | None = None,
        **shapes: Unpack[Shapes],
    ) -> list[Annotation]:
        """Label a region, or the whole frame where no shape is given; give what was added, one for each shape.

        Raises:
            UsageError: a turned box.
        """
        added = annotations_of(shapes, labels or frame_class or (), id, confidence, metadata)
        self.annotations += added
        return added

    def remove_annotation(self, index: int) -> Annotation:
        """Take out the annotation at a position, and give it. Raises IndexError."""
        return self.annotations.pop(index)

    def remove_annotations(
        self,
        id: str | None = None,
        label: str | None = None,
        labels: Sequence[str] | None = None,
    ) -> list[Annotation]:
        """Take out those of an id, with a label among others, or with exactly these labels; all where nothing is
        given. Give what was taken out."""
        removed = [
            annotation
            for annotation in self.annotations
            if id in (None, annotation.id)
            and (label is None or label in annotation.labels)
            and (labels is None or list(labels) == annotation.labels)
        ]
        self.annotations = [annotation for annotation in self.annotations if annotation not in removed]
        return removed

    def get_annotations(self, id: str | None = None, index: int | None = None) -> list[Annotation]:
        """Give the annotations of an id, the one at a position, or all."""
        if index is not None:
            return [self.annotations[index]]
        return [annotation for annotation in self.annotations if id in (None, annotation.id)]

    def get_local_source(self, raise_on_error: bool = False, force_download: bool = False) -> str | None:
        """Give the path of a file with the source's bytes: the file itself, or a copy that is downloaded once.

        What cannot be had gives None and a line in the log of `mattebox`, or with `raise_on_error` a MatteboxError.
        """
        return self._local(self.source, raise_on_error, force_download)

    def get_local_mask_source(
        self, raise_on_error: bool = False, mask_id: str | None = None, force_download: bool = False
    ) -> str | None:
        """Give the path of a file with the bytes of a mask, the first where none is named; as `get_local_source`."""
        mask = self.mask_source if mask_id is None else self.masks_source.get(mask_id)
        return self._local(mask, raise_on_error, force_download)

    def copy(self) -> "SingleFrame":
        """Give a frame that is alike, of a new random id, and not in any version."""
        twin = copy.copy(self)
        for name in ("metadata", "annotations", "_masks", "_other", "_other_of_source"):
            setattr(twin, name, copy.deepcopy(getattr(self, name)))
        twin._id = uuid4().hex
        twin._origin = twin._address = None
        return twin

    def to_dict(self) -> dict[str, Any]:
        """Write the frame as the document the API takes; local files stand as their paths."""
        return self.document(lambda location: {"uri": location})

    def files(self) -> list[str]:
        """Name the local files the frame needs."""
        locations = [self.source or "", *(mask["uri"] for mask in self._masks.values())]
        return [location for location in locations if location and is_local(location)]

    def document(self, uri_of: UriOf) -> dict[str, Any]:
        """Write the frame as the document the API takes, each location as `uri_of` gives it.

        Raises:
            UsageError: it has no source.
        """
        document: dict[str, Any] = {"id": self.id}
        if self.timestamp is not None:
            document["timestamp"] = self.timestamp
        if self.context_id is not None:
            document["context_id"] = self.context_id
        if self.metadata:
            document["meta"] = self.metadata
        if self.annotations:
            source_id = self._source_id or numbered_id(0)
            document["rois"] = [annotation.region(source_id) for annotation in self.annotations]
        if self._other:
            document |= self._other
        document["sources"] = [self.source_document(self._source_id, uri_of)]
        if self.annotations:
            label_masks(document)
        return document

    def source_document(self, source_id: str | None, uri_of: UriOf) -> dict[str, Any]:
        """Write what the frame is within a document: one of its sources.

        Raises:
            UsageError: it has no source.
        """
        if self.source is None:
            raise UsageError("A frame needs a source: SingleFrame(source=...).")
        document = {**self._other_of_source, **uri_of(self.source)}
        if source_id is not None:
            document["id"] = source_id
        if self.content_type is not None:
            document["content_type"] = self.content_type
        if self.width is not None:
            document["width"] = self.width
        if self.height is not None:
            document["height"] = self.height
        if self.timestamp is not None:
            document["timestamp"] = self.timestamp
        if self.preview_uri:
            document["preview"] = {**(self._other_of_source.get("preview") or {}), "uri": self.preview_uri}
        if self._masks:
            document["masks"] = [self._mask_document(mask_id, mask, uri_of) for mask_id, mask in self._masks.items()]
        return document

    def _mask_document(self, mask_id: str, mask: Mapping[str, Any], uri_of: UriOf) -> dict[str, Any]:
        found = uri_of(mask["uri"])
        document = {"id": mask_id, **found, **mask, "uri": found["uri"]}
        if self.timestamp is not None and "timestamp" not in document and is_video(mask):
            document["timestamp"] = self.timestamp
        return document

    def _made_id(self) -> str:
        moment = "" if self.timestamp is None else f"@{spell_moment(float(self.timestamp))}"
        return blake2b((absolute(self.source or "") + moment).encode(), digest_size=16).hexdigest()

    def __repr__(self) -> str:
        masks = f", masks {', '.join(self._masks)}" if self._masks else ""
        return f"<SingleFrame {self.source}{masks}>"

    def _repr_html_(self) -> str:
        return table(("source", "where", "masks"), [self._row(SOURCE_ID)], f"frame {self.id}")

    def _row(self, name: str) -> tuple[str, str, str]:
        return name, self.source or "", ", ".join(f"{mask_id}: {uri}" for mask_id, uri in self.masks_source.items())

    def _enter(self, origin: Origin, frame_id: str) -> None:
        """Note which version it is in now, and by what id."""
        self._id = frame_id
        self._origin, self._address = origin, Address(frame_id, None)

    def _mask_ids(self) -> list[str]:
        return list(self._masks)


def read_source(source: Mapping[str, Any]) -> SingleFrame:
    """Read one source of a document; what is not known stays with it."""
    shown = source.get("preview")
    frame = SingleFrame(
        source.get("uri"),
        source.get("width"),
        source.get("height"),
        shown.get("uri") if isinstance(shown, Mapping) else None,
        timestamp=source.get("timestamp"),
        content_type=source.get("content_type"),
    )
    frame._source_id = source.get("id")
    frame._masks = read_masks(source.get("masks") or ())
    frame._other_of_source = {name: value for name, value in source.items() if name not in _READ_OF_SOURCE}
    return frame


def read_single(document: Mapping[str, Any]) -> SingleFrame:
    """Read a document of one source; what is not known stays with it."""
    (source,) = document["sources"]
    frame = read_source(source)
    frame._id = document.get("id")
    frame.context_id = document.get("context_id")
    frame.metadata, regions, frame._other = read_head(document)
    frame.annotations = [read_region(region) for region in regions]
    if document.get("timestamp") != frame.timestamp and "timestamp" in document:
        frame._other["timestamp"] = document["timestamp"]
    return frame


def read_head(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    """Read metadata and regions of a document, and what else is to be kept: the registry takes anything there."""
    other = {name: value for name, value in document.items() if name not in _READ_OF_FRAME}
    metadata, regions = document.get("meta"), document.get("rois")
    if metadata is not None and not isinstance(metadata, dict):
        other["meta"], metadata = metadata, None
    if regions is not None and not are_regions(regions):
        other["rois"], regions = regions, None
    return dict(metadata or {}), regions or [], other


_READ_OF_FRAME = frozenset({"id", "timestamp", "context_id", "meta", "rois", "sources", "preview"})
_READ_OF_SOURCE = frozenset({"id", "uri", "content_type", "width", "height", "timestamp", "masks"})


def _annotation(given: Annotation | Mapping[str, Any]) -> Annotation:
    return given if isinstance(given, Annotation) else read_region(given)
