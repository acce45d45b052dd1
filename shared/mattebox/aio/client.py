"""The asynchronous client of a registry."""

from types import TracebackType
from typing import Self

import aiohttp

from mattebox._protocol import RetryPolicy
from mattebox.aio._catalog import CatalogCalls
from mattebox.aio._frames import FrameCalls
from mattebox.aio._previews import PreviewCalls
from mattebox.aio._transport import Transport
from mattebox.config import Connection, from_environment

DEFAULT_RETRY = RetryPolicy()


class Client(CatalogCalls, FrameCalls, PreviewCalls):
    """Talks to one registry: `async with Client() as client: ...`.

    `url` and `token` are taken from MATTEBOX_URL and MATTEBOX_TOKEN, then from the configuration file, where they are
    not given; a `Connection` in place of a URL says both. A `session` that is given stays the caller's to close. Calls
    that may be repeated safely are, by `retry`.

    Raises:
        ConfigurationError: the URL or the token cannot be used.
    """

    def __init__(
        self,
        url: str | Connection | None = None,
        token: str | None = None,
        *,
        session: aiohttp.ClientSession | None = None,
        retry: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        connection = url if isinstance(url, Connection) else from_environment(url, token)
        self._transport = Transport(connection, session, retry)

    @property
    def url(self) -> str:
        """Address of the registry, without a slash at its end."""
        return self._transport.connection.url

    async def close(self) -> None:
        """Close the connections, unless the session is the caller's."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
