"""The cookie that holds a session's secret."""

from aiohttp import web

from mattebox_registry.http.origin import is_encrypted

_SECURE_NAME = "__Host-mattebox"
"""Browsers take it from this host alone, over HTTPS alone."""


def session_secret(request: web.BaseRequest) -> str | None:
    """Give the secret that the browser sent."""
    cookies = request.cookies
    return cookies.get(_SECURE_NAME) or cookies.get(_plain_name(request))


def set_session(request: web.BaseRequest, response: web.Response, secret: str, max_age_s: float) -> None:
    """Let the browser keep a secret, out of reach of scripts and of other sites' requests."""
    secure = is_encrypted(request)
    name = _SECURE_NAME if secure else _plain_name(request)
    response.set_cookie(name, secret, max_age=int(max_age_s), path="/", httponly=True, samesite="Strict", secure=secure)


def clear_session(request: web.BaseRequest, response: web.Response) -> None:
    """Let the browser forget the secret."""
    secure = is_encrypted(request)
    name = _SECURE_NAME if secure else _plain_name(request)
    response.del_cookie(name, path="/", httponly=True, samesite="Strict", secure=secure)


def _plain_name(request: web.BaseRequest) -> str:
    # Cookies know no ports: two registries on one machine would sign each other's users out.
    port = request.host.rpartition(":")[2]
    return f"mattebox-{port}" if port.isascii() and port.isdecimal() else "mattebox"
