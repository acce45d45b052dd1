"""One event: fetch, draw. Here it is decided how each fault is told; of streams nothing is known here."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

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
from mattebox_runtime.preview_cache import CacheUnavailable, PreviewCache
from mattebox_runtime.spec import MaskSpec, RenderSpec


class Ending(NamedTuple):
    """How an event ended, in the words of RenderResult."""

    type: Literal["preview_rendered", "preview_failed", "table_missing"]
    state: PreviewState
    failure: Failure | None = None
    report: bytes | None = None
    pictures: tuple[CachedPreview, ...] = ()
    """To be in the cache before anybody is told."""


class Fetching(Protocol):
    """What is asked of a Fetcher."""

    async def open_local(
        self, uris: Sequence[str], seat: FetchSeat | None = None
    ) -> list[Fetched | FetchFailed] | None:
        """Give what became of each; None where not all of them are files that are opened at once."""

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

    @property
    def waiting(self) -> int:
        """How many draws wait for a process."""


class Handler:
    """Brings an event to its ending."""

    def __init__(
        self,
        fetcher: Fetching,
        pool: Drawing,
        cache: PreviewCache,
        tables: TableReader,
        scenes: Scenes,
    ) -> None:
        self._fetcher = fetcher
        self._pool = pool
        self._cache = cache
        self._tables = tables
        self._scenes = scenes
        self._exceeding = asyncio.Lock()

    @property
    def draws_waiting(self) -> int:
        """How many draws wait for a process."""
        return self._pool.waiting

    async def handle(self, event: RenderEvent, seat: Seat) -> Ending:
        """Draw an event's preview, unless it is cached already; `seat` is told when hosts are waited for.

        Raises:
            CodecError: its spec is not one.
            DrawCrashed: the drawing process died, which need not be this event's fault.
        """
        cached = None if event.force else await self._cached(event.key)
        if cached is not None:
            return Ending("preview_rendered", cached.state, cached.failure, cached.report)
        spec = event.render_spec()
        tables = await self._tables.read(spec.tables())
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
        preview = _preview(event.key, drawn)
        pictures = (*index_maps_of(spec, tables, drawn), preview)
        return Ending("preview_rendered", drawn.state, drawn.failure, preview.report, pictures)

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
        files: list[Fetched] = []
        try:
            source, masks = await self._fetch_all(spec, files, seat)
            urgent = event.type == "preview_requested"
            # Made beside every preview, maps would cost those that nobody looks at a twentieth of their time and more.
            wish = Wish(index_maps=urgent, keep=urgent)
            return await self._pool.draw(event.spec, source, masks, tables, urgent=urgent, wish=wish)
        finally:
            for file in files:
                file.close()
            seat.let_go()

    async def _fetch_all(
        self, spec: RenderSpec, files: list[Fetched], seat: Seat
    ) -> tuple[Fetched, list[Fetched | Failure]]:
        """Open source and masks, and add to `files` what has to be closed. Raises FetchFailed of the source."""
        never_drawn = [mask for mask in spec.masks if is_never_drawn(mask.uri, mask.content_type)]
        uris = [spec.source.uri, *(mask.uri for mask in spec.masks if mask not in never_drawn)]
        opened = await self._fetcher.open_local(uris, seat)
        if opened is None:
            opened = await self._fetch_each(uris, files, seat)
        else:
            files += [file for file in opened if isinstance(file, Fetched)]
        found = iter(opened)
        source = next(found)
        if isinstance(source, FetchFailed):
            raise source
        return source, [
            Failure("mask_unsupported_type", mask.id) if mask in never_drawn else _file_of(mask, next(found))
            for mask in spec.masks
        ]

    async def _fetch_each(self, uris: Sequence[str], files: list[Fetched], seat: Seat) -> list[Fetched | FetchFailed]:
        """Fetch side by side; the first has to be had. Raises its FetchFailed."""
        try:
            async with asyncio.TaskGroup() as fetches:
                source = fetches.create_task(self._fetch(uris[0], files, seat))
                masks = [fetches.create_task(self._try_fetch(uri, files, seat)) for uri in uris[1:]]
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from None
        return [source.result(), *(mask.result() for mask in masks)]

    async def _fetch(self, uri: str, files: list[Fetched], seat: Seat) -> Fetched:
        fetched = await self._fetcher.fetch(uri, seat)
        files.append(fetched)
        return fetched

    async def _try_fetch(self, uri: str, files: list[Fetched], seat: Seat) -> Fetched | FetchFailed:
        try:
            return await self._fetch(uri, files, seat)
        except FetchFailed as failure:
            return failure

    async def _cached(self, key: bytes) -> CachedPreview | None:
        try:
            return await self._cache.get(key)
        except CacheUnavailable:
            return None


def _file_of(mask: MaskSpec, opened: Fetched | FetchFailed) -> Fetched | Failure:
    return Failure(f"mask_{opened.reason}", mask.id) if isinstance(opened, FetchFailed) else opened


def _preview(key: bytes, drawn: Drawn) -> CachedPreview:
    return CachedPreview(
        key=key,
        state=drawn.state,
        content_type=drawn.content_type,
        width=drawn.width,
        height=drawn.height,
        body=drawn.body,
        report=codec.pack(drawn.report),
        failure=drawn.failure,
    )


def _failed(code: str, state: Literal["failed", "unsupported"] = "failed", mask: str | None = None) -> Ending:
    return Ending("preview_failed", state, Failure(code, mask))


def _mask_of(spec: RenderSpec, code: str) -> str | None:
    """Name the mask that a refusal is about: only index maps, which have one mask, are refused for their mask."""
    return spec.masks[0].id if code.startswith("mask_") and spec.masks else None
