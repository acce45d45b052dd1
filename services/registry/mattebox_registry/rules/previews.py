"""Previews on their way out: resolved to a key, found or refused, else owed once."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mattebox.models import Frame, Source
from mattebox.reasons import PreviewState
from mattebox_registry.hub import Hub, wait_until_set
from mattebox_registry.preview_lru import PreviewLru
from mattebox_registry.records import NewJob, PreviewRecord, StoredFrame, Version
from mattebox_registry.rules.frames import as_of_now, frame_of
from mattebox_registry.rules.index_maps import Legend, legends_of, plan_index_map, plan_index_maps
from mattebox_registry.rules.reports import read_report
from mattebox_registry.rules.specs import Plan, choose_source, plan_preview
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.store.port import Store
from mattebox_runtime.events import CachedPreview, Failure
from mattebox_runtime.metrics import RegistryMetrics
from mattebox_runtime.options import IndexMapOptions, PreviewOptions
from mattebox_runtime.preview_cache import PreviewCache
from mattebox_runtime.style import Style

UNDRAWABLE = Failure("unsupported_type")


class Wanted(NamedTuple):
    """One preview or index map of one frame, resolved."""

    version_id: str
    frame_id: str
    plan: Plan


class Refused(NamedTuple):
    """A preview that cannot be drawn, until it is refreshed."""

    state: PreviewState
    failure: Failure


class Standing(NamedTuple):
    """How a preview stands."""

    state: PreviewState
    key: bytes
    attempts: int = 0
    failure: Failure | None = None
    report: dict[str, Any] | None = None
    queued: bool = False
    """Of a pending preview: whether a render of it is owed."""
    legends: Sequence[Legend] = ()
    """The index maps that belong to it."""
    inherited_from: str | None = None
    """The version that the frame's document is inherited from."""


