"""Whose page sent a request: a browser adds a session's cookie whoever asks it to."""

from urllib.parse import urlsplit

from aiohttp import hdrs, web

_SAFE_METHODS = frozenset(("GET", "HEAD"))


def is_own_page(request: web.BaseRequest) -> bool:
    """Tell whether a page of this server sent the request, or, where it only reads, the user himself.

    `Sec-Fetch-Site` is written by the browser alone and knows ports, which the cookie's `SameSite` does not. Browsers
    leave it out on plain HTTP to other machines; `Origin` is sent with every write even there.
    """
    is_safe = request.method in _SAFE_METHODS
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin" or (is_safe and site == "none")
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None:
        return is_safe
    return urlsplit(origin).netloc == request.host


def is_encrypted(request: web.BaseRequest) -> bool:
    """Tell whether the browser speaks HTTPS, maybe to a proxy in front: it says so in `Origin`."""
    return request.headers.get(hdrs.ORIGIN, "").startswith("https://")
