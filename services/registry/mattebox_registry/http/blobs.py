"""Uploads of local sources and masks."""

from collections.abc import AsyncIterable

import structlog
from aiohttp import hdrs, web

from mattebox.answers import Blob
from mattebox_registry.errors import BodyTooLarge, InvalidInput, NotFound, StorageBusy
from mattebox_registry.http.bodies import answer_json, body_chunks
from mattebox_registry.http.headers import REQUEST_ID, add_common_headers
from mattebox_registry.keys import BLOBS, METRICS, SETTINGS
from mattebox_runtime import blobs as uploads
from mattebox_runtime.blobs import BlobEmpty, BlobMissing, BlobStoreFailed, BlobTooLarge

_NOT_NOW = "The store of uploads does not take or give files now."

log = structlog.get_logger()


async def post_blob(request: web.Request) -> web.Response:
    """201 the uri of the uploaded bytes, the same for the same bytes."""
    refuse_long_upload(request)
    blob = await store_upload(request.app, body_chunks(request))
    return answer_json(Blob(blob.uri, blob.size), status=201)


def refuse_long_upload(request: web.Request) -> None:
    """Refuse a body that says itself that it is longer than any upload may be. Raises BodyTooLarge."""
    max_bytes = request.app[SETTINGS].max_blob_bytes
    if request.content_length is not None and request.content_length > max_bytes:
        raise BodyTooLarge(f"{max_bytes} bytes")


async def store_upload(app: web.Application, chunks: AsyncIterable[bytes]) -> uploads.Blob:
    """Keep a file. Raises BodyTooLarge, InvalidInput, StorageBusy, and what `chunks` raises."""
    max_bytes = app[SETTINGS].max_blob_bytes
    try:
        blob = await app[BLOBS].put(chunks, max_bytes=max_bytes)
    except BlobTooLarge as error:
        raise BodyTooLarge(f"{max_bytes} bytes") from error
    except BlobEmpty as error:
        raise InvalidInput("empty_body", "Send the bytes of the file as the body.") from error
    except BlobStoreFailed as error:
        log.exception("upload not stored")
        raise StorageBusy(_NOT_NOW) from error
    app[METRICS].blob_bytes.inc(blob.size)
    return blob


async def get_blob(request: web.Request) -> web.StreamResponse:
    """200 the bytes of a blob; HEAD asks whether it is there. Raises NotFound."""
    return await send_blob(request, request.match_info["sha256"])


async def send_blob(request: web.Request, sha256: str) -> web.StreamResponse:
    """Answer with a blob. Raises NotFound, StorageBusy."""
    blobs = request.app[BLOBS]
    try:
        size = await blobs.size(sha256)
    except BlobMissing as error:
        raise NotFound("blob", sha256) from error
    except BlobStoreFailed as error:
        log.exception("upload not looked up")
        raise StorageBusy(_NOT_NOW) from error
    # Anybody's bytes: a browser is to keep them, never to show them as a page of ours.
    headers = {"Content-Length": str(size), "Content-Disposition": "attachment", "ETag": f'"{sha256}"'}
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream", **headers})
    # A stream is sent before a middleware sees it.
    add_common_headers(response.headers, request[REQUEST_ID])
    await response.prepare(request)
    if request.method == hdrs.METH_GET:
        async for part in blobs.read(sha256):
            await response.write(part)
    return response
