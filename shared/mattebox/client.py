"""The synchronous way to a registry: one connection that `Dataset`, `DatasetVersion` and `DataView` share."""

import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from mattebox._protocol import RetryPolicy
from mattebox.config import Connection, from_environment
from mattebox.errors import ConfigurationError

if TYPE_CHECKING:
    from mattebox import aio
    from mattebox._loop import LoopThread

T = TypeVar("T")

DEFAULT_RETRY = RetryPolicy()

_BATCH = 500


class _Opened(NamedTuple):
    """A loop, and the asynchronous client that lives in it."""

    loop: "LoopThread"
    calls: "aio.Client"


class Client:
    """A connection to one registry, for programs without an event loop.

    `url` and `token` are taken from MATTEBOX_URL and MATTEBOX_TOKEN, then from the configuration file, where they are
    not given. Calls that may be repeated safely are, by `retry`. Nothing is sent before the first call. A process that
    forks may go on using it on both sides.

    Raises:
        ConfigurationError: the URL, the token or the configuration file cannot be used.
    """

    def __init__(self, url: str | None = None, token: str | None = None, *, retry: RetryPolicy = DEFAULT_RETRY) -> None:
        self._connection = from_environment(url, token)
        self._retry = retry
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._closed = False

    @property
    def url(self) -> str:
        """Address of the registry, without a slash at its end."""
        return self._connection.url

    def __repr__(self) -> str:
        return f"<Client of {self.url}>"

    def run(self, work: "Callable[[aio.Client], Coroutine[Any, Any, T]]") -> T:
        """Run calls of the asynchronous client: `client.run(lambda calls: calls.readiness())`.

        Raises:
            MatteboxError: what the calls raise.
            ConfigurationError: the client is closed.
        """
        opened = self._open()
        return opened.loop.run(work(opened.calls))

    def start(self, work: "Callable[[aio.Client], Coroutine[Any, Any, T]]") -> Future[T]:
        """Do the same beside the caller, who asks for the result or cancels it. Raises ConfigurationError."""
        opened = self._open()
        return opened.loop.start(work(opened.calls))

    def iterate(
        self, items: "Callable[[aio.Client], AsyncIterator[T]]", batch: int = _BATCH
    ) -> Generator[T, None, None]:
        """Give what a call of the asynchronous client iterates over, fetched as it is reached."""
        opened = self._open()
        yield from opened.loop.iterate(items(opened.calls), batch)

    def close(self) -> None:
        """Close the connections; what was read through the client can no longer be asked for more."""
        with self._lock:
            opened, self._opened, self._closed = self._opened, None, True
        if opened is not None:
            opened.loop.close()
        _forget(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> _Opened:
        with self._lock:
            if self._closed:
                raise ConfigurationError("This client is closed: connect again with mattebox.connect().")
            if self._opened is None or not self._opened.loop.alive:
                self._opened = _start(self._connection, self._retry)
            return self._opened


def _start(connection: Connection, retry: RetryPolicy) -> _Opened:
    # Describing frames takes no network library: it is loaded when something is sent.
    from mattebox import aio  # noqa: PLC0415
    from mattebox._loop import LoopThread  # noqa: PLC0415

    calls = aio.Client(connection, retry=retry)
    return _Opened(LoopThread(calls.close), calls)


_shared: list[Client] = []
"""The client that is used where none is named: the last one connected."""
_shared_lock = threading.Lock()


def connect(url: str | None = None, token: str | None = None, *, retry: RetryPolicy = DEFAULT_RETRY) -> Client:
    """Choose the registry for everything that follows; not needed where the environment or a file names it.

    Raises:
        ConfigurationError: the URL, the token or the configuration file cannot be used.
    """
    client = Client(url, token, retry=retry)
    with _shared_lock:
        _shared.append(client)
    return client


def current_client() -> Client:
    """Give the client that was connected last, or one by the environment and the configuration file.

    Raises:
        ConfigurationError: the URL, the token or the configuration file cannot be used.
    """
    with _shared_lock:
        if not _shared:
            _shared.append(Client())
        return _shared[-1]


def _forget(client: Client) -> None:
    with _shared_lock:
        if client in _shared:
            _shared.remove(client)
