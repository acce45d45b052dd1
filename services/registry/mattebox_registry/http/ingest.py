"""Frames in bulk: arrays in JSON or msgpack, or an NDJSON stream of any length in constant memory."""

import msgspec
from aiohttp import web
from msgspec import Raw, Struct

from mattebox_registry.errors import InvalidInput, VersionPublished
from mattebox_registry.http.bodies import (
    JSON,
    answer_json,
    bad_json,
    body_chunks,
    content_type,
    empty_body,
    read_bytes,
)
from mattebox_registry.http.lines import TOO_LONG, split_lines
from mattebox_registry.keys import METRICS, SETTINGS, STORE, WRITER
from mattebox_registry.rules.frames import json_from_msgpack
from mattebox_registry.rules.ingestion import Ingestion, Verdicts

NDJSON = "application/x-ndjson"
MSGPACK = "application/msgpack"


class _Envelope(Struct):
    frames: list[Raw]


_array_decoder = msgspec.json.Decoder(list[Raw])
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_msgpack_decoder = msgspec.msgpack.Decoder(list[Raw])


async def add_frames(request: web.Request) -> web.Response:
    """200 what became of each frame; all that is not rejected is on disk. Raises NotFound, VersionPublished.

    A stream that breaks off leaves the batches that were committed; posting it again changes nothing about those.
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
    finally:
        _count(request, ingestion.verdicts)
    return _answer(ingestion.verdicts)


async def _take_stream(request: web.Request, ingestion: Ingestion) -> None:
    async for lines in split_lines(body_chunks(request), request.app[SETTINGS].max_frame_bytes):
        for line in lines:
            if line == TOO_LONG:
                ingestion.reject_oversized()
            elif line and not line.isspace():
                ingestion.add(line)
            if ingestion.is_batch_full:
                await ingestion.write_batch()
    if not ingestion.verdicts.seen:
        raise empty_body()


async def _take_array(request: web.Request, ingestion: Ingestion, *, packed: bool) -> None:
    body = await read_bytes(request, request.app[SETTINGS].max_batch_bytes)
    if not body.strip():
        raise empty_body()
    for document in _unpack_msgpack(body) if packed else _split_json(body):
        if packed:
            ingestion.add_converted(document, json_from_msgpack)
        else:
            ingestion.add(bytes(document))
        if ingestion.is_batch_full:
            await ingestion.write_batch()


def _split_json(body: bytes) -> list[Raw]:
    try:
        if body.lstrip()[:1] == b"{":
            return _envelope_decoder.decode(body).frames
        return _array_decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _no_frames() from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise bad_json(body, error) from error


def _unpack_msgpack(body: bytes) -> list[Raw]:
    try:
        return _msgpack_decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _no_frames() from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidInput("bad_msgpack", "The body is not one valid msgpack value.") from error


def _no_frames() -> InvalidInput:
    return InvalidInput("invalid_body", 'The body is neither an array of frames nor {"frames": [...]}.')


def _count(request: web.Request, verdicts: Verdicts) -> None:
    counter = request.app[METRICS].frames_ingested
    counter.labels("created").inc(verdicts.created)
    counter.labels("updated").inc(verdicts.updated)
    counter.labels("rejected").inc(verdicts.rejected_count)


def _answer(verdicts: Verdicts) -> web.Response:
    answer = {
        "created": verdicts.created,
        "updated": verdicts.updated,
        "rejected": verdicts.rejected,
        "rejected_count": verdicts.rejected_count,
    }
    if verdicts.any_id_assigned:
        answer["ids"] = Raw(verdicts.ids_json())
    return answer_json(answer)
