"""Frames on their way in and out of a draft: `datasets.save_frames`, `datasets.delete_frames`."""

from typing import Annotated, Any

from msgspec import Meta, Raw, Struct

from mattebox_registry.clearml.caller import Answer, Call, Caller
from mattebox_registry.clearml.incoming import Uploads, to_document
from mattebox_registry.errors import FieldError, InvalidInput, VersionPublished
from mattebox_registry.http.arrays import split_json
from mattebox_registry.http.ingest import count_frames
from mattebox_registry.keys import BLOBS, SETTINGS, STORE, WRITER
from mattebox_registry.rules.ingestion import Ingestion, Rejected, Verdicts


class SaveFrames(Struct):
    """`datasets.save_frames`."""

    version: str
    frames: Raw


class DeleteFrames(Struct):
    """`datasets.delete_frames`."""

    version: str
    frames: Annotated[list[str], Meta(max_length=10_000)]


async def save(caller: Caller, body: SaveFrames) -> Answer:
    """Say what became of each frame; all that is not among the errors is on disk. Raises NotFound, VersionPublished."""
    app = caller.app
    version = await app[STORE].version(body.version)
    if version.status == "published":
        raise VersionPublished(version.id)
    uploads = Uploads(app[BLOBS], caller.origin)
    ingestion = Ingestion(app[WRITER], version.id, app[SETTINGS].max_frame_bytes)
    try:
        async with ingestion:
            for document in split_json(bytes(body.frames)):
                ingestion.add(await to_document(bytes(document), uploads))
                if ingestion.is_batch_full:
                    await ingestion.write_batch()
    finally:
        count_frames(app, ingestion.verdicts)
    verdicts = ingestion.verdicts
    if verdicts.rejected_count > len(verdicts.rejected):
        raise _too_many_to_tell(verdicts)
    return {
        "saved": verdicts.created + verdicts.updated,
        "failed": verdicts.rejected_count,
        "errors": [_show(version.id, rejected) for rejected in verdicts.rejected],
        "ids": Raw(verdicts.ids_json()),
    }


async def delete(caller: Caller, body: DeleteFrames) -> Answer:
    """Say how many of the frames there were. Raises NotFound, VersionPublished."""
    return {"deleted": await caller.app[WRITER].delete(body.version, body.frames)}


def _too_many_to_tell(verdicts: Verdicts) -> InvalidInput:
    # The SDK takes what is not among the errors for stored.
    msg = (
        f"{verdicts.rejected_count} of {verdicts.seen} frames are no frames; the others are stored. "
        f"Add fewer at a time to be told which, as here of index {verdicts.rejected[0].index}."
    )
    return InvalidInput("not_frames", msg, [FieldError(**error) for error in verdicts.rejected[0].errors])


def _show(version_id: str, rejected: Rejected) -> dict[str, Any]:
    reasons = [f"{error['loc']}: {error['message']}" if error["loc"] else error["message"] for error in rejected.errors]
    # The SDK takes the id from behind the slash.
    return {"_id": f"{version_id}/{rejected.id or f'[{rejected.index}]'}", "error": " ".join(reasons)}


CALLS = {"save_frames": Call("ingest", SaveFrames, save), "delete_frames": Call("ingest", DeleteFrames, delete)}
