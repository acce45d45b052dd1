"""An origin server on 127.0.0.1 that misbehaves on request: each path names what it does."""

import asyncio
import gzip
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler

CONTENT = bytes(range(256)) * 16


class ChaosOrigin:
    """What the origin was asked, and where it listens."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.headers: dict[str, str] = {}
        self.under_way = 0
        self.most_under_way = 0
        self.port = 0

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """Address of a path, by another name of the host if given."""
        return f"http://{host}:{self.port}{path}"


class _Handlers:
    def __init__(self, origin: ChaosOrigin) -> None:
        self._origin = origin

    async def good(self, request: web.Request) -> web.StreamResponse:
        """`CONTENT`; with a length."""
        return web.Response(body=CONTENT)

    async def chunked(self, request: web.Request) -> web.StreamResponse:
        """`CONTENT`; without a length."""
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(CONTENT)
        return response

    async def status(self, request: web.Request) -> web.StreamResponse:
        """Answer with a status, and with Retry-After if asked to."""
        headers = {"Retry-After": request.query["after"]} if "after" in request.query else {}
        return web.Response(status=int(request.match_info["status"]), headers=headers)

    async def flaky(self, request: web.Request) -> web.StreamResponse:
        """Fail so many times in the way named, then answer well."""
        if self._origin.requests[request.path] > int(request.match_info["times"]):
            return web.Response(body=CONTENT)
        way: Handler = getattr(self, request.match_info["way"])
        return await way(request)

    async def unavailable(self, request: web.Request) -> web.StreamResponse:
        """503 without more."""
        return web.Response(status=503)

    async def short(self, request: web.Request) -> web.StreamResponse:
        """Promise more than is sent."""
        response = web.StreamResponse(headers={"Content-Length": "4096"})
        await response.prepare(request)
        await response.write(CONTENT[:100])
        assert request.transport is not None
        request.transport.close()
        return response

    async def reset(self, request: web.Request) -> web.StreamResponse:
        """Break off with a TCP reset after the first bytes."""
        response = web.StreamResponse(headers={"Content-Length": "4096"})
        await response.prepare(request)
        await response.write(CONTENT[:100])
        assert request.transport is not None
        connection: socket.socket = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
        return response

    async def goodbye(self, request: web.Request) -> web.StreamResponse:
        """Hang up without an answer."""
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def hang(self, request: web.Request) -> web.StreamResponse:
        """Never answer."""
        await asyncio.Event().wait()
        raise AssertionError

    async def drip(self, request: web.Request) -> web.StreamResponse:
        """Send a byte every now and then, for ever."""
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(0.02)

    async def endless(self, request: web.Request) -> web.StreamResponse:
        """Send as fast as possible, for ever."""
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(2**16))

    async def declared(self, request: web.Request) -> web.StreamResponse:
        """Declare a length, and send nothing."""
        response = web.StreamResponse(headers={"Content-Length": request.match_info["length"]})
        await response.prepare(request)
        await asyncio.Event().wait()
        raise AssertionError

    async def zipped(self, request: web.Request) -> web.StreamResponse:
        """A gzip bomb nobody asked for."""
        return web.Response(body=gzip.compress(bytes(10_000_000)), headers={"Content-Encoding": "gzip"})

    async def redirect(self, request: web.Request) -> web.StreamResponse:
        """Redirect to `to`, or nowhere."""
        headers = {"Location": request.query["to"]} if "to" in request.query else {}
        return web.Response(status=int(request.query.get("status", "302")), headers=headers)

    async def hops(self, request: web.Request) -> web.StreamResponse:
        """Redirect so many times before the content comes."""
        left = int(request.match_info["left"])
        if left == 0:
            return web.Response(body=CONTENT)
        return web.Response(status=307, headers={"Location": f"/hops/{left - 1}"})


@web.middleware
async def _count(request: web.Request, handler: Handler) -> web.StreamResponse:
    origin = request.app[_ORIGIN]
    origin.requests[request.path] += 1
    origin.headers = dict(request.headers)
    origin.under_way += 1
    origin.most_under_way = max(origin.most_under_way, origin.under_way)
    try:
        return await handler(request)
    finally:
        origin.under_way -= 1


_ORIGIN = web.AppKey("origin", ChaosOrigin)


@asynccontextmanager
async def running_origin() -> AsyncIterator[ChaosOrigin]:
    """Run the origin on a free port until the end of the block."""
    origin = ChaosOrigin()
    handlers = _Handlers(origin)
    app = web.Application(middlewares=[_count])
    app[_ORIGIN] = origin
    plain = ("good", "chunked", "short", "reset", "goodbye", "hang", "drip", "endless", "zipped", "redirect")
    app.add_routes([web.get(f"/{name}", getattr(handlers, name)) for name in plain])
    app.add_routes(
        [
            web.get("/status/{status}", handlers.status),
            web.get("/flaky/{way}/{times}", handlers.flaky),
            web.get("/declared/{length}", handlers.declared),
            web.get("/hops/{left}", handlers.hops),
        ]
    )
    # Hanging handlers end when their client leaves.
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        origin.port = runner.addresses[0][1]
        yield origin
    finally:
        await runner.cleanup()
