"""One event: fetch, draw, cache. Here it is decided how each fault is told; of streams nothing is known here."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Literal, NamedTuple, Protocol

import structlog
from tenacity import AsyncRetrying, RetryError, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from mattebox.reasons import PreviewState
from mattebox_renderer.fetch import Fetched, FetchFailed, NoRoom
from mattebox_renderer.fetch import Seat as FetchSeat
from mattebox_renderer.outcome import NOTHING_ELSE, DrawCrashed, Drawn, DrawRefused, DrawTimeout, Wish
from mattebox_renderer.worker.index_maps import index_maps_of
from mattebox_renderer.worker.scenes import Edition, Scenes, scene_of
from mattebox_renderer.worker.slots import Seat
from mattebox_renderer.worker.tables import TableReader
from mattebox_runtime import codec
from mattebox_runtime.events import CachedPreview, Failure, RenderEvent
from mattebox_runtime.media import is_never_drawn
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.preview_cache import CacheUnavailable, PreviewCache
from mattebox_runtime.spec import MaskSpec, RenderSpec, table_digests

CACHE_TRIES = 3

log = structlog.get_logger()


class Ending(NamedTuple):
    """How an event ended, in the words of RenderResult."""

    type: Literal["preview_rendered", "preview_failed", "table_missing"]
    state: PreviewState
    failure: Failure | None = None
    report: bytes | None = None


class Fetching(Protocol):
    """What is asked of a Fetcher."""

    async def fetch(self, uri: str, seat: FetchSeat | None = None) -> Fetched:
        """Raises FetchFailed."""


class Drawing(Protocol):
    """What is asked of a DrawPool."""

    async def draw(
        self,
        spec: bytes,
        source: Fetched,
        masks: Sequence[Fetched | Failure],
        tables: Mapping[bytes, bytes],
        *,
        urgent: bool,
        wish: Wish = NOTHING_ELSE,
    ) -> Drawn:
        """Raises DrawRefused, DrawTimeout, DrawCrashed."""


class Handler:
    """Brings an event to its ending."""

    def __init__(
        self,
        fetcher: Fetching,
        pool: Drawing,
        cache: PreviewCache,
        tables: TableReader,
        scenes: Scenes,
        *,
        metrics: RendererMetrics,
    ) -> None:
        self._fetcher = fetcher
        self._pool = pool
        self._cache = cache
        self._tables = tables
        self._scenes = scenes
        self._metrics = metrics
        self._exceeding = asyncio.Lock()

    async def handle(self, event: RenderEvent, seat: Seat) -> Ending:
        """Draw an event's preview and cache it, unless it is cached already; `seat` is told when hosts are waited for.

        Raises:
            CodecError: its spec is not one.
            DrawCrashed: the drawing process died, which need not be this event's fault.
        """
        cached = None if event.force else await self._cached(event.key)
        if cached is not None:
            return Ending("preview_rendered", cached.state, cached.failure, cached.report)
        spec = event.render_spec()
        tables = await self._tables.read(table_digests(event.spec))
        if tables is None:
            return Ending("table_missing", "pending")
        try:
            drawn = await self._drawn(event, spec, tables, seat)
        except FetchFailed as error:
            return _failed(f"source_{error.reason}")
        except DrawRefused as error:
            return _failed(error.code, error.state, _mask_of(spec, error.code))
        except DrawTimeout:
            return _failed("render_timeout")
        for index_map in index_maps_of(spec, tables, drawn):
            await self._cache_index_map(index_map)
        return await self._keep(event.key, drawn)

    async def _drawn(self, event: RenderEvent, spec: RenderSpec, tables: Mapping[bytes, bytes], seat: Seat) -> Drawn:
        """Draw, or paint anew what was drawn before in other colours; for nobody who waits, nothing is kept."""
        scene = scene_of(spec, tables) if event.type == "preview_requested" else None
        edition = None if scene is None else await self._scenes.edition(scene, renew=event.force)
        if edition is None:
            return await self._draw(event, spec, tables, seat)
        repainted = await self._repaint(event, tables, edition)
        if repainted is not None:
            return repainted
        drawn = await self._draw(event, spec, tables, seat)
        if drawn.kept is not None:
            self._scenes.put(edition, drawn.kept)
        return drawn

    async def _repaint(self, event: RenderEvent, tables: Mapping[bytes, bytes], edition: Edition) -> Drawn | None:
        """Paint from what is kept; None where nothing is, or nothing that can be used."""
        kept = self._scenes.open(edition)
        if kept is None:
            return None
        with kept:
            try:
                return await self._pool.draw(event.spec, kept, [], tables, urgent=True, wish=Wish(repaint=True))
            except DrawRefused:
                self._scenes.forget(edition)
                return None
            except (DrawCrashed, DrawTimeout):
                self._scenes.forget(edition)
                raise

    async def _draw(self, event: RenderEvent, spec: RenderSpec, tables: Mapping[bytes, bytes], seat: Seat) -> Drawn:
        """Fetch and draw; where there is no room for the files, again when no other job exceeds it."""
        try:
            return await self._draw_in_room(event, spec, tables, seat)
        except NoRoom:
            # Whoever waited with its files in memory, or at a host, might wait for those who wait for it.
            async with self._exceeding:
                seat.may_exceed = True
                try:
                    return await self._draw_in_room(event, spec, tables, seat)
                finally:
                    seat.may_exceed = False

    async def _draw_in_room(
        self, event: RenderEvent, spec: RenderSpec, tables: Mapping[bytes, bytes], seat: Seat
    ) -> Drawn:
        async with self._files(spec, seat) as (source, masks):
            urgent = event.type == "preview_requested"
            # Made beside every preview, maps would cost those that nobody looks at a twentieth of their time and more.
            wish = Wish(index_maps=urgent, keep=urgent)
            return await self._pool.draw(event.spec, source, masks, tables, urgent=urgent, wish=wish)

    @asynccontextmanager
    async def _files(
        self, spec: RenderSpec, seat: Seat
    ) -> AsyncGenerator[tuple[Fetched, list[Fetched | Failure]], None]:
        """Open source and masks side by side and close them with the block. Raises FetchFailed of the source."""
        with_files = AsyncExitStack()
        with_files.callback(seat.let_go)
        async with with_files:
            try:
                async with asyncio.TaskGroup() as fetches:
                    source = fetches.create_task(self._fetch(spec.source.uri, with_files, seat))
                    masks = [fetches.create_task(self._fetch_mask(mask, with_files, seat)) for mask in spec.masks]
            except ExceptionGroup as faults:
                raise faults.exceptions[0] from None
            yield source.result(), [mask.result() for mask in masks]

    async def _fetch(self, uri: str, files: AsyncExitStack, seat: Seat) -> Fetched:
        fetched = await self._fetcher.fetch(uri, seat)
        files.callback(fetched.close)
        return fetched

    async def _fetch_mask(self, mask: MaskSpec, files: AsyncExitStack, seat: Seat) -> Fetched | Failure:
        if is_never_drawn(mask.uri, mask.content_type):
            return Failure("mask_unsupported_type", mask.id)
        try:
            return await self._fetch(mask.uri, files, seat)
        except FetchFailed as error:
            return Failure(f"mask_{error.reason}", mask.id)

    async def _cached(self, key: bytes) -> CachedPreview | None:
        try:
            return await self._cache.get(key)
        except CacheUnavailable:
            return None

    async def _cache_index_map(self, index_map: CachedPreview) -> None:
        try:
            await self._cache.put(index_map)
        except CacheUnavailable:
            # Whoever asks for it has it drawn.
            self._metrics.cache_errors.inc()

    async def _keep(self, key: bytes, drawn: Drawn) -> Ending:
        report = codec.pack(drawn.report)
        preview = CachedPreview(
            key=key,
            state=drawn.state,
            content_type=drawn.content_type,
            width=drawn.width,
            height=drawn.height,
            body=drawn.body,
            report=report,
            failure=drawn.failure,
        )
        try:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception_type(CacheUnavailable),
                wait=wait_random_exponential(multiplier=0.05, max=0.5),
                stop=stop_after_attempt(CACHE_TRIES),
            ):
                with attempt:
                    await self._cache.put(preview)
        except RetryError:
            # The picture is sound; whoever asks for it and finds it gone has it drawn again.
            self._metrics.cache_errors.inc()
            log.warning("preview not cached", key=key.hex(), bytes=len(drawn.body))
        return Ending("preview_rendered", drawn.state, drawn.failure, report)


def _failed(code: str, state: Literal["failed", "unsupported"] = "failed", mask: str | None = None) -> Ending:
    return Ending("preview_failed", state, Failure(code, mask))


def _mask_of(spec: RenderSpec, code: str) -> str | None:
    """Name the mask that a refusal is about: only index maps, which have one mask, are refused for their mask."""
    return spec.masks[0].id if code.startswith("mask_") and spec.masks else None
