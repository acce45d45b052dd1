"""All of Mattebox on one machine: Redis, the registry, N renderers."""

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_delay, wait_fixed

from mattebox.aio import Client, RetryPolicy
from mattebox.errors import MatteboxError
from mattebox_runtime.local.errors import PortInUse, StartFailed
from mattebox_runtime.local.redis_server import LocalRedis, hold_state, provide_redis
from mattebox_runtime.local.settings import Settings, default_workers
from mattebox_runtime.local.supervisor import Service, Supervisor, python_module

READY_S = 60.0

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SECRETS = ("MATTEBOX_TOKEN", "MATTEBOX_REDIS_URL")


class Stack(NamedTuple):
    """A running Mattebox."""

    url: str
    token: str
    data: Path
    redis: LocalRedis
    workers: int
    token_is_kept: bool
    """Whether the token was made by the registry and lies in `token_file`."""
    is_open: bool
    """Whether other machines can reach it."""

    async def login_url(self, path: str = "/") -> str:
        """Make a link that signs one browser in, soon, and leads to a page."""
        async with Client(self.url, self.token) as client:
            code = await client.create_login_code()
        query = "" if path == "/" else f"?{urlencode({'next': path})}"
        return f"{self.url}/login{query}#{code.code}"

    @property
    def token_file(self) -> Path:
        """Where the registry keeps the token it made."""
        return self.data / "token"


async def run_stack(
    settings: Settings,
    environment: Mapping[str, str],
    supervisor: Supervisor,
    work: Callable[[Stack], Awaitable[None]],
) -> None:
    """Start everything under `supervisor`, do `work` with it, and stop everything, also when cancelled.

    `settings` have passed `check_places`; `environment` is handed on to the services, but for what only one of them
    needs to know.

    Raises:
        LocalError: it could not be started.
    """
    data = Path(settings.data)
    port = await asyncio.to_thread(claim_port, settings.host, settings.port)
    workers = settings.workers or default_workers()
    inherited = {name: value for name, value in environment.items() if name not in _SECRETS}
    with hold_state(data / "redis") as state:
        async with supervisor:
            redis = await provide_redis(state, supervisor, inherited, settings.redis_url)
            plan = _Plan(settings, inherited, data, port, redis)
            supervisor.start([plan.registry()])
            supervisor.start([plan.renderer(number) for number in range(1, workers + 1)])
            url = f"http://{_dialled(settings.host)}:{port}"

            async def work_when_ready() -> None:
                await _until_ready(url)
                token = settings.token or (await asyncio.to_thread((data / "token").read_text)).strip()
                is_open = settings.host not in _LOOPBACK
                await work(Stack(url, token, data, redis, workers, settings.token is None, is_open))

            await supervisor.watch(work_when_ready())


def claim_port(host: str, port: int) -> int:
    """Give the port to listen on: `port` if it is free, any free one for 0.

    Raises:
        PortInUse: it is taken, or the address is not one of this machine.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.create_server((host, port), family=family) as free:
            claimed: int = free.getsockname()[1]
            return claimed
    except OSError as error:
        reason = (
            "is in use by another program"
            if error.errno == errno.EADDRINUSE
            else f"cannot be used ({error.strerror or error})"
        )
        msg = f"Port {port} on {host} {reason}. Choose another one with --port (or MATTEBOX_PORT); 0 takes a free one."
        raise PortInUse(msg) from error


class _Plan(NamedTuple):
    settings: Settings
    environment: dict[str, str]
    data: Path
    port: int
    redis: LocalRedis

    def registry(self) -> Service:
        own = {
            "MATTEBOX_HOST": self.settings.host,
            "MATTEBOX_PORT": str(self.port),
            "MATTEBOX_REDIS_URL": self.redis.registry_url,
        }
        if self.settings.token:
            own["MATTEBOX_TOKEN"] = self.settings.token
        return python_module("registry", "mattebox_registry", self._shared() | own)

    def renderer(self, number: int) -> Service:
        own = {
            "MATTEBOX_REDIS_URL": self.redis.renderer_url,
            "MATTEBOX_WORKER_NAME": f"up-{number}",
            "MATTEBOX_FILE_ROOTS": ",".join(self.settings.file_roots),
            "MATTEBOX_ALLOW_CIDRS": ",".join(self.settings.allow_cidrs),
        }
        first_port = self.environment.get("MATTEBOX_METRICS_PORT", "")
        if first_port.isdecimal() and int(first_port):
            own["MATTEBOX_METRICS_PORT"] = str(int(first_port) + number - 1)
        return python_module(f"renderer-{number}", "mattebox_renderer", self._shared() | own)

    def _shared(self) -> dict[str, str]:
        return self.environment | {"MATTEBOX_DATA": str(self.data), "PYTHONUNBUFFERED": "1"}


def _dialled(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


async def _until_ready(url: str) -> None:
    async def is_ready(client: Client) -> bool:
        try:
            return (await client.readiness()).ready
        except MatteboxError:
            return False

    def too_late(_state: RetryCallState) -> bool:
        msg = f"The registry at {url} did not become ready within {READY_S:g} s; see its log."
        raise StartFailed(msg)

    patiently = AsyncRetrying(
        retry=retry_if_result(lambda ready: not ready),
        stop=stop_after_delay(READY_S),
        wait=wait_fixed(0.1),
        retry_error_callback=too_late,
    )
    async with Client(url, retry=RetryPolicy(attempts=1)) as client:
        await patiently(is_ready, client)
