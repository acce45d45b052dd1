"""What every answer carries."""

import random
import re
from collections.abc import Mapping

from aiohttp import hdrs, web
from multidict import CIMultiDict, istr

REQUEST_ID_HEADER = istr("X-Request-Id")
REQUEST_ID = web.RequestKey("request_id", str)

# `istr`, which multidict does not have to fold again for each answer.
_COMMON = (
    (istr("X-Content-Type-Options"), "nosniff"),
    (istr("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'"),
    (istr("Referrer-Policy"), "no-referrer"),
    # Pages of other origins, another port of this machine too, cannot show what a signed-in browser may see.
    (istr("Cross-Origin-Resource-Policy"), "same-origin"),
    (hdrs.CACHE_CONTROL, "no-store"),
    # Or aiohttp names itself and its version.
    (hdrs.SERVER, "mattebox"),
)

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def fill_headers(headers: CIMultiDict[str]) -> None:
    """Add what the answer does not say otherwise itself."""
    for name, value in _COMMON:
        headers.setdefault(name, value)


def add_common_headers(headers: CIMultiDict[str], request_id: str) -> None:
    """Add the request's id, and what the answer does not say otherwise itself."""
    fill_headers(headers)
    headers[REQUEST_ID_HEADER] = request_id


def id_of_request(headers: Mapping[str, str]) -> str:
    """Give the id that the client chose, if it is harmless in a log, else a new one."""
    given = headers.get(REQUEST_ID_HEADER)
    if given is not None and _GIVEN_ID.fullmatch(given):
        return given
    return f"{random.getrandbits(64):016x}"
