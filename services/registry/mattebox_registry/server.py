"""Runs the registry until it is asked to stop."""

import asyncio
import gc
from contextlib import AsyncExitStack

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, web

from mattebox_registry.app import create_app
from mattebox_registry.http.edge import RegistryRunner
from mattebox_registry.settings import Settings
from mattebox_runtime.lifecycle import on_stop

SHUTDOWN_S = 10.0
HEALTH_TIMEOUT_S = 3.0

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - where to call what listens anywhere

log = structlog.get_logger()


async def serve(settings: Settings) -> None:
    """Listen until SIGTERM or SIGINT, then finish the requests under way.

    Raises:
        UnsupportedRedis: the Redis server is too old.
        NewerDatabase: a newer Mattebox wrote the database.
        BlobStoreFailed: the place for uploads cannot be used.
        OSError: the port is taken, or the data directory cannot be written.
    """
    stop = asyncio.Event()
    with on_stop(stop.set):
        async with AsyncExitStack() as stack:
            runner = RegistryRunner(create_app(settings), handle_signals=False, shutdown_timeout=SHUTDOWN_S)
            stack.push_async_callback(runner.cleanup)
            await runner.setup()
            # What is here now stays to the end: collections need not look through it again.
            gc.collect()
            gc.freeze()
            await web.TCPSite(runner, settings.host, settings.port).start()
            host, port, *_ = runner.addresses[0]
            log.info("registry listening", host=host, port=port, data=settings.data)
            await stop.wait()
            log.info("registry stopping")


async def is_well(settings: Settings) -> bool:
    """Say whether the registry of these settings answers."""
    host = _ANYWHERE.get(settings.host, settings.host)
    address = f"[{host}]" if ":" in host else host
    url = f"http://{address}:{settings.port}/healthz"
    try:
        async with ClientSession(timeout=ClientTimeout(total=HEALTH_TIMEOUT_S)) as session, session.get(url) as answer:
            return answer.status == 200
    except (ClientError, TimeoutError, OSError):
        return False
