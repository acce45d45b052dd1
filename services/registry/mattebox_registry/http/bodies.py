"""Bodies of requests and answers, read strictly: what is not understood is refused, with the way to put it right."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TypeVar

import msgspec
from aiohttp import ClientPayloadError, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from mattebox_registry.errors import BodyTooLarge, InvalidInput
from mattebox_registry.http.refusals import BodyBroken, BodyTimeout, WrongContentEncoding, WrongContentType
from mattebox_registry.http.unpacking import gunzip
from mattebox_registry.keys import SETTINGS
from mattebox_registry.rules.faults import field_error, json_fault

JSON = "application/json"

WHOLE_BODY_SILENCES = 4
"""Times the longest silence that a body may take which is read as a whole: a drip would hold its memory for days."""

T = TypeVar("T")


def answer_json(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer with JSON; bytes are JSON already."""
    encoded = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return web.Response(status=status, body=encoded, content_type=JSON, headers=headers)


async def read_body(request: web.Request, kind: type[T]) -> T:
    """Read a JSON body of a type.

    Raises:
        WrongContentType, WrongContentEncoding, BodyTooLarge, BodyTimeout, BodyBroken: it cannot be read.
        InvalidInput: it is empty, no JSON, or not of the type.
    """
    return decode_body(await read_document(request, request.app[SETTINGS].max_batch_bytes), kind)


def decode_body(body: bytes, kind: type[T]) -> T:
    """Read JSON of a type. Raises InvalidInput."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise InvalidInput("invalid_body", "The body breaks the contract.", [field_error(error)]) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise bad_json(body, error) from error


async def read_document(request: web.Request, max_bytes: int) -> bytes:
    """Read the bytes of a JSON body. Raises as `read_body` does."""
    content_type(request, (JSON,))
    body = await read_bytes(request, max_bytes)
    if not body.strip():
        raise empty_body()
    return body


def content_type(request: web.Request, allowed: Sequence[str]) -> str:
    """Give the type of the body, the first of `allowed` where none is given.

    Raises:
        WrongContentType: it is none of `allowed`.
    """
    if "Content-Type" not in request.headers:
        return allowed[0]
    if request.content_type not in allowed:
        raise WrongContentType(request.content_type, allowed)
    return request.content_type


async def read_bytes(request: web.Request, max_bytes: int) -> bytes:
    """Read a whole body, unpacked. Raises WrongContentEncoding, BodyTooLarge, BodyTimeout, BodyBroken."""
    if request.content_length is not None and request.content_length > max_bytes:
        raise BodyTooLarge(f"{max_bytes} bytes")
    timeout_s = WHOLE_BODY_SILENCES * request.app[SETTINGS].body_timeout_s
    body = bytearray()
    try:
        async with asyncio.timeout(timeout_s):
            async for chunk in body_chunks(request):
                body += chunk
                if len(body) > max_bytes:
                    raise BodyTooLarge(f"{max_bytes} bytes")
    except TimeoutError as error:
        raise BodyTimeout("Not the whole body", timeout_s) from error
    return bytes(body)


def body_chunks(request: web.Request) -> AsyncIterator[bytes]:
    """Give the body as it comes in, unpacked.

    Raises:
        WrongContentEncoding: it is packed in a way that is not read here.
        BodyTimeout, BodyBroken, BodyTooLarge: while it is read.
    """
    match ", ".join(request.headers.getall(hdrs.CONTENT_ENCODING, ())).strip().lower():
        case "" | "identity":
            return _chunks(request)
        case "gzip" | "x-gzip":
            return gunzip(_chunks(request))
        case _:
            raise WrongContentEncoding


async def _chunks(request: web.Request) -> AsyncIterator[bytes]:
    content = request.content
    timeout_s = request.app[SETTINGS].body_timeout_s
    while True:
        try:
            async with asyncio.timeout(timeout_s):
                chunk = await content.readany()
        except TimeoutError as error:
            raise BodyTimeout("No more of the body", timeout_s) from error
        except (ClientPayloadError, web.RequestPayloadError, HttpProcessingError) as error:
            # The server would read on after the answer, and stumble over the same fault.
            content.feed_eof()
            raise BodyBroken from error
        if not chunk:
            return
        yield chunk


def empty_body() -> InvalidInput:
    """Refuse a body without content."""
    return InvalidInput("empty_body", "The body is empty.")


def bad_json(body: bytes, error: Exception) -> InvalidInput:
    """Refuse a body that is no JSON, naming line and byte where they are known."""
    return InvalidInput("bad_json", f"The body is not valid JSON: {_where(body, error)}.")


def _where(body: bytes, error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "it holds bytes that are not UTF-8"
        case RecursionError():
            return "it is nested too deeply"
        case _:
            fault = json_fault(body, error)
            _, found, rest = str(error).partition("(byte ")
            if not found:
                return fault
            line = body.count(b"\n", 0, int(rest.removesuffix(")"))) + 1
            return f"{fault}, line {line}"
