"""Server-sent events of a version, as a client reads them."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiohttp import ClientResponse, ClientTimeout

from support.registry import Client


class Event(NamedTuple):
    """One block of a stream."""

    type: str
    id: str | None
    data: Any


class Stream:
    """Reads blocks of an open stream."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def block(self) -> dict[str, str] | None:
        """Give the fields of the next block, None at the end of the stream."""
        fields: dict[str, str] = {}
        while line := (await self.response.content.readline()).decode():
            if line == "\n":
                return fields
            name, _, value = line.rstrip("\n").partition(":")
            fields[name] = value.strip()
        return None

    async def next(self, kind: str) -> Event:
        """Give the next event of a kind."""
        async with asyncio.timeout(10):
            while (fields := await self.block()) is not None:
                if fields.get("event") == kind:
                    return Event(kind, fields.get("id"), json.loads(fields["data"]))
        raise AssertionError("the stream ended")


@asynccontextmanager
async def following(client: Client, version: str, last_event_id: str | None = None) -> AsyncGenerator[Stream, None]:
    """Follow a version."""
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    path = f"/api/v1/versions/{version}/events"
    async with client.get(path, headers=headers, timeout=ClientTimeout(total=30)) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        yield Stream(response)
