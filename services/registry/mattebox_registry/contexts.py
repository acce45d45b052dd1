"""What opens when the registry starts and closes, in reverse, when it ends."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from aiohttp import web

from mattebox_registry import delivery as registry_delivery
from mattebox_registry import keys
from mattebox_registry.clearml.logins import LOGINS, Logins, signing_key
from mattebox_registry.records import AppliedResult
from mattebox_registry.rules.batches import FrameWriter
from mattebox_registry.rules.catalog import Catalog
from mattebox_registry.rules.discard import Discarder
from mattebox_registry.rules.previews import Previews
from mattebox_registry.rules.pruning import Pruner
from mattebox_registry.rules.restyle import Restyler
from mattebox_registry.rules.sessions import SessionBook
from mattebox_registry.rules.spec_maker import SpecMaker
from mattebox_registry.rules.statistics import Statistics
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.rules.tokens import TokenBook, admin_token
from mattebox_registry.rules.waiting import WaitingTime
from mattebox_registry.store.sqlite import open_store
from mattebox_runtime.blobs import open_blobs
from mattebox_runtime.lifecycle import cancel_on_exit
from mattebox_runtime.lock import hold_lock
from mattebox_runtime.preview_cache import ForgivingCache, open_preview_cache


class DataInUse(Exception):
    """Another registry serves the data directory: two would each count and publish jobs that the other does not see."""


@asynccontextmanager
async def store(app: web.Application) -> AsyncGenerator[None, None]:
    """The database, which is this process's alone, and the tokens in it."""
    settings = app[keys.SETTINGS]
    data = _directory(settings.data)

    def refusal(owner: str) -> DataInUse:
        return DataInUse(
            f"Another registry serves {data} ({owner}). One at a time can: stop that one, or choose another --data."
        )

    with hold_lock(data / "registry.lock", refusal=refusal):
        async with open_store(data / "mattebox.db") as opened:
            app[keys.STORE] = opened
            tokens = TokenBook(opened, admin_token(settings.token, data), await opened.tokens())
            app[keys.TOKENS] = tokens
            app[keys.SESSIONS] = SessionBook(opened, tokens, await opened.sessions())
            app[LOGINS] = Logins(tokens, signing_key(data))
            yield


@asynccontextmanager
async def blobs(app: web.Application) -> AsyncGenerator[None, None]:
    """The uploads."""
    settings = app[keys.SETTINGS]
    app[keys.BLOBS] = open_blobs(settings.blobs or Path(settings.data) / "blobs")
    yield


@asynccontextmanager
async def rules(app: web.Application) -> AsyncGenerator[None, None]:
    """The rules over the store, and the walk that finishes what a restart interrupted."""
    announce = _announcer(app)
    styles = app[keys.STYLES] = StyleBook()
    restyler = Restyler(app[keys.STORE], styles, announce)
    discarder = Discarder(app[keys.STORE])
    app[keys.WRITER] = FrameWriter(app[keys.STORE], styles, announce)
    app[keys.CATALOG] = Catalog(app[keys.STORE], restyler, discarder, announce)
    statistics = app[keys.STATISTICS] = Statistics(app[keys.STORE], styles, app[keys.HUB].changes)
    pruner = Pruner(app[keys.STORE], keep_s=app[keys.SETTINGS].keep_unused_s)
    async with (
        cancel_on_exit(restyler.run(), name="restyler"),
        cancel_on_exit(discarder.run(), name="discarder"),
        cancel_on_exit(statistics.run(), name="statistics"),
        cancel_on_exit(pruner.run(), name="pruner"),
    ):
        yield


@asynccontextmanager
async def previews(app: web.Application) -> AsyncGenerator[None, None]:
    """The way from a query to a picture."""
    async with open_preview_cache(app[keys.SETTINGS].redis_url) as cache:
        app[keys.PREVIEWS] = Previews(
            app[keys.STORE],
            ForgivingCache(cache, count_error=app[keys.METRICS].cache_errors.inc),
            app[keys.PREVIEW_LRU],
            styles=app[keys.STYLES],
            hub=app[keys.HUB],
            wake_relay=app[keys.RELAY_WAKE].set,
            metrics=app[keys.METRICS],
            max_requested=app[keys.SETTINGS].max_requested,
        )
        yield


@asynccontextmanager
async def delivery(app: web.Application) -> AsyncGenerator[None, None]:
    """The loops between the database and Redis."""
    waiting_time = app[keys.WAITING_TIME] = WaitingTime(partial(app[keys.STORE].outstanding, "interactive"))

    def tell(result: AppliedResult) -> None:
        waiting_time.note_result()
        app[keys.HUB].preview_changed(result)

    async with registry_delivery.delivery(
        app[keys.STORE],
        app[keys.SETTINGS],
        complete=SpecMaker(app[keys.STORE], app[keys.STYLES]).complete,
        wake=app[keys.RELAY_WAKE],
        on_change=tell,
        metrics=app[keys.METRICS],
    ) as app[keys.DELIVERY]:
        yield


def _directory(path: str) -> Path:
    directory = Path(path)
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _announcer(app: web.Application) -> Callable[[str], None]:
    def announce(version_id: str) -> None:
        app[keys.HUB].frames_changed(version_id)
        app[keys.RELAY_WAKE].set()

    return announce
