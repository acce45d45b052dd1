"""Services that a test kills and starts again, and a client of their registry."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from support.services import Services, services


class Stack:
    """The processes, and calls of the API."""

    def __init__(self, processes: Services, client: ClientSession) -> None:
        self.processes = processes
        self.client = client

    async def wait_ready(self) -> None:
        """Wait until the registry answers."""
        await asyncio.to_thread(self.processes.wait_answer, "/healthz")

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
    with services(data, file_roots=file_roots, lease_s="1", sweep_s="0.5") as running:
        headers = {"Authorization": f"Bearer {running.token}"}
        async with ClientSession(running.url, headers=headers) as client:
            yield Stack(running, client)
