"""As much of S3 as reading one object takes, spoken over real HTTP."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from support.chaos import CONTENT

_ERROR = '<?xml version="1.0"?><Error><Code>{code}</Code><Message>internal words</Message></Error>'


class ObjectStore:
    """Where the store listens, and how often each object was asked for."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.blobs: set[str] = set()
        """Further keys under which the content lies."""
        self.signed = False
        self.endpoint = ""

    async def get(self, request: web.Request) -> web.StreamResponse:
        """The object `picture.png`, or the trouble that the key names."""
        key = request.match_info["key"]
        self.requests[key] += 1
        self.signed = request.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256")
        if key in self.blobs:
            return _object(CONTENT)
        match key:
            case "a b%20/picture.png":
                return _object(CONTENT)
            case "large":
                return _object(CONTENT * 100)
            case "secret":
                return web.Response(status=403, text=_ERROR.format(code="AccessDenied"))
            case "broken":
                return web.Response(status=500, text=_ERROR.format(code="InternalError"))
            case "hang":
                await asyncio.Event().wait()
        return web.Response(status=404, text=_ERROR.format(code="NoSuchKey"))


def _object(body: bytes) -> web.Response:
    return web.Response(body=body, headers={"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"})


@asynccontextmanager
async def running_object_store() -> AsyncIterator[ObjectStore]:
    """Run the store on a free port until the end of the block."""
    store = ObjectStore()
    app = web.Application()
    app.add_routes([web.get("/{bucket}/{key:.*}", store.get)])
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        store.endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield store
    finally:
        await runner.cleanup()
