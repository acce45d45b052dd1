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
C = TypeVar("C")

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
        return await _prune_unused(
            self._store.previews_before, 0, self._store.delete_previews, in_use.__contains__, before_s
        )

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
        return await _prune_unused(
            self._store.tables_before, b"", self._store.delete_tables, asked_for.__contains__, before_s
        )

    async def _requested_tables(self) -> set[bytes]:
        digests: set[bytes] = set()
        after = 0
        while rows := await _leisurely(self._store.requested_specs(after, BATCH)):
            after = rows[-1][0]
            for _, spec in rows:
                digests |= _digests(spec)
        return digests


async def _prune_unused(
    list_old: Callable[[float, C, int], Awaitable[tuple[C | None, list[bytes]]]],
    after: C,
    delete: Callable[[list[bytes], float], Awaitable[int]],
    is_used: Callable[[bytes], bool],
    before_s: float,
) -> int:
    """Delete, batch by batch from the cursor `after`, what is old and not in use; give how much that was."""
    pruned = 0
    while True:
        last, old = await _leisurely(list_old(before_s, after, BATCH))
        if last is None:
            return pruned
        after = last
        unused = [name for name in old if not is_used(name)]
        if unused:
            pruned += await _leisurely(delete(unused, before_s))


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
