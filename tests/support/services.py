"""Registry and renderers as processes that a test may kill and start again, on a Redis and a directory of their own."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.redis_process import RedisProcess, running_redis
from support.wait import wait_blocking

TOKEN = "the-operators-token-of-the-tests"  # noqa: S105 - of the tests alone


class Services:
    """The processes by name; `registry` is one, all others are renderers."""

    def __init__(self, data: Path, redis: RedisProcess, port: int, settings: dict[str, str]) -> None:
        self.data = data
        self.redis = redis
        self.url = f"http://127.0.0.1:{port}"
        self.token = TOKEN
        self._settings = settings
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start `registry`, or a renderer of any other name."""
        module = "mattebox_registry" if name == "registry" else "mattebox_renderer"
        environment = os.environ | self._settings | {"MATTEBOX_WORKER_NAME": name}  # noqa: TID251 - for a child
        with (self.data / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", module], env=environment, stdout=log, stderr=log
            )

    def send(self, name: str, number: signal.Signals) -> None:
        """Send a signal to one process."""
        self._processes[name].send_signal(number)

    def kill(self, name: str) -> None:
        """Kill -9 and bury one process."""
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def wait_answer(self, path: str) -> None:
        """Wait until the registry answers a path well."""

        def answers() -> bool:
            ended = self._processes["registry"].poll()
            assert ended is None, (self.data / "registry.log").read_text()
            try:
                with urllib.request.urlopen(self.url + path, timeout=5):  # noqa: S310 - our own address
                    return True
            except (urllib.error.URLError, ConnectionError):
                return False

        wait_blocking(answers, description=f"an answer of {path}", timeout_s=60)

    def end(self) -> None:
        """Ask every process to stop, and kill those that do not."""
        for process in self._processes.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def services(data: Path, *, file_roots: Path, **settings: str) -> Iterator[Services]:
    """Start Redis, and nothing else yet; `settings` are variables without their prefix, in lower case."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    with running_redis() as redis:
        shared = {
            "MATTEBOX_REDIS_URL": redis.url,
            "MATTEBOX_DATA": str(data),
            "MATTEBOX_PORT": str(port),
            "MATTEBOX_TOKEN": TOKEN,
            "MATTEBOX_FILE_ROOTS": str(file_roots),
        }
        running = Services(data, redis, port, shared | {f"MATTEBOX_{k.upper()}": v for k, v in settings.items()})
        try:
            yield running
        finally:
            running.end()
