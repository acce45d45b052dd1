"""The composition root: what the registry is made of, from top to bottom."""

import asyncio

from aiohttp import web

from mattebox_registry import contexts, keys
from mattebox_registry.http.middlewares import observe_requests
from mattebox_registry.http.resolutions import Resolutions
from mattebox_registry.hub import Hub
from mattebox_registry.preview_lru import PreviewLru
from mattebox_registry.routes import add_routes
from mattebox_registry.rules.quotas import Quotas
from mattebox_registry.settings import Settings
from mattebox_runtime.metrics import RegistryMetrics


def create_app(settings: Settings) -> web.Application:
    """Build the registry; its parts open when the application starts and close in reverse."""
    app = web.Application(middlewares=[observe_requests], client_max_size=settings.max_batch_bytes)
    app[keys.SETTINGS] = settings
    app[keys.METRICS] = RegistryMetrics()
    lru = app[keys.PREVIEW_LRU] = PreviewLru(settings.preview_lru_bytes)
    hub = app[keys.HUB] = Hub(on_render=lru.forget)
    app[keys.QUOTAS] = Quotas(rate=settings.max_rate, streams=settings.max_streams)
    app[keys.RESOLUTIONS] = Resolutions(hub.epoch)
    app[keys.RELAY_WAKE] = asyncio.Event()
    app.cleanup_ctx.extend([contexts.store, contexts.blobs, contexts.rules, contexts.previews, contexts.delivery])
    app.on_shutdown.append(end_waiting)
    add_routes(app)
    return app


async def end_waiting(app: web.Application) -> None:
    """Let long polls and event streams end, for which the server would wait otherwise."""
    app[keys.HUB].close()
