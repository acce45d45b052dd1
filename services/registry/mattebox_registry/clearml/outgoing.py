"""Documents made into frames of ClearML's SDK, which loses the whole page where one field is not of the type that it
expects: such a field is left out, and a time is rounded to whole milliseconds."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from mattebox_registry.clearml.incoming import BLOBS_OF_FILES, UPLOADED_AS, places_of
from mattebox_registry.records import Version
from mattebox_runtime.blobs import SCHEME

_PICTURE: dict[str, Any] = {
    "id": str,
    "uri": str,
    "content_type": str,
    "timestamp": int,
    "width": int,
    "height": int,
}
_REGION_MASK: Mapping[str, Any] = {"id": str, "value": [int]}
"""The only thing of which the SDK needs every field."""

_ROI: Mapping[str, Any] = {
    "id": str,
    "label": [str],
    "label_num": int,
    "confidence": float,
    "poly": [float],
    "sources": [str],
    "area": int,
    "mask": _REGION_MASK,
    "meta": dict,
}
_FRAME: Mapping[str, Any] = {
    "id": str,
    "context_id": str,
    "timestamp": int,
    "meta": dict,
    "meta_blob": dict,
    "blob": str,
    "is_key_frame": bool,
    "key_frame": str,
    "rule_name": str,
    "saved": int,
    "updated": int,
    "saved_in_version": str,
    "updated_in_version": str,
    "labels_size": int,
    "label_rule_counts": dict,
    "video_gop": float,
    "rois": [_ROI],
    "sources": [_PICTURE | {"meta": dict, "preview": _PICTURE, "masks": [_PICTURE]}],
    # What the SDK makes objects of, and no frame has that was registered by it.
    "augmentation": None,
    "new_ver": None,
}
"""The fields that the SDK reads, by type; a list holds items of one type."""

_MISFIT = object()


def to_frame(document: bytes, version: Version, origin: str, projection: Sequence[str] | None = None) -> dict[str, Any]:
    """Give the frame of a document, of which the SDK can read all, or what lies at the dotted paths of a projection."""
    frame: dict[str, Any] = _fit(msgspec.json.decode(document), _FRAME)
    for place in places_of(frame):
        _translate(place, origin)
    frame["dataset"] = {"id": version.dataset_id, "version": version.id}
    return frame if projection is None else _project(frame, [path.split(".") for path in projection])


def _translate(place: dict[str, Any], origin: str) -> None:
    uploaded_as = place.pop(UPLOADED_AS, None)
    uri = place.get("uri") or ""
    if uri.startswith(f"{SCHEME}:"):
        sha256 = uri.removeprefix(f"{SCHEME}:")
        place["uri"] = uploaded_as if isinstance(uploaded_as, str) else f"{origin}{BLOBS_OF_FILES}{quote(sha256)}"


def _fit(value: Any, kind: Any) -> Any:
    """Give a value as a type, `_MISFIT` where it is of another."""
    if value is None:
        return None
    if isinstance(kind, Mapping):
        return _fit_fields(value, kind) if isinstance(value, dict) else _MISFIT
    if isinstance(kind, list):
        if not isinstance(value, list):
            return _MISFIT
        items = [_fit(item, kind[0]) for item in value]
        return [item for item in items if item is not _MISFIT and item is not None]
    if kind in {int, float}:
        return _fit_number(value, kind)
    return value if kind is not None and isinstance(value, kind) else _MISFIT


def _fit_fields(fields: Mapping[str, Any], kinds: Mapping[str, Any]) -> Any:
    fitting = {name: _fit(value, kinds[name]) if name in kinds else value for name, value in fields.items()}
    fitting = {name: value for name, value in fitting.items() if value is not _MISFIT}
    return _MISFIT if kinds is _REGION_MASK and not kinds.keys() <= fitting.keys() else fitting


def _fit_number(value: Any, kind: type) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _MISFIT
    return round(value) if kind is int else value


def _project(value: Any, paths: Sequence[Sequence[str]]) -> Any:
    """Keep what lies at the paths, in lists that of each item."""
    if any(not path for path in paths):
        return value
    if isinstance(value, list):
        return [_project(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    names = {path[0] for path in paths}
    return {
        name: _project(item, [path[1:] for path in paths if path[0] == name])
        for name, item in value.items()
        if name in names
    }
