"""Calls of the API and what they answer."""

from typing import Any, NamedTuple

from multidict import CIMultiDictProxy

from support.registry import Client

API = "/api/v1"


class Answer(NamedTuple):
    """An answer with its JSON body, None where it has none."""

    status: int
    body: Any
    headers: CIMultiDictProxy[str]

    @property
    def verdict(self) -> tuple[int, str]:
        """Status and code of a problem."""
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.body["status"] == self.status
        assert self.body["type"]
        assert self.body["title"]
        assert self.body["detail"]
        return self.status, self.body["code"]

    @property
    def locs(self) -> list[str]:
        """The fields that a problem names."""
        return [error["loc"] for error in self.body["errors"]]


async def call(client: Client, method: str, path: str, **options: Any) -> Answer:
    """Call a path below the API's base."""
    async with client.request(method, API + path, **options) as response:
        content = await response.read()
        return Answer(response.status, await response.json(content_type=None) if content else None, response.headers)
