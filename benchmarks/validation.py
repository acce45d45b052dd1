"""Reading and checking one frame document: msgspec against the alternatives (ADR 1)."""

import importlib.util
import json
import time
from collections.abc import Callable

import msgspec

from benchmarks.documents import frame_document
from benchmarks.report import Report, Row, median
from mattebox.models import Frame

DOCUMENTS = 20_000
ROUNDS = 7


def _us_per_document(read: Callable[[bytes], object], documents: list[bytes]) -> float:
    start = time.perf_counter()
    for document in documents:
        read(document)
    return (time.perf_counter() - start) / len(documents) * 1e6


def _pydantic_reader() -> Callable[[bytes], object] | None:
    if importlib.util.find_spec("pydantic") is None:
        return None
    from pydantic import BaseModel  # noqa: PLC0415 - only where it is installed

    class Mask(BaseModel):
        uri: str
        id: str | None = None
        content_type: str | None = None
        timestamp: float | None = None

    class Source(Mask):
        width: int | None = None
        height: int | None = None
        masks: list[Mask] | None = None

    class Document(BaseModel):
        sources: list[Source]
        id: str | None = None
        timestamp: float | None = None
        context_id: str | None = None

    return Document.model_validate_json


def run() -> Report:
    """Interleave the readers over the same documents."""
    documents = [frame_document(i) for i in range(DOCUMENTS)]
    readers: dict[str, Callable[[bytes], object]] = {
        "msgspec, checked": msgspec.json.Decoder(Frame).decode,
        "json.loads, unchecked": json.loads,
    }
    pydantic = _pydantic_reader()
    if pydantic is not None:
        readers["pydantic 2, checked"] = pydantic
    samples: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(ROUNDS):
        for name, read in readers.items():
            samples[name].append(_us_per_document(read, documents))
    floor = median(samples["msgspec, checked"])
    return Report(
        name="validation",
        what=f"decode and check a frame document of {len(documents[0])} bytes",
        rows=[
            Row(name, median(taken), "us/frame", median(taken) / floor, "msgspec") for name, taken in samples.items()
        ],
    )
