"""Workers on deeds: in this process, or in one of their own that a test may kill."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from mattebox_renderer.sandbox import open_pool
from mattebox_renderer.settings import Settings
from mattebox_renderer.worker import Handler, Worker
from mattebox_renderer.worker.handler import Fetching
from mattebox_renderer.worker.scenes import Scenes
from mattebox_renderer.worker.tables import TableReader
from mattebox_runtime.lifecycle import on_stop
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.preview_cache import RedisPreviewCache
from mattebox_runtime.streams.client import open_clients
from support.deed_fetcher import DeedFetcher
from support.drawing_child import PROGRAM

IMPATIENT = {"lease_s": 1.0, "grace_s": 2.0, "deadline_s": 5.0}


@asynccontextmanager
async def working(
    redis_url: str, name: str = "w", *, fetcher: Fetching | None = None, **settings: Any
) -> AsyncGenerator[Worker, None]:
    """Run a worker until the block ends, which lets it drain."""
    stop = asyncio.Event()
    async with open_worker(redis_url, name, fetcher=fetcher, **settings) as worker:
        task = asyncio.create_task(worker.run(stop), name="worker under test")
        try:
            yield worker
        finally:
            stop.set()
            await task


@asynccontextmanager
async def open_worker(
    redis_url: str, name: str, *, fetcher: Fetching | None = None, **settings: Any
) -> AsyncGenerator[Worker, None]:
    """Put a worker together whose draws are deeds, and its fetches too if no fetcher is given."""
    chosen = Settings(redis_url=redis_url, **(IMPATIENT | settings))
    async with AsyncExitStack() as stack:
        clients = await stack.enter_async_context(open_clients(redis_url))
        pool = await stack.enter_async_context(open_pool(chosen, program=PROGRAM))
        metrics = RendererMetrics()
        cache = RedisPreviewCache(clients.line)
        scenes = Scenes(clients.line, 2**20)
        stack.callback(scenes.close)
        tables = TableReader(clients.commands)
        handler = Handler(fetcher or DeedFetcher(), pool, cache, tables, scenes)
        yield Worker(clients, handler, chosen, name=name, metrics=metrics)


class WorkerProcess:
    """A worker in a process of its own."""

    def __init__(self, redis_url: str, name: str, settings: dict[str, Any]) -> None:
        path = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
        self.process = subprocess.Popen(
            [sys.executable, __file__, redis_url, name, json.dumps(settings)], env={"PYTHONPATH": path}
        )

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the worker itself."""
        self.process.send_signal(number)

    def end(self) -> None:
        """Kill it, stopped or not."""
        self.process.kill()
        self.process.wait()


@contextmanager
def worker_process(redis_url: str, name: str = "w", **settings: Any) -> Generator[WorkerProcess, None, None]:
    """Start a worker process and kill it in the end."""
    started = WorkerProcess(redis_url, name, settings)
    try:
        yield started
    finally:
        started.end()


async def _main(redis_url: str, name: str, settings: dict[str, Any]) -> None:
    stop = asyncio.Event()
    with on_stop(stop.set):
        async with open_worker(redis_url, name, **settings) as worker:
            await worker.run(stop)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
