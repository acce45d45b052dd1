"""The real registry on a free port, in a thread with a loop of its own, so that blocking tests can use it too."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from aiohttp import web

from mattebox_registry.app import create_app
from mattebox_registry.settings import Settings

ADMIN_TOKEN = "the-admin-token-of-the-tests"  # noqa: S105 - of the tests alone


class LiveRegistry(NamedTuple):
    """Where a registry answers, and its operator's token."""

    url: str
    token: str
    data: Path


@contextmanager
def live_registry(redis_url: str, data: Path, *, port: int = 0) -> Iterator[LiveRegistry]:
    """Run a registry for the time of the block."""
    settings = Settings(data=str(data), redis_url=redis_url, token=ADMIN_TOKEN)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="live-registry")
    thread.start()
    try:
        runner = web.AppRunner(create_app(settings), shutdown_timeout=1)
        port = asyncio.run_coroutine_threadsafe(_start(runner, port), loop).result(30)
        try:
            yield LiveRegistry(f"http://127.0.0.1:{port}", ADMIN_TOKEN, data)
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _start(runner: web.AppRunner, port: int) -> int:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    bound: int = runner.addresses[0][1]
    return bound
