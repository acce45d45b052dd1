"""Frame documents in files: what `mattebox export --format frames-json` wrote, or frames from elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import msgspec
from msgspec import Raw, Struct

from mattebox.errors import InputError
from mattebox.importers.bundle import ABOUT, BLOBS, FRAMES, About, uploads_of
from mattebox.importers.layout import Layout
from mattebox.importers.places import Place
from mattebox.importers.plan import DatasetFile, Finding, ImportPlan, UriOf
from mattebox.importers.text_files import decode_json, read_json

LINES = (".ndjson", ".jsonl")
"""Extensions of files with one document a line; others hold a list."""


class PlannedDocument(Struct, frozen=True):
    """A frame that is described already; of its uploads, those that came along."""

    id: str
    line: bytes
    """The document as JSON without line breaks."""
    uploads: tuple[DatasetFile, ...] = ()
    by_uri: ClassVar[bool] = False

    def files(self) -> Sequence[DatasetFile]:
        """The uploads: their URIs are their digests, so that they keep them wherever they go."""
        return self.uploads

    def describe(self, uri_of: UriOf) -> bytes:
        """Give the document as it came."""
        del uri_of
        return self.line


class DocumentFile(Struct, frozen=True):
    """The frames of a file, read again each time they are iterated."""

    file: Place
    blobs: Place

    def __iter__(self) -> Iterator[PlannedDocument]:
        """Give the frames in their order. Raises InputError, which names the line or the frame."""
        for where, line in read_documents(self.file):
            frame_id = read_id(line, where)
            if not isinstance(frame_id, str) or not frame_id:
                raise InputError(f"{where}: the frame has no id, so that a second import would double it.")
            yield PlannedDocument(frame_id, line, tuple(self._uploads(line, where)))

    def _uploads(self, line: bytes, where: str) -> Iterator[DatasetFile]:
        if b"blob:" in line:
            files = (DatasetFile(self.blobs, digest) for digest in uploads_of(decode_json(line, dict[str, Any], where)))
            yield from (file for file in files if file.place.is_file())


def plan_frames_json(path: Place) -> ImportPlan:
    """Plan the import of an exported folder, or of a file of frames. Raises InputError."""
    if path.is_dir() and not (path / FRAMES).is_file():
        raise InputError(f"{str(path)!r} does not look like an export: it has no {FRAMES}.")
    file = path / FRAMES if path.is_dir() else path
    folder = file.parent
    about: About = read_json(folder / ABOUT, About) if path.is_dir() and (folder / ABOUT).is_file() else About()
    frames = DocumentFile(file, folder / BLOBS)
    frame_count = upload_count = 0
    for frame in frames:
        frame_count += 1
        upload_count += len(frame.uploads)
    if not frame_count:
        raise InputError(f"{str(file)!r} holds no frames.")
    origin = f"of {about.dataset} / {about.version}" if about.dataset else str(file)
    found = [Finding(frame_count, "frames", origin), Finding(upload_count, "uploads that came along")]
    return ImportPlan(frames, frame_count, upload_count, found, metadata=about.metadata)


class _Named(Struct):
    id: Any = None


def read_id(line: bytes, where: str) -> Any:
    """Give the id of a document, of whatever kind it is; None where there is none. Raises InputError."""
    try:
        return _named.decode(line).id
    except msgspec.ValidationError as error:
        raise InputError(f'{where}: a frame is an object, as in {{"id": ..., "sources": [...]}}.') from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{where}: this is not JSON: {error}.") from error


_named = msgspec.json.Decoder(_Named)


def read_documents(file: Place) -> Iterator[tuple[str, bytes]]:
    """Give the documents of a file as lines of JSON, each with the words for where it is. Raises InputError."""
    if file.suffix.lower() in LINES:
        yield from read_document_lines(file)
        return
    content = raw_parts(read_json(file, Raw))
    frames = raw_parts(content.get("frames")) if isinstance(content, dict) else content
    if not isinstance(frames, list):
        raise InputError(f'{str(file)!r} holds no frames: it is a list of frames, or {{"frames": [...]}}.')
    yield from numbered(frames, file)


def read_document_lines(file: Place) -> Iterator[tuple[str, bytes]]:
    """Give the documents of a file with one a line, in the same way. Raises InputError."""
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if document := line.strip():
                    yield f"{file}, line {number}", document
    except OSError as error:
        raise InputError(f"{str(file)!r} cannot be read: {error.strerror}.") from error


def raw_parts(content: Raw | None) -> list[Raw] | dict[str, Raw] | None:
    """Part an array or object of JSON, without taking its parts apart; None for what is neither."""
    try:
        return None if content is None else _parts.decode(content)
    except msgspec.ValidationError:
        return None


_parts = msgspec.json.Decoder(list[Raw] | dict[str, Raw])


def numbered(frames: Sequence[Raw], file: Place) -> Iterator[tuple[str, bytes]]:
    """Give each document of a list as a line of JSON, and say where it is."""
    for position, document in enumerate(frames):
        line = bytes(document)
        if b"\n" in line or b"\r" in line:
            line = msgspec.json.format(line, indent=-1)
        yield f"{file}, frame number {position}", line


FRAMES_JSON = Layout(
    "frames-json",
    "Frame documents: an export of Mattebox, or a file of frames.",
    "frames.ndjson, or a file of frames",
    "my-export",
    "A folder written by `mattebox export --format frames-json`: frames.ndjson, version.json with the metadata, blobs/ "
    "with the uploads. Or one file: .ndjson or .jsonl with a frame a line, else .json with a list of frames. "
    "Frames are registered as they are; each needs an id.",
    "The metadata of version.json, which has the mask labels.",
    plan_frames_json,
)
