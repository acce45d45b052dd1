"""http(s):// downloads: guarded at the socket, bounded in bytes and seconds, tried again where that can help."""

import asyncio
import errno
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential
from yarl import URL

from mattebox_renderer.fetch.addresses import DialRules
from mattebox_renderer.fetch.breaker import Breaker
from mattebox_renderer.fetch.content import Download, Fetched, FetchFailed
from mattebox_renderer.fetch.turns import Seat, Turns
from mattebox_renderer.fetch.uris import web_url
from mattebox_renderer.settings import Settings
from mattebox_runtime.settings import SettingsError, variable

MAX_REDIRECTS = 3
MAX_DOWNLOADS_PER_HOST = 4
TRIES_OF_UNKNOWN_NAME = 2
"""A name that leads nowhere is seldom known a second later."""

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


class _Silent(FetchFailed):
    """The host of the URI gave no answer at all."""


class _Unresolved(_Silent):
    """Nobody knows the name of the host."""


class _Visit:
    """A fetch from a host; where its URI redirects to is no concern of the first host."""

    def __init__(self, url: URL, seat: Seat | None) -> None:
        self.url = url
        self.seat = seat
        # With its scheme: a closed port 80 says nothing of port 443.
        self.host = str(url.origin())
        self.answered = False


class Web:
    """Downloads over HTTP; made by `open_web`."""

    def __init__(self, session: aiohttp.ClientSession, max_bytes: int, tries: int, breaker: Breaker) -> None:
        self._session = session
        self._max_bytes = max_bytes
        self._tries = tries
        self._turns = Turns(MAX_DOWNLOADS_PER_HOST)
        self._breaker = breaker

    async def fetch(self, uri: str, timeout_s: float, seat: Seat | None = None) -> Fetched:
        """Download what a URI or its redirects lead to, all tries within `timeout_s` of getting a turn.

        Raises:
            FetchFailed: every way it can end without the bytes.
        """
        url = web_url(uri)
        # Not to queue for nothing; those that queue already are refused when it is their turn.
        visit = _Visit(url, seat)
        if self._breaker.refuses(visit.host):
            raise FetchFailed("unreachable", transient=True)
        async with self._turns.take(url.authority, seat):
            if not self._breaker.admit(visit.host):
                raise FetchFailed("unreachable", transient=True)
            if seat is not None:
                seat.begin()
            return await self._fetch_in_turn(visit, timeout_s)

    async def _fetch_in_turn(self, visit: _Visit, timeout_s: float) -> Fetched:
        retrying = AsyncRetrying(
            stop=self._enough,
            wait=_pause,
            retry=retry_if_exception(lambda error: isinstance(error, FetchFailed) and error.transient),
            reraise=True,
        )
        began = self._breaker.begin()
        try:
            async with asyncio.timeout(timeout_s):
                return await retrying(self._try, visit)
        except TimeoutError as error:
            if not visit.answered:
                self._breaker.failed(visit.host, began)
            raise FetchFailed("timeout", transient=True) from error
        except _Silent:
            if not visit.answered:
                self._breaker.failed(visit.host, began)
            raise

    def _enough(self, state: RetryCallState) -> bool:
        unresolved = state.outcome is not None and isinstance(state.outcome.exception(), _Unresolved)
        return state.attempt_number >= (min(self._tries, TRIES_OF_UNKNOWN_NAME) if unresolved else self._tries)

    async def _try(self, visit: _Visit) -> Fetched:
        try:
            return await self._follow(visit)
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise _explain(error) from error

    async def _follow(self, visit: _Visit) -> Fetched:
        url = visit.url
        for _ in range(MAX_REDIRECTS + 1):
            async with self._session.get(url, allow_redirects=False) as response:
                if not visit.answered:
                    visit.answered = True
                    self._breaker.answered(visit.host)
                if response.status not in _REDIRECTS:
                    return await self._receive(response, visit.seat)
                url = web_url(response.headers.get("Location", ""), url)
        raise FetchFailed("unreachable")

    async def _receive(self, response: aiohttp.ClientResponse, seat: Seat | None) -> Fetched:
        _judge_status(response)
        # Not asked for, and unpacking is how a small body becomes a large one.
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise FetchFailed("unreachable")
        with Download(self._max_bytes, seat) as download:
            download.expect(response.content_length)
            async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
                download.write(chunk)
            return download.finish()


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
        yield Web(session, settings.max_source_bytes, settings.fetch_tries, Breaker(settings.host_pause_s))


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
            return _Silent("timeout", transient=True)
        case aiohttp.ClientConnectorError():
            kind = _Unresolved if isinstance(error, aiohttp.ClientConnectorDNSError) else _Silent
            return kind("unreachable", transient=True)
        case ValueError() if not isinstance(error, aiohttp.ClientPayloadError):
            return FetchFailed("bad_uri")
        case _:
            return FetchFailed("unreachable", transient=True)
