"""What every answer carries."""

from aiohttp import hdrs, web
from multidict import CIMultiDict, istr

REQUEST_ID_HEADER = istr("X-Request-Id")
REQUEST_ID = web.RequestKey("request_id", str)

# `istr`, which multidict does not have to fold again for each answer.
_COMMON = (
    (istr("X-Content-Type-Options"), "nosniff"),
    (istr("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'"),
    (istr("Referrer-Policy"), "no-referrer"),
    (hdrs.CACHE_CONTROL, "no-store"),
    # Or aiohttp names itself and its version.
    (hdrs.SERVER, "mattebox"),
)


def add_common_headers(headers: CIMultiDict[str], request_id: str) -> None:
    """Add the request's id, and what the answer does not say otherwise itself."""
    for name, value in _COMMON:
        headers.setdefault(name, value)
    headers[REQUEST_ID_HEADER] = request_id
