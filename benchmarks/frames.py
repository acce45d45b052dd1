"""Registering one small dataset for a benchmark through the public API."""

import json
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp

from benchmarks.stack import Stack


class Api:
    """The few calls a benchmark makes, over one session."""

    def __init__(self, session: aiohttp.ClientSession, stack: Stack) -> None:
        self._session = session
        self.base = f"{stack.url}/api/v1"

    async def call(self, method: str, path: str, **options: Any) -> Any:
        """Call a route and decode its JSON answer."""
        async with self._session.request(method, f"{self.base}{path}", **options) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def create_version(self, name: str, mask_labels: Sequence[dict[str, Any]]) -> str:
        """Make a dataset with one draft version and give the version's id."""
        dataset = await self.call("POST", "/datasets", json={"name": name})
        body = {"name": "v1", "metadata": {"mask_labels": list(mask_labels)}}
        version = await self.call("POST", f"/datasets/{dataset['id']}/versions", json=body)
        return str(version["id"])

    async def upload(self, content: bytes) -> str:
        """Upload bytes and give their uri."""
        answer = await self.call("POST", "/blobs", data=content)
        return str(answer["uri"])

    async def await_preview(self, version: str, frame: str, query: str = "") -> bytes:
        """Long-poll a preview until its bytes are there."""
        url = f"{self.base}/versions/{version}/frames/{frame}/preview?wait=30{query}"
        while True:
            async with self._session.get(url) as answer:
                answer.raise_for_status()
                if answer.status == 200:
                    return await answer.read()


def session(stack: Stack) -> aiohttp.ClientSession:
    """A session that carries the stack's token."""
    return aiohttp.ClientSession(headers=stack.headers, timeout=aiohttp.ClientTimeout(total=600))


async def ready_frames(events: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, float]]:
    """Frame ids as their previews become ready, with the time each was told."""
    kind = ""
    async for raw in events.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event:"):
            kind = line.removeprefix("event:").strip()
        elif line.startswith("data:") and kind == "preview":
            change = json.loads(line.removeprefix("data:"))
            if change["state"] == "ready":
                yield change["frame_id"], time.time()
