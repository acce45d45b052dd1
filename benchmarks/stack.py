"""Real services on free ports for a benchmark: Redis, registry, renderers, in a directory that goes away."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mattebox_runtime.local.redis_binary import find_binary

TOKEN = "benchmark-token-0123456789abcdef"  # noqa: S105 - of a registry that lives for one benchmark


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Stack:
    """Where the services are."""

    directory: Path
    port: int
    redis_socket: Path
    registry: subprocess.Popen[bytes]
    environment: Mapping[str, str]
    """MATTEBOX_* variables of the services."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {TOKEN}"}


@contextmanager
def process(command: list[str], log: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}  # noqa: TID251 - a benchmark's own root
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**inherited, **environment})
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def running_redis(directory: Path) -> Iterator[Path]:
    """A Redis set up as `mattebox up` does; gives its socket."""
    binary = find_binary(os.environ["PATH"])  # noqa: TID251 - a benchmark's own root
    path = directory / "r.sock"
    options = ["--port", "0", "--unixsocket", str(path), "--dir", str(directory), "--save", "", "--appendonly", "yes"]
    options += ["--appendfsync", "everysec", "--maxmemory", "1gb", "--maxmemory-policy", "volatile-lru"]
    with process([str(binary.path), *options], directory / "redis.log", {}):
        wait_for(path.exists, "redis-server")
        yield path


def wait_for(probe: object, what: str, timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not probe():  # type: ignore[operator]  # a plain callable
        if time.monotonic() > deadline:
            msg = f"{what} did not come up"
            raise RuntimeError(msg)
        time.sleep(0.02)


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=1) as answer:  # noqa: S310 - our own service
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def running_stack(*, renderers: int = 0, settings: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """Start Redis, one registry and some renderers; `settings` are further MATTEBOX_* variables."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mbx-")))
        redis_socket = stack.enter_context(running_redis(directory))
        port = free_port()
        environment = {
            "MATTEBOX_REDIS_URL": f"unix://{redis_socket}",
            "MATTEBOX_DATA": str(directory / "data"),
            "MATTEBOX_PORT": str(port),
            "MATTEBOX_TOKEN": TOKEN,
            "MATTEBOX_LOG_LEVEL": "warning",
            **(settings or {}),
        }
        registry = stack.enter_context(
            process([sys.executable, "-m", "mattebox_registry"], directory / "registry.log", environment)
        )
        wait_for(lambda: is_ready(f"http://127.0.0.1:{port}"), "the registry")
        running = Stack(directory, port, redis_socket, registry, environment)
        for number in range(renderers):
            stack.enter_context(running_renderer(running, number))
        yield running


@contextmanager
def running_renderer(stack: Stack, number: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start one more renderer, named by its number."""
    command = [sys.executable, "-m", "mattebox_renderer"]
    named = {**stack.environment, "MATTEBOX_WORKER_NAME": f"bench-{number}"}
    with process(command, stack.directory / f"renderer-{number}.log", named) as renderer:
        yield renderer
