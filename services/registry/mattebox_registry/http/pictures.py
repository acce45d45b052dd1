"""The two answers that are asked for by the thousand: a picture, and that the client has it already."""

from aiohttp import hdrs, web
from multidict import CIMultiDict, istr

from mattebox_registry.http.headers import fill_headers
from mattebox_runtime.events import CachedPreview

_STATE = istr("Mattebox-State")


def picture(preview: CachedPreview, etag: str) -> web.Response:
    """200 with a picture."""
    response = web.Response(body=preview.body, headers=_HEADERS)
    headers = response.headers
    headers[hdrs.ETAG] = etag
    headers[_STATE] = preview.state
    headers[hdrs.CONTENT_TYPE] = preview.content_type
    return response


def unchanged(etag: str) -> web.StreamResponse:
    """304: the picture that the client has is the one."""
    response = web.StreamResponse(status=304, headers=_HEADERS)
    response.headers[hdrs.ETAG] = etag
    return response


def names(if_none_match: str | None, etag: str) -> bool:
    """Say whether the client has what the tag stands for; weak tags count (RFC 9110, 13.1.2)."""
    if if_none_match is None or if_none_match == etag:
        return if_none_match is not None
    return etag in {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}


def names_any(if_none_match: str | None) -> bool:
    """Say whether the client wants no picture at all where there is one."""
    return if_none_match == "*"


def _headers() -> CIMultiDict[str]:
    headers = CIMultiDict(
        {
            hdrs.CACHE_CONTROL: "private",
            hdrs.VARY: "Accept",
            # A picture is never run as a document, whatever a decoder thinks it saw in it.
            istr("Content-Security-Policy"): "default-src 'none'; sandbox",
        }
    )
    fill_headers(headers)
    return headers


_HEADERS = _headers()
