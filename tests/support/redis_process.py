"""A real Redis server for the tests, found as `mattebox up` finds one; without one they fail and say how to get it."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from mattebox_runtime.local.redis_binary import find_binary
from support.wait import wait_blocking


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
        binary = find_binary(os.environ["PATH"]).path  # noqa: TID251 - the tests' own root
        command = [str(binary), "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.directory)]
        command += ["--save", "", "--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru"]
        with (self.directory / "redis.log").open("ab") as log:
            self.process = subprocess.Popen([*command, *options], stdout=log, stderr=log)
        wait_blocking(self._answers, description="redis-server", timeout_s=10)

    def _answers(self) -> bool:
        assert self.process is not None
        ended = self.process.poll()
        assert ended is None, f"redis-server did not start: {(self.directory / 'redis.log').read_text()[-800:]}"
        try:
            with redis.Redis(
                unix_socket_path=str(self.socket), socket_timeout=1, retry=Retry(NoBackoff(), 0)
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the server."""
        assert self.process is not None
        self.process.send_signal(number)

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
