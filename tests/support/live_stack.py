"""Everything a user of the SDK talks to, each in a process of its own: Redis, the registry, a renderer."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from support.redis_process import running_redis

ADMIN_TOKEN = "the-admin-token-of-the-tests"  # noqa: S105 - of the tests alone


class LiveRegistry(NamedTuple):
    """Where a registry answers, and its operator's token."""

    url: str
    token: str
    data: Path


@contextmanager
def live_stack(data: Path, *, file_roots: Path) -> Iterator[LiveRegistry]:
    """Run all of it for the time of the block; `file://` URIs are read under `file_roots`."""
    registry = LiveRegistry(f"http://127.0.0.1:{_free_port()}", ADMIN_TOKEN, data)
    with running_redis() as redis:
        settings = {
            "MATTEBOX_REDIS_URL": redis.url,
            "MATTEBOX_DATA": str(data),
            "MATTEBOX_PORT": registry.url.rpartition(":")[2],
            "MATTEBOX_TOKEN": registry.token,
            "MATTEBOX_FILE_ROOTS": str(file_roots),
            "MATTEBOX_WORKER_NAME": "live-stack",
        }
        with _running("mattebox_registry", settings, data), _running("mattebox_renderer", settings, data):
            _wait_until_ready(registry)
            yield registry


@contextmanager
def _running(module: str, settings: Mapping[str, str], data: Path) -> Iterator[None]:
    environment = os.environ | settings  # noqa: TID251 - handed on to a child
    with (data / f"{module}.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", module], env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(registry: LiveRegistry) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{registry.url}/readyz", timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise TimeoutError((registry.data / "mattebox_registry.log").read_text())


def write_image(file: Path, color: tuple[int, int, int] | int, size: tuple[int, int] = (32, 24)) -> Path:
    """Write a picture of one colour, or of one grey value, in the format of its extension."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L" if isinstance(color, int) else "RGB", size, color).save(file)
    return file
