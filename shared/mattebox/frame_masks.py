"""The masks of a frame, as a dictionary from their ids to where they are."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from os import PathLike
from typing import Any

import msgspec

from mattebox.errors import UsageError
from mattebox.models import Mask, numbered_id
from mattebox.uris import Location, media_type, spell

MaskInput = Location | Mask | Mapping[str, Any]
"""A URI or path; or a mask with more than that, such as its mode or encoding."""

MasksInput = Mapping[str, MaskInput] | Sequence[MaskInput]
"""Masks by id, or a list that is numbered "00", "01", ..."""


class MaskSources(MutableMapping[str, str]):
    """Mask ids and where each mask is. Setting an item takes a URI, a path, or a `Mask`."""

    def __init__(self, documents: dict[str, dict[str, Any]]) -> None:
        """`documents` are the masks themselves, changed in place."""
        self._documents = documents

    def __getitem__(self, mask_id: str) -> str:
        uri: str = self._documents[mask_id]["uri"]
        return uri

    def __setitem__(self, mask_id: str, mask: MaskInput) -> None:
        self._documents[mask_id] = _document(mask)

    def __delitem__(self, mask_id: str) -> None:
        del self._documents[mask_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def __repr__(self) -> str:
        return repr(dict(self))


def read_masks(masks: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Name the masks of a document, those without an id by their position."""
    return {mask.get("id") or numbered_id(position): dict(mask) for position, mask in enumerate(masks)}


def name_masks(masks: MasksInput | None) -> dict[str, dict[str, Any]]:
    """Make the documents of masks as people give them.

    Raises:
        UsageError: a single URI, which would be taken for a list of letters.
    """
    named = masks if isinstance(masks, dict) else _named(masks)
    return {str(mask_id): _document(mask) for mask_id, mask in named.items()}


def _named(masks: MasksInput | None) -> Mapping[str, MaskInput]:
    if isinstance(masks, str | PathLike | Mask):
        raise UsageError("masks_source takes a dictionary or a list of masks; a single one is set by mask_source.")
    return masks if isinstance(masks, Mapping) else {numbered_id(n): mask for n, mask in enumerate(masks or ())}


def _document(mask: MaskInput) -> dict[str, Any]:
    if isinstance(mask, str):
        return {"uri": mask}
    if isinstance(mask, PathLike):
        return {"uri": spell(mask)}
    document = msgspec.to_builtins(mask) if isinstance(mask, Mask) else dict(mask)
    return {**document, "uri": spell(document["uri"])}


def is_video(document: Mapping[str, Any]) -> bool:
    """Tell whether a source or mask is a video, as far as its type or name says."""
    declared = document.get("content_type") or media_type(document["uri"]) or ""
    return bool(declared.startswith("video/"))
