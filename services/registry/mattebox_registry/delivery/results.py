"""The result reader: brings what the renderers answered into the database, and tells whoever waits for it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from mattebox_registry.delivery.tables import TableShelf
from mattebox_registry.records import AppliedResult
from mattebox_registry.store.port import JobStore
from mattebox_runtime import redis_keys
from mattebox_runtime.codec import CodecError
from mattebox_runtime.events import FIELD, RenderResult, decode_result
from mattebox_runtime.metrics import RegistryMetrics
from mattebox_runtime.spec import KEY_BYTES
from mattebox_runtime.streams.client import BLOCK_S, StreamClients

BATCH = 500
_BEGINNING = "0-0"
_LARGEST_INTEGER = 2**63 - 1

log = structlog.get_logger()


class ResultReader:
    """Applies results in batches and deletes them; it always reads from the beginning and remembers nothing."""

    def __init__(
        self,
        store: JobStore,
        clients: StreamClients,
        tables: TableShelf,
        *,
        wake: asyncio.Event,
        on_change: Callable[[AppliedResult], None],
        metrics: RegistryMetrics,
    ) -> None:
        """`wake` is set where a result makes its job due again."""
        self._store = store
        self._line = clients.line
        self._blocking = clients.blocking
        self._tables = tables
        self._wake = wake
        self._on_change = on_change
        self._metrics = metrics

    async def step(self) -> None:
        """Wait for results and settle them."""
        stream = redis_keys.previews_stream(self._store.generation)
        block_ms = round(BLOCK_S * 1000)
        reply = await self._blocking.execute_command(
            "XREAD", "COUNT", BATCH, "BLOCK", block_ms, "STREAMS", stream, _BEGINNING
        )
        for _, entries in reply or ():
            await self._settle(stream, entries)

    async def drain(self) -> None:
        """Settle every result that is in the stream now."""
        stream = redis_keys.previews_stream(self._store.generation)
        while entries := await self._line.execute_command("XRANGE", stream, "-", "+", "COUNT", BATCH):
            await self._settle(stream, entries)

    async def apply(self, results: Sequence[RenderResult]) -> None:
        """Record results and tell what they changed."""
        for change in await self._store.apply_results(results):
            self._metrics.previews_settled.labels(change.state).inc()
            self._on_change(change)

    async def _settle(self, stream: str, entries: list[Any]) -> None:
        results = [result for id_, fields in entries if (result := _read(id_, fields)) is not None]
        if any(result.type == "table_missing" for result in results):
            self._tables.forget()
            self._wake.set()
        await self.apply(results)
        await self._line.execute_command("XDEL", stream, *(id_ for id_, _ in entries))


def _read(id_: bytes, fields: Sequence[bytes]) -> RenderResult | None:
    """Read a result; one that cannot be recorded is logged and left out, or it would come again for ever."""
    try:
        result = decode_result(fields[1] if fields[0] == FIELD else b"")
    except CodecError as error:
        log.warning("result unreadable", entry=id_.decode(), error=str(error))
        return None
    if len(result.key) != KEY_BYTES or not 0 < result.seq <= _LARGEST_INTEGER or not 0 <= result.attempts < 2**31:
        log.warning("result out of range", entry=id_.decode())
        return None
    return result
