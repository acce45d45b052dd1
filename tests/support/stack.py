"""Registry and renderers as processes that a test may kill and start again, on a Redis of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectionError, ClientSession

from support.redis_process import RedisProcess, running_redis
from support.wait import wait_until

TOKEN = "the-operators-token"  # noqa: S105 - of the tests alone


class Stack:
    """The processes by name, and a client of the registry."""

    def __init__(self, data: Path, redis: RedisProcess, client: ClientSession, settings: dict[str, str]) -> None:
        self.data = data
        self.redis = redis
        self.client = client
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

    async def wait_ready(self) -> None:
        """Wait until the registry answers."""

        async def answers() -> bool:
            try:
                async with self.client.get("/healthz") as answer:
                    return answer.status == 200
            except ClientConnectionError:
                return False

        await wait_until(answers, description="the registry's answer")

    async def post(self, path: str, body: Any) -> Any:
        """POST JSON to the API and give the answer's JSON; a status over 299 fails the test."""
        async with self.client.post(f"/api/v1{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def get(self, path: str) -> Any:
        """GET JSON from the API; a status over 299 fails the test."""
        async with self.client.get(f"/api/v1{path}") as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def new_version(self) -> str:
        """Make a dataset with one version, give the version's id."""
        dataset = await self.post("/datasets", {"name": "set"})
        version = await self.post(f"/datasets/{dataset['id']}/versions", {"name": "first"})
        version_id: str = version["id"]
        return version_id


@asynccontextmanager
async def open_stack(data: Path, *, file_roots: Path) -> AsyncGenerator[Stack, None]:
    """Start Redis, and nothing else yet; impatient leases, so that a test sees them run out."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running_redis() as redis:
        settings = {
            "MATTEBOX_REDIS_URL": redis.url,
            "MATTEBOX_DATA": str(data),
            "MATTEBOX_PORT": str(port),
            "MATTEBOX_TOKEN": TOKEN,
            "MATTEBOX_FILE_ROOTS": str(file_roots),
            "MATTEBOX_LEASE_S": "1",
            "MATTEBOX_SWEEP_S": "0.5",
        }
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with ClientSession(f"http://127.0.0.1:{port}", headers=headers) as client:
            stack = Stack(data, redis, client, settings)
            try:
                yield stack
            finally:
                stack.end()
