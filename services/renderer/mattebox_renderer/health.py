"""How others see whether a renderer is well: over HTTP, or by its claim in Redis."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CollectorRegistry, exposition
from redis.exceptions import RedisError

from mattebox_runtime.streams.client import open_clients
from mattebox_runtime.streams.consumer import is_claimed

HOST = "127.0.0.1"


@asynccontextmanager
async def open_health(
    port: int, collectors: CollectorRegistry, is_well: Callable[[], bool]
) -> AsyncGenerator[int, None]:
    """Serve /metrics and /healthz on HOST and give the port, a free one for 0.

    Raises:
        OSError: the port is taken.
    """

    async def metrics(_: web.Request) -> web.Response:
        body = exposition.generate_latest(collectors)
        return web.Response(body=body, headers={"Content-Type": exposition.CONTENT_TYPE_LATEST})

    async def healthz(_: web.Request) -> web.Response:
        well = is_well()
        return web.json_response({"status": "ok" if well else "waiting"}, status=200 if well else 503)

    app = web.Application()
    app.add_routes([web.get("/metrics", metrics), web.get("/healthz", healthz)])
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=15, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        bound: int = runner.addresses[0][1]
        yield bound
    finally:
        await runner.cleanup()


async def has_claim(redis_url: str, worker_name: str) -> bool:
    """Say whether a worker that wanted this name is alive: it renews its claim three times in a lease.

    One that came back before the claim of its predecessor was over has a numbered name.
    """
    try:
        async with open_clients(redis_url) as clients:
            return await is_claimed(clients.commands, worker_name)
    except RedisError:
        return False
