"""Frames of ClearML's Hyper-Datasets: their JSON as its API answers it, as exports keep it, or as its pages show it."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Raw
from msgspec.json import decode, encode

from mattebox.errors import InputError
from mattebox.frame_group import read_frame
from mattebox.importers.frames_json import LINES, PlannedDocument, numbered, raw_parts, read_document_lines
from mattebox.importers.layout import Layout
from mattebox.importers.places import Place
from mattebox.importers.plan import Finding, ImportPlan, LeftOut, Remade
from mattebox.importers.text_files import decode_json, read_json
from mattebox.region_labels import label_masks

FIELD = "mask_labels"
EXTENSIONS = (".json", *LINES)


def plan_clearml(path: Place) -> ImportPlan:
    """Plan the import of a file, or of all JSON files of a folder. Raises InputError."""
    files = sorted(file for file in path.glob("*") if file.suffix.lower() in EXTENSIONS) if path.is_dir() else [path]
    frame_count = 0
    left_out: list[LeftOut] = []
    for where, planned in _frames(files):
        if planned:
            frame_count += 1
        else:
            left_out.append(LeftOut(where, "frame", "without sources that have URIs"))
    if not frame_count:
        seen = f": {left_out[0]}" if left_out else ""
        raise InputError(f"{str(path)!r} does not look like frames of ClearML: no object has 'sources'{seen}.")
    found = [Finding(frame_count, "frames", str(path))]
    labels = [labels for file in files if (labels := _read(file)[1]) is not None]
    if labels and isinstance(labels[-1], list):
        found.append(Finding(len(labels[-1]), "mask labels", "from the metadata"))
    return ImportPlan(
        Remade(lambda: (planned for _, planned in _frames(files) if planned)),
        frame_count,
        0,
        found,
        metadata={FIELD: labels[-1]} if labels else {},
        left_out=left_out,
    )


def _frames(files: Sequence[Place]) -> Iterator[tuple[str, PlannedDocument | None]]:
    """Read all frames, each with where it is; None for what is no frame."""
    for file in files:
        for where, line in _read(file)[0]:
            yield where, _planned(decode_json(line, Any, where))


def _read(file: Place) -> tuple[Iterator[tuple[str, bytes]], Any]:
    """Give the frames of a file as lines, each with where it is, and the mask labels where there are some."""
    if file.suffix.lower() in LINES:
        return read_document_lines(file), None
    whole = read_json(file, Raw)
    content = raw_parts(whole)
    if isinstance(content, dict) and isinstance(data := raw_parts(content.get("data")), dict):
        whole, content = content["data"], data
    if not isinstance(content, dict):
        return numbered(content or [], file), None
    metadata = raw_parts(content.get("metadata"))
    labels = _value(content.get(FIELD)) or (_value(metadata.get(FIELD)) if isinstance(metadata, dict) else None)
    frames = [whole] if "sources" in content else raw_parts(content.get("frames"))
    return numbered(frames if isinstance(frames, list) else [], file), labels


def _value(content: Raw | None) -> Any:
    return None if content is None else decode(content)


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
    return PlannedDocument(frame_id, encode(frame))


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
