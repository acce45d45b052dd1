"""http(s):// downloads: guarded at the socket, bounded in bytes and seconds, tried again where that can help."""

import asyncio
import errno
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential
from yarl import URL

from mattebox_renderer.fetch.addresses import DialRules
from mattebox_renderer.fetch.content import Download, Fetched, FetchFailed
from mattebox_renderer.fetch.uris import web_url
from mattebox_renderer.settings import Settings
from mattebox_runtime.settings import SettingsError, variable

MAX_REDIRECTS = 3
MAX_DOWNLOADS_PER_HOST = 4

_CHUNK_BYTES = 2**18
_CONNECT_TIMEOUT_S = 5.0
_SILENCE_TIMEOUT_S = 10.0
_MAX_WAIT_S = 5.0

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})


class AddressDenied(PermissionError):
    """The address about to be dialled is not one a client may reach."""


class _Overloaded(FetchFailed):
    """The origin asked for a pause."""

    def __init__(self, pause_s: float) -> None:
        super().__init__("unreachable", transient=True)
        self.pause_s = pause_s


class Web:
    """Downloads over HTTP; made by `open_web`."""

    def __init__(self, session: aiohttp.ClientSession, max_bytes: int, tries: int) -> None:
        self._session = session
        self._max_bytes = max_bytes
        self._tries = tries
        self._turns = _Turns(MAX_DOWNLOADS_PER_HOST)

    async def fetch(self, uri: str, timeout_s: float) -> Fetched:
        """Download what a URI or its redirects lead to, all tries within `timeout_s` of getting a turn.

        Raises:
            FetchFailed: every way it can end without the bytes.
        """
        url = web_url(uri)
        retrying = AsyncRetrying(
            stop=stop_after_attempt(self._tries),
            wait=_pause,
            retry=retry_if_exception(lambda error: isinstance(error, FetchFailed) and error.transient),
            reraise=True,
        )
        async with self._turns.take(url.authority):
            try:
                async with asyncio.timeout(timeout_s):
                    return await retrying(self._try, url)
            except TimeoutError as error:
                raise FetchFailed("timeout", transient=True) from error

    async def _try(self, url: URL) -> Fetched:
        try:
            return await self._follow(url)
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise _explain(error) from error

    async def _follow(self, url: URL) -> Fetched:
        for _ in range(MAX_REDIRECTS + 1):
            async with self._session.get(url, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return await self._receive(response)
                url = web_url(response.headers.get("Location", ""), url)
        raise FetchFailed("unreachable")

    async def _receive(self, response: aiohttp.ClientResponse) -> Fetched:
        _judge_status(response)
        # Not asked for, and unpacking is how a small body becomes a large one.
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise FetchFailed("unreachable")
        with Download(self._max_bytes) as download:
            download.expect(response.content_length)
            async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
                download.write(chunk)
            return download.finish()


class _Turns:
    """At most so many at a time for each name, so that one slow host does not hold every job."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def take(self, name: str) -> AsyncIterator[None]:
        semaphore, users = self._waiting.get(name) or (asyncio.Semaphore(self._limit), 0)
        self._waiting[name] = (semaphore, users + 1)
        try:
            async with semaphore:
                yield
        finally:
            _, users = self._waiting.pop(name)
            if users > 1:
                self._waiting[name] = (semaphore, users - 1)


@asynccontextmanager
async def open_web(settings: Settings, *, resolver: AbstractResolver | None = None) -> AsyncGenerator[Web, None]:
    """Open the client; `resolver` is the system's if not given.

    Raises:
        SettingsError: an entry of `allow_cidrs` is not a network.
    """
    try:
        rules = DialRules(settings.allow_cidrs, settings.allow_ports)
    except ValueError as error:
        msg = f"{variable('allow_cidrs')}: {error}. A range looks like 10.0.0.0/8."
        raise SettingsError(msg) from error

    def dial(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not rules.permit(address[0], address[1]):
            raise AddressDenied(errno.EACCES, "address denied")
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        socket_factory=dial, resolver=resolver, use_dns_cache=False, force_close=True, limit=0
    )
    timeout = aiohttp.ClientTimeout(
        total=None,
        connect=min(_CONNECT_TIMEOUT_S, settings.fetch_timeout_s),
        sock_read=min(_SILENCE_TIMEOUT_S, settings.fetch_timeout_s),
    )
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept-Encoding": "identity", "User-Agent": "mattebox"},
    ) as session:
        yield Web(session, settings.max_source_bytes, settings.fetch_tries)


def _judge_status(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status in (200, 203):
        return
    if status in _PASSING or status >= 500:
        given = response.headers.get("Retry-After", "")
        raise _Overloaded(float(given) if given.isascii() and given.isdigit() else 0.0)
    if status in (404, 410):
        raise FetchFailed("not_found")
    # 401 and 403, and requests the origin will not understand better the next time.
    raise FetchFailed("forbidden" if status >= 400 else "unreachable")


_back_off = wait_random_exponential(multiplier=0.2, max=_MAX_WAIT_S)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked_s = error.pause_s if isinstance(error, _Overloaded) else 0.0
    return max(_back_off(state), min(asked_s, _MAX_WAIT_S))


def _explain(error: Exception) -> FetchFailed:
    match error:
        case aiohttp.ClientConnectorError(os_error=AddressDenied()):
            return FetchFailed("blocked")
        case aiohttp.ClientConnectorCertificateError():
            return FetchFailed("unreachable")
        case TimeoutError():
            return FetchFailed("timeout", transient=True)
        case ValueError() if not isinstance(error, aiohttp.ClientPayloadError):
            return FetchFailed("bad_uri")
        case _:
            return FetchFailed("unreachable", transient=True)
