"""ClearML's files server: what `StorageManager.upload_file` sends becomes a blob with a name."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from aiohttp import BodyPartReader, ClientPayloadError, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from mattebox_registry.clearml.incoming import BLOBS_OF_FILES, FILES, is_file
from mattebox_registry.clearml.logins import sign_in
from mattebox_registry.errors import FieldError, InvalidInput, NotFound, StorageBusy
from mattebox_registry.http.blobs import refuse_long_upload, send_blob, store_upload
from mattebox_registry.http.refusals import BodyBroken, BodyTimeout, ScopeMissing
from mattebox_registry.keys import BLOBS, SETTINGS
from mattebox_registry.records import Scope
from mattebox_runtime.blobs import BlobMissing, BlobStoreFailed

MAX_NAME_CHARS = 1_024
MULTIPART = "multipart/form-data"

_CHUNK_BYTES = 2**18

T = TypeVar("T")


async def take_files(request: web.Request) -> web.Response:
    """200: the files of the form are stored under their names, which are paths of this server."""
    _need(request, "ingest")
    refuse_long_upload(request)
    if request.content_type != MULTIPART:
        raise InvalidInput("invalid_body", f"Send the file as a part of {MULTIPART}.")
    timeout_s = request.app[SETTINGS].body_timeout_s
    try:
        parts = MultipartReader(request.headers, request.content)
        while (part := await _within(timeout_s, parts.next())) is not None:
            if isinstance(part, BodyPartReader):
                await _take(request, part)
    except (ValueError, ClientPayloadError, HttpProcessingError) as error:
        raise BodyBroken from error
    return web.Response()


async def send_file(request: web.Request) -> web.StreamResponse:
    """200 the bytes of a file. Raises NotFound."""
    _need(request, "read")
    path = request.path
    if path.startswith(BLOBS_OF_FILES):
        return await send_blob(request, path.removeprefix(BLOBS_OF_FILES))
    try:
        sha256 = await request.app[BLOBS].named(path)
    except BlobMissing as error:
        raise NotFound("file", path) from error
    except BlobStoreFailed as error:
        raise StorageBusy from error
    return await send_blob(request, sha256)


async def _take(request: web.Request, part: BodyPartReader) -> None:
    # A part's name begins with the slash that ends the host's name, and aiohttp takes it off.
    path = f"{request.path.rstrip('/')}/{part.name or ''}"
    if not is_file(path) or path.startswith(BLOBS_OF_FILES) or len(path) > MAX_NAME_CHARS:
        fault = FieldError(path[:100], f"Name a path below {FILES}, of at most {MAX_NAME_CHARS} characters.")
        raise InvalidInput("invalid_name", "A file cannot have this name.", [fault])
    blob = await store_upload(request.app, _chunks(part, request.app[SETTINGS].body_timeout_s))
    try:
        await request.app[BLOBS].name(path, blob.sha256)
    except BlobStoreFailed as error:
        raise StorageBusy from error


async def _chunks(part: BodyPartReader, timeout_s: float) -> AsyncIterator[bytes]:
    while chunk := await _within(timeout_s, part.read_chunk(_CHUNK_BYTES)):
        yield chunk


async def _within(timeout_s: float, more: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(timeout_s):
            return await more
    except TimeoutError as error:
        raise BodyTimeout("No more of the body", timeout_s) from error


def _need(request: web.Request, scope: Scope) -> None:
    if scope not in sign_in(request):
        raise ScopeMissing(scope)
