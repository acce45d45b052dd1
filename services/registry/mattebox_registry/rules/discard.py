"""Frames of versions that were deleted: gone for everybody at once, and from the disk little by little."""

import asyncio

from mattebox_registry.errors import StorageBusy, StorageFull
from mattebox_registry.store.port import CatalogStore
from mattebox_runtime.lifecycle import supervise

BATCH_FRAMES = 1_000
"""Few enough not to hold up the writer's queue."""


class Discarder:
    """Deletes what deleted versions left behind; `run` finishes what a restart interrupted too."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store
        self._work = asyncio.Event()
        self._work.set()

    def begin(self) -> None:
        """There may be something to delete."""
        self._work.set()

    async def run(self) -> None:
        """Delete what there is whenever there is something, until cancelled."""
        await supervise("discard", self._delete_all, expected=(StorageBusy, StorageFull))

    async def _delete_all(self) -> None:
        await self._work.wait()
        self._work.clear()
        try:
            while await self._store.delete_discarded(BATCH_FRAMES):
                pass
        except BaseException:
            self._work.set()
            raise
