"""Puts a renderer together and runs it until it is asked to stop."""

import asyncio
import socket
from contextlib import AsyncExitStack

import structlog
from redis.exceptions import RedisError

from mattebox_renderer.fetch import open_fetcher
from mattebox_renderer.health import has_claim, open_health
from mattebox_renderer.sandbox import open_pool
from mattebox_renderer.settings import Settings
from mattebox_renderer.worker import Handler, Worker
from mattebox_renderer.worker.scenes import Scenes
from mattebox_renderer.worker.tables import TableReader
from mattebox_runtime.lifecycle import on_stop
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.preview_cache import RedisPreviewCache
from mattebox_runtime.streams.client import StreamClients, check_server, open_clients

log = structlog.get_logger()


async def is_well(settings: Settings) -> bool:
    """Say whether the renderer of these settings is alive."""
    return await has_claim(settings.redis_url, _worker_name(settings))


async def serve(settings: Settings) -> None:
    """Render until SIGTERM or SIGINT, then finish what is under way.

    Raises:
        SettingsError: an allowed range is none.
        BlobStoreFailed: the place of the uploads cannot be used.
        UnsupportedRedis: the server that answers is too old.
        ProcessGone: the drawing processes do not start.
        OSError: the metrics port is taken.
    """
    stop = asyncio.Event()
    metrics = RendererMetrics()
    with on_stop(stop.set):
        async with AsyncExitStack() as stack:
            clients = await stack.enter_async_context(open_clients(settings.redis_url))
            await _check(clients, settings.redis_url)
            scenes = Scenes(clients.line, settings.max_scene_bytes)
            stack.callback(scenes.close)
            handler = Handler(
                await stack.enter_async_context(open_fetcher(settings)),
                await stack.enter_async_context(open_pool(settings)),
                RedisPreviewCache(clients.line),
                TableReader(clients.commands),
                scenes,
            )
            worker = Worker(clients, handler, settings, name=_worker_name(settings), metrics=metrics)
            if settings.metrics_port is not None:
                await stack.enter_async_context(
                    open_health(settings.metrics_port, metrics.collectors, lambda: worker.joined)
                )
            await worker.run(stop)


def _worker_name(settings: Settings) -> str:
    return settings.worker_name or socket.gethostname()


async def _check(clients: StreamClients, url: str) -> None:
    try:
        await check_server(clients.commands, url)
    except RedisError as error:
        log.warning("redis is down", error=type(error).__name__, advice="waiting for it")
