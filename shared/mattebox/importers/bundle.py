"""The folder that `mattebox export --format frames-json` writes and `mattebox import frames-json` reads.

`frames.ndjson` holds the frame documents, one a line; `version.json` what is said of all of them; `blobs/` the uploads
that frames point to, each named by its SHA-256.
"""

from collections.abc import Iterator, Mapping
from re import fullmatch
from typing import Any

from msgspec import Struct, field

FRAMES = "frames.ndjson"
ABOUT = "version.json"
BLOBS = "blobs"


class About(Struct, frozen=True):
    """What `version.json` says."""

    dataset: str = ""
    version: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    """Of the version: mask labels and encodings, and whatever else there is."""


def uploads_of(document: Mapping[str, Any]) -> list[str]:
    """Give the digests of the uploads that a frame's sources and masks are."""
    digests = (upload_digest(uri) for uri in _uris(document))
    return list(dict.fromkeys(digest for digest in digests if digest))


def upload_digest(uri: str) -> str | None:
    """Give the SHA-256 that an upload's URI names; None for other URIs."""
    found = fullmatch(r"blob:([0-9a-f]{64})", uri)
    return found[1] if found else None


def _uris(document: Mapping[str, Any]) -> Iterator[str]:
    for source in _objects(document.get("sources")):
        for place in (source, *_objects(source.get("masks"))):
            if isinstance(uri := place.get("uri"), str):
                yield uri


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
