"""Frames of ClearML's Hyper-Datasets: their JSON as its API answers it, as exports keep it, or as its pages show it."""

from collections.abc import Iterator, Mapping
from typing import Any

from mattebox.errors import InputError
from mattebox.frame_group import read_frame
from mattebox.importers.frames_json import LINES, PlannedDocument, numbered, read_document_lines
from mattebox.importers.layout import Layout
from mattebox.importers.places import Place
from mattebox.importers.plan import Finding, ImportPlan, LeftOut
from mattebox.importers.text_files import read_json
from mattebox.region_labels import label_masks

FIELD = "mask_labels"
EXTENSIONS = (".json", *LINES)


def plan_clearml(path: Place) -> ImportPlan:
    """Plan the import of a file, or of all JSON files of a folder. Raises InputError."""
    files = sorted(file for file in path.glob("*") if file.suffix.lower() in EXTENSIONS) if path.is_dir() else [path]
    frames: list[PlannedDocument] = []
    left_out: list[LeftOut] = []
    metadata: dict[str, Any] = {}
    for file in files:
        documents, labels = _read(file)
        if labels is not None:
            metadata[FIELD] = labels
        for where, document in documents:
            planned = _planned(document)
            if planned:
                frames.append(planned)
            else:
                left_out.append(LeftOut(where, "frame", "without sources that have URIs"))
    if not frames:
        seen = f": {left_out[0]}" if left_out else ""
        raise InputError(f"{str(path)!r} does not look like frames of ClearML: no object has 'sources'{seen}.")
    found = [Finding(len(frames), "frames", str(path))]
    if isinstance(labels := metadata.get(FIELD), list):
        found.append(Finding(len(labels), "mask labels", "from the metadata"))
    return ImportPlan(frames, len(frames), 0, found, metadata=metadata, left_out=left_out)


def _read(file: Place) -> tuple[Iterator[tuple[str, Any]], Any]:
    """Give the frames of a file, each with where it is, and the mask labels where there are some."""
    if file.suffix.lower() in LINES:
        return read_document_lines(file), None
    content = read_json(file, Any)
    if isinstance(content, Mapping) and isinstance(content.get("data"), Mapping):
        content = content["data"]
    if isinstance(content, list):
        return numbered(content, file), None
    if not isinstance(content, Mapping):
        return numbered([], file), None
    metadata = content.get("metadata")
    labels = content.get(FIELD) or (metadata.get(FIELD) if isinstance(metadata, Mapping) else None)
    frames = [content] if "sources" in content else content.get("frames")
    return numbered(frames if isinstance(frames, list) else [], file), labels


def _planned(document: Any) -> PlannedDocument | None:
    """Give the frame of a document, named as the SDK names one without an id: by what it shows and when."""
    sources = document.get("sources") if isinstance(document, dict) else None
    if not isinstance(sources, list) or not sources:
        return None
    if not all(isinstance(source, dict) and _is_text(source.get("uri")) for source in sources):
        return None
    frame_id = document.get("id")
    if not _is_text(frame_id):
        frame_id = read_frame({"sources": [_shown(source, document.get("timestamp")) for source in sources]}).id
    frame = {**document, "id": frame_id}
    label_masks(frame)
    return PlannedDocument(frame_id, frame)


def _shown(source: dict[str, Any], moment: Any) -> dict[str, Any]:
    """Give of a source what its frame is named after."""
    shown = {name: source[name] for name in ("id", "uri") if _is_text(source.get(name))}
    timestamp = source.get("timestamp", moment)
    return shown | ({"timestamp": timestamp} if isinstance(timestamp, int | float) else {})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


CLEARML = Layout(
    "clearml",
    "Frames of ClearML's Hyper-Datasets, in JSON.",
    "a JSON file of frames, or such files",
    "frames.json",
    "A frame, a list of frames, an object with 'frames', or an answer of the API ('data' with 'frames'); .ndjson and "
    ".jsonl hold a frame a line. Frames keep all their fields, and their files stay where the URIs say.",
    "mask_labels of the object, or of its metadata; else set them afterwards with set_masks_labels.",
    plan_clearml,
)
