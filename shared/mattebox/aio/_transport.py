"""Carries requests over an aiohttp session, and asks again where that is safe."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import asynccontextmanager
from typing import IO, Any, TypeVar

import aiohttp
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential
from yarl import URL

from mattebox._protocol import (
    Answer,
    Request,
    RetryPolicy,
    broken_off,
    check,
    decipher,
    delay_s,
    headers_of,
    may_repeat,
    unreachable,
    url_of,
)
from mattebox.config import Connection
from mattebox.errors import InputError, Unauthorized

T = TypeVar("T")

Body = AsyncIterable[bytes] | IO[bytes]
MakeBody = Callable[[], Body]
"""Makes the body anew for each attempt."""

# A long poll lasts up to 30 s and an event stream beats every 15 s; longer silence is a dead connection.
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)


class Transport:
    """A connection to one registry. The session is the caller's, or made at first use and closed with the transport."""

    def __init__(self, connection: Connection, session: aiohttp.ClientSession | None, retry: RetryPolicy) -> None:
        self.connection = connection
        self._session = session
        self._owned = session is None
        self._retry = retry
        self._backoff = wait_random_exponential(multiplier=retry.first_delay_s, max=retry.longest_delay_s)

    async def close(self) -> None:
        """Close the session if it is the transport's own."""
        if self._owned and self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def call(self, request: Request[T], make_body: MakeBody | None = None, *, attempts: int | None = None) -> T:
        """Send a request and read its answer; `attempts` in place of those of the retry policy.

        Raises:
            MatteboxError: the registry refused, did not answer, or is none.
        """
        return decipher(request, await self.send(request, make_body, attempts=attempts))

    async def send(
        self, request: Request[Any], make_body: MakeBody | None = None, *, attempts: int | None = None
    ) -> Answer:
        """Send a request and give its answer as it came, refusals excepted."""
        async for attempt in self._attempts(request, attempts or self._retry.attempts):
            with attempt:
                return await self.send_once(request, make_body)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def send_once(self, request: Request[Any], make_body: MakeBody | None = None) -> Answer:
        """Send a request whose body cannot be read again."""
        async with self._exchange(request, make_body) as response:
            answer = Answer(response.status, response.headers, await response.read())
            check(request, answer)
            return answer

    @asynccontextmanager
    async def stream(self, request: Request[Any]) -> AsyncGenerator[AsyncIterable[bytes], None]:
        """Send a request once and give the chunks of its answer as they come."""
        async with self._exchange(request, None) as response:
            if response.status >= 400:
                check(request, Answer(response.status, response.headers, await response.read()))
            yield response.content.iter_any()

    @asynccontextmanager
    async def _exchange(
        self, request: Request[Any], make_body: MakeBody | None
    ) -> AsyncGenerator[aiohttp.ClientResponse, None]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.request(
                request.method,
                URL(url_of(self.connection, request), encoded=True),
                headers=headers_of(self.connection, request),
                data=make_body() if make_body else request.body,
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as response:
                yield response
        except Unauthorized as refusal:
            refusal.hint = self.connection.token_advice()
            raise
        except aiohttp.ClientConnectorError as error:
            raise unreachable(self.connection, request) from error
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise broken_off(self.connection, request) from error

    def _attempts(self, request: Request[Any], attempts: int) -> AsyncRetrying:
        return AsyncRetrying(
            reraise=True,
            stop=stop_after_attempt(attempts),
            wait=self._delay,
            retry=retry_if_exception(lambda error: may_repeat(request, error, self._retry)),
        )

    def _delay(self, state: RetryCallState) -> float:
        asked = delay_s(state.outcome.exception()) if state.outcome else None
        return self._backoff(state) if asked is None else asked


@asynccontextmanager
async def fetch(url: str) -> AsyncGenerator[AsyncIterable[bytes], None]:
    """Give the chunks of what lies at a URL of any host, which gets to see no token.

    Raises:
        InputError: it is not handed out.
    """
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, raise_for_status=True) as session,
            session.get(URL(url, encoded=True)) as response,
        ):
            yield response.content.iter_any()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        reason = f"HTTP {error.status}" if isinstance(error, aiohttp.ClientResponseError) else type(error).__name__
        raise InputError(f"{url.partition('?')[0]!r} cannot be downloaded: {reason}.") from error
