"""Every key under which the application keeps its parts."""

import asyncio

from aiohttp import web

from mattebox_registry.delivery import Delivery
from mattebox_registry.http.resolutions import Resolutions
from mattebox_registry.hub import Hub
from mattebox_registry.preview_lru import PreviewLru
from mattebox_registry.rules.batches import FrameWriter
from mattebox_registry.rules.catalog import Catalog
from mattebox_registry.rules.previews import Previews
from mattebox_registry.rules.quotas import Quotas
from mattebox_registry.rules.sessions import SessionBook
from mattebox_registry.rules.statistics import Statistics
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.rules.tokens import TokenBook
from mattebox_registry.rules.waiting import WaitingTime
from mattebox_registry.settings import Settings
from mattebox_registry.store.port import Store
from mattebox_runtime.blobs import Blobs
from mattebox_runtime.metrics import RegistryMetrics

SETTINGS = web.AppKey("settings", Settings)
METRICS = web.AppKey("metrics", RegistryMetrics)
PREVIEW_LRU = web.AppKey("preview_lru", PreviewLru)
RESOLUTIONS = web.AppKey("resolutions", Resolutions)
QUOTAS = web.AppKey("quotas", Quotas)
HUB = web.AppKey("hub", Hub)
RELAY_WAKE = web.AppKey("relay_wake", asyncio.Event)
"""Set by whoever stored a job, so that the relay looks at once."""

STORE = web.AppKey("store", Store)
TOKENS = web.AppKey("tokens", TokenBook)
SESSIONS = web.AppKey("sessions", SessionBook)
STYLES = web.AppKey("styles", StyleBook)
WRITER = web.AppKey("writer", FrameWriter)
CATALOG = web.AppKey("catalog", Catalog)
PREVIEWS = web.AppKey("previews", Previews)
WAITING_TIME = web.AppKey("waiting_time", WaitingTime)
STATISTICS = web.AppKey("statistics", Statistics)
BLOBS = web.AppKey("blobs", Blobs)
DELIVERY = web.AppKey("delivery", Delivery)
