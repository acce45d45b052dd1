"""Records that nobody needs any more: they go after a while, little by little, or the database would grow for ever.

A preview's record stays as long as it is the default preview of any frame. Which those are is learnt from a walk over
all frames, because an index of their keys would cost each of them more at its ingestion. A frame that comes to an old
key during the walk owes a new render of it, whose record is new, or has it from an ancestor's frame that is walked over
too. Label tables stay while a job may ask for them.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple, TypeVar

import structlog

from mattebox_registry.errors import StorageBusy, StorageFull
from mattebox_registry.rules.key_filter import KeyFilter
from mattebox_registry.store.port import Store
from mattebox_runtime.codec import CodecError
from mattebox_runtime.lifecycle import supervise
from mattebox_runtime.spec import table_digests

FIRST_PAUSE_S = 600.0
PAUSE_S = 6 * 3600.0

BATCH = 500
"""Few enough not to hold up the writer's queue."""

_REST = 4.0
"""How much longer than a step the pause after it: others use the database too."""

T = TypeVar("T")

log = structlog.get_logger()


class Pruned(NamedTuple):
    """How many records went."""

    previews: int
    tables: int


class Pruner:
    """Looks through the database a few times a day."""

    def __init__(self, store: Store, *, keep_s: float, clock: Callable[[], float] = time.time) -> None:
        """`keep_s` is how long a record stays that nobody needs."""
        self._store = store
        self._keep_s = keep_s
        self._clock = clock
        self._pause_s = FIRST_PAUSE_S

    async def run(self) -> None:
        """Prune now and then, until cancelled."""
        await supervise("prune", self._step, expected=(StorageBusy, StorageFull))

    async def _step(self) -> None:
        await asyncio.sleep(self._pause_s)
        self._pause_s = PAUSE_S
        await self.prune()

    async def prune(self) -> Pruned:
        """Delete what nobody needs and nobody has needed for `keep_s`."""
        before_s = self._clock() - self._keep_s
        pruned = Pruned(await self._prune_previews(before_s), await self._prune_tables(before_s))
        if any(pruned):
            log.info("pruned", previews=pruned.previews, tables=pruned.tables)
        return pruned

    async def _prune_previews(self, before_s: float) -> int:
        in_use = KeyFilter(await self._store.last_frame_number())
        async for keys in self._frame_keys():
            in_use.add(keys)
        pruned, after = 0, 0
        while True:
            last, old = await _leisurely(self._store.previews_before(before_s, after, BATCH))
            if last is None:
                return pruned
            after = last
            unused = [key for key in old if key not in in_use]
            if unused:
                pruned += await _leisurely(self._store.delete_previews(unused, before_s))

    async def _frame_keys(self) -> AsyncIterator[list[bytes]]:
        after = 0
        while rows := await _leisurely(self._store.frame_keys(after, BATCH)):
            after = rows[-1][0]
            yield [key for _, key in rows]

    async def _prune_tables(self, before_s: float) -> int:
        # Jobs not published yet need tables, and only some of them are stored again for that.
        if await self._store.backlog("bulk"):
            return 0
        asked_for = await self._requested_tables()
        pruned, after = 0, b""
        while True:
            last, old = await _leisurely(self._store.tables_before(before_s, after, BATCH))
            if last is None:
                return pruned
            after = last
            unused = [digest for digest in old if digest not in asked_for]
            if unused:
                pruned += await _leisurely(self._store.delete_tables(unused, before_s))

    async def _requested_tables(self) -> set[bytes]:
        digests: set[bytes] = set()
        after = 0
        while rows := await _leisurely(self._store.requested_specs(after, BATCH)):
            after = rows[-1][0]
            for _, spec in rows:
                digests |= _digests(spec)
        return digests


async def _leisurely(step: Awaitable[T]) -> T:
    began = time.monotonic()
    result = await step
    await asyncio.sleep(_REST * (time.monotonic() - began))
    return result


def _digests(spec: bytes) -> frozenset[bytes]:
    try:
        return table_digests(spec)
    except CodecError:
        # Its renderer finds it as unreadable.
        return frozenset()
