"""Frames in bulk: arrays in JSON or msgpack, or an NDJSON stream of any length in constant memory."""

from typing import Any

from aiohttp import web
from msgspec import Raw

from mattebox_registry.errors import BodyTooLarge, RegistryError, VersionPublished
from mattebox_registry.http.arrays import split_json, split_msgpack
from mattebox_registry.http.bodies import (
    JSON,
    answer_json,
    body_chunks,
    content_type,
    empty_body,
    read_bytes,
)
from mattebox_registry.http.lines import split_lines
from mattebox_registry.http.refusals import BodyBroken, BodyTimeout
from mattebox_registry.keys import METRICS, SETTINGS, STORE, WRITER
from mattebox_registry.rules.frames import json_from_msgpack
from mattebox_registry.rules.ingestion import Ingestion, Verdicts

NDJSON = "application/x-ndjson"
MSGPACK = "application/msgpack"


async def add_frames(request: web.Request) -> web.Response:
    """200 what became of each frame; all that is not rejected is on disk. Raises NotFound, VersionPublished.

    A body that cannot be read to its end is refused, with the counts of what was whole and is stored all the same;
    posting it again changes nothing about those frames.
    """
    version = await request.app[STORE].version(request.match_info["version"])
    if version.status == "published":
        raise VersionPublished(version.id)
    kind = content_type(request, (JSON, NDJSON, MSGPACK))
    ingestion = Ingestion(request.app[WRITER], version.id, request.app[SETTINGS].max_frame_bytes)
    try:
        async with ingestion:
            if kind == NDJSON:
                await _take_stream(request, ingestion)
            else:
                await _take_array(request, ingestion, packed=kind == MSGPACK)
    except RegistryError as error:
        error.stored = _counts(ingestion.verdicts)
        raise
    finally:
        count_frames(request.app, ingestion.verdicts)
    return _answer(ingestion.verdicts)


async def _take_stream(request: web.Request, ingestion: Ingestion) -> None:
    try:
        await _take_lines(request, ingestion)
    except (BodyBroken, BodyTimeout, BodyTooLarge, ConnectionResetError):
        await ingestion.write_batch()
        raise
    if not ingestion.verdicts.seen:
        raise empty_body()


async def _take_lines(request: web.Request, ingestion: Ingestion) -> None:
    async for lines in split_lines(body_chunks(request), request.app[SETTINGS].max_frame_bytes):
        await ingestion.add_all(lines)


async def _take_array(request: web.Request, ingestion: Ingestion, *, packed: bool) -> None:
    body = await read_bytes(request, request.app[SETTINGS].max_batch_bytes)
    if not body.strip():
        raise empty_body()
    if not packed:
        await ingestion.add_all(map(bytes, split_json(body)))
        return
    for document in split_msgpack(body):
        ingestion.add_converted(document, json_from_msgpack)
        if ingestion.is_batch_full:
            await ingestion.write_batch()


def count_frames(app: web.Application, verdicts: Verdicts) -> None:
    """Let the metrics know what came in."""
    counter = app[METRICS].frames_ingested
    counter.labels("created").inc(verdicts.created)
    counter.labels("updated").inc(verdicts.updated)
    counter.labels("rejected").inc(verdicts.rejected_count)


def _counts(verdicts: Verdicts) -> dict[str, int]:
    return {
        "created": verdicts.created,
        "updated": verdicts.updated,
        "rejected_count": verdicts.rejected_count,
    }


def _answer(verdicts: Verdicts) -> web.Response:
    answer: dict[str, Any] = {**_counts(verdicts), "rejected": verdicts.rejected}
    if verdicts.any_id_assigned:
        answer["ids"] = Raw(verdicts.ids_json())
    return answer_json(answer)
