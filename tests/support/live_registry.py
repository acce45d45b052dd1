"""The real registry on a free port, in a thread with a loop of its own, so that blocking tests can use it too."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
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
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(settings, port, started)), name="live-registry")
    thread.start()
    loop, stop, bound = started.result(30)
    try:
        yield LiveRegistry(f"http://127.0.0.1:{bound}", ADMIN_TOKEN, data)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


async def _serve(
    settings: Settings, port: int, started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]]
) -> None:
    runner = web.AppRunner(create_app(settings), shutdown_timeout=1)
    stop = asyncio.Event()
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        started.set_result((asyncio.get_running_loop(), stop, runner.addresses[0][1]))
        await stop.wait()
    except Exception as error:
        started.set_exception(error)
        raise
    finally:
        await runner.cleanup()