class Previews:
    """Finds previews in memory, then in Redis, then in the record of what failed; what is nowhere is asked for."""

    def __init__(  # noqa: PLR0913 - each is a part of its own, wired once
        self,
        store: Store,
        cache: PreviewCache,
        lru: PreviewLru,
        *,
        styles: StyleBook,
        hub: Hub,
        wake_relay: Callable[[], None],
        metrics: RegistryMetrics,
        max_requested: int | None = None,
    ) -> None:
        """`max_requested` is how many renders may be owed to one holder."""
        self._max_requested = max_requested
        self._store = store
        self._cache = cache
        self._lru = lru
        self._styles = styles
        self._hub = hub
        self._wake_relay = wake_relay
        self._metrics = metrics
        metrics.lru_bytes.set_function(lambda: float(lru.size_bytes))
        # Children are looked up once: a lookup by label costs more than the count.
        self._found_in_memory = metrics.preview_lookups.labels("memory")
        self._found_in_redis = metrics.preview_lookups.labels("redis")
        self._found_nowhere = metrics.preview_lookups.labels("nowhere")

    async def resolve(self, version_id: str, frame_id: str, options: PreviewOptions) -> Wanted:
        """Decide what a query means for a frame as it is now. Raises NotFound (version, frame, source, mask)."""
        frame, style = await self._look_up(version_id, frame_id)
        return Wanted(version_id, frame_id, plan_preview(frame, style, options))

    async def resolve_index_map(self, version_id: str, frame_id: str, options: IndexMapOptions) -> Wanted:
        """Decide which index map a query means. Raises NotFound (version, frame, source, mask)."""
        frame, style = await self._look_up(version_id, frame_id)
        return Wanted(version_id, frame_id, plan_index_map(frame, style, options))

    def in_memory(self, key: bytes) -> CachedPreview | None:
        """Give a preview that was served lately."""
        preview = self._lru.get(key)
        if preview is not None:
            self._found_in_memory.inc()
        return preview

    async def find(self, wanted: Wanted, *, wait_s: float = 0.0, holder: bytes = b"") -> CachedPreview | Refused | None:
        """Give a preview or why there is none; else see that one render of it is owed, and wait for its end.

        None: it is not drawn yet. A preview that was drawn and is no longer cached is drawn again.
        Raises OverQuota where the holder has too many renders owed to it.
        """
        key = wanted.plan.key
        if wanted.plan.state == "unsupported":
            return Refused("unsupported", UNDRAWABLE)
        # Before looking, so that a render that ends between the look and the wait is not missed.
        with self._hub.expect(key) as ended:
            found = await self._look(key)
            if found is None:
                await self._owe(wanted, holder, force=False)
                if wait_s and await wait_until_set(ended, wait_s):
                    found = await self._look(key)
        return found

    async def refresh(self, version_id: str, frame_id: str, options: PreviewOptions, *, holder: bytes = b"") -> Wanted:
        """Forget a preview and its index maps, and owe a new render, whatever is cached. Raises NotFound, OverQuota."""
        frame, style = await self._look_up(version_id, frame_id)
        wanted = Wanted(version_id, frame_id, plan_preview(frame, style, options))
        for plan in plan_index_maps(_source(frame, options), style, options):
            await self._forget(plan.key)
            record = await self._store.preview(plan.key)
            if record is not None and record.state == "failed":
                await self._owe(Wanted(version_id, frame_id, plan), holder, force=True)
        await self._forget(wanted.plan.key)
        await self._owe(wanted, holder, force=True)
        return wanted

    async def status(self, version_id: str, frame_id: str, options: PreviewOptions, *, wait_s: float = 0.0) -> Standing:
        """Say how a preview stands, after waiting for the end of its render if it has none. Raises NotFound."""
        version = await self._store.version(version_id)
        stored = await self._store.frame(version_id, frame_id)
        standing = await self._standing(version, stored, options, wait_s)
        return standing._replace(inherited_from=stored.inherited_from)

    async def _standing(
        self, version: Version, stored: StoredFrame, options: PreviewOptions, wait_s: float
    ) -> Standing:
        frame, style = frame_of(stored.document), self._styles.style(version)
        plan = plan_preview(frame, style, options)
        if plan.state == "unsupported":
            return Standing("unsupported", plan.key, failure=UNDRAWABLE)
        source = _source(frame, options)
        legends = legends_of(source, style, options)
        record = await self._record(plan.key, wait_s)
        if record is None:
            if await self._is_owed(plan.key, as_of_now(stored, version, style)):
                return Standing("pending", plan.key, queued=True, legends=legends)
            # It may have been owed until just now.
            record = await self._store.preview(plan.key)
        if record is None:
            return Standing("pending", plan.key, legends=legends)
        return _standing(record, source, style)._replace(legends=legends)

    async def statuses(self, version_id: str, frame_ids: Sequence[str]) -> dict[str, Standing]:
        """Say how the default previews of those frames stand that exist. Raises NotFound (version)."""
        version = await self._store.version(version_id)
        style = self._styles.style(version)
        stored = await self._store.frames_by_id(version_id, frame_ids)
        return {frame.id: standing_of(as_of_now(frame, version, style)) for frame in stored}

    async def _is_owed(self, key: bytes, current: StoredFrame) -> bool:
        # The default preview of a pending frame is owed, or will be when the restyle comes to the frame.
        is_default = (current.key, current.state) == (key, "pending")
        return is_default or await self._store.is_requested(key)

    async def _look_up(self, version_id: str, frame_id: str) -> tuple[Frame, Style]:
        version = await self._store.version(version_id)
        stored = await self._store.frame(version_id, frame_id)
        return frame_of(stored.document), self._styles.style(version)

    async def _record(self, key: bytes, wait_s: float) -> PreviewRecord | None:
        with self._hub.expect(key) as ended:
            record = await self._store.preview(key)
            if record is None and wait_s and await wait_until_set(ended, wait_s):
                record = await self._store.preview(key)
        return record

    async def _forget(self, key: bytes) -> None:
        self._lru.forget(key)
        await self._cache.delete(key)

    async def _look(self, key: bytes) -> CachedPreview | Refused | None:
        preview = self.in_memory(key)
        if preview is not None:
            return preview
        preview = await self._cache.get(key)
        if preview is not None:
            self._found_in_redis.inc()
            self._lru.put(preview)
            return preview
        record = await self._store.preview(key)
        if record is not None and record.state in {"failed", "unsupported"}:
            return Refused(record.state, Failure(record.error_code or "gave_up", record.error_mask))
        self._found_nowhere.inc()
        return None

    async def _owe(self, wanted: Wanted, holder: bytes, *, force: bool) -> None:
        plan = wanted.plan
        tables = {table.digest: table.packed for table in plan.tables}
        job = NewJob(wanted.version_id, wanted.frame_id, plan.key, plan.encoded, tables, force, holder)
        if await self._store.request_preview(job, max_requested=self._max_requested):
            self._metrics.previews_requested.inc()
            self._wake_relay()


def _source(frame: Frame, options: PreviewOptions) -> Source:
    return frame.sources[0] if options.source is None else choose_source(frame.sources, options.source)


def _standing(record: PreviewRecord, source: Source, style: Style) -> Standing:
    failure = Failure(record.error_code, record.error_mask) if record.error_code else None
    report = read_report(record.report, source, style) if record.report else None
    return Standing(record.state, record.key, record.attempts, failure, report)


def standing_of(stored: StoredFrame) -> Standing:
    """Say how a frame's default preview stands, as far as the frame itself tells."""
    failure = Failure(stored.error_code, stored.error_mask) if stored.error_code else None
    if failure is None and stored.state == "unsupported":
        failure = UNDRAWABLE
    return Standing(stored.state, stored.key, failure=failure, inherited_from=stored.inherited_from)
