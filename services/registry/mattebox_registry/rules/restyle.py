"""New labels or colours make new keys: the walk that brings every frame of a version under its newest style."""

import asyncio
from collections.abc import Callable

import structlog

from mattebox_registry.errors import NotFound, StorageBusy, StorageFull, StyleChanged
from mattebox_registry.rules.batches import BATCH_FRAMES, restyled_batch
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.store.port import Store
from mattebox_runtime.lifecycle import supervise

BATCHES_AT_ONCE = 4
"""Done while the request that changed the style waits: small versions are up to date when it is answered."""

log = structlog.get_logger()


class Restyler:
    """Walks through the frames of versions whose style changed; `run` finishes what requests began."""

    def __init__(
        self, store: Store, styles: StyleBook, announce: Callable[[str], None], *, batch_frames: int = BATCH_FRAMES
    ) -> None:
        """`announce` is called with the version's id after each batch."""
        self._store = store
        self._styles = styles
        self._announce = announce
        self._batch_frames = batch_frames
        self._one_step_at_a_time = asyncio.Lock()
        self._work = asyncio.Event()
        self._work.set()

    async def begin(self, version_id: str) -> None:
        """Restyle the first frames of a version now and leave the others to `run`.

        While an ancestor is still restyled all are left: its frames have to stand before they are shown otherwise.
        """
        self._work.set()
        if version_id not in [version.id for version in await self._store.restyling_versions()]:
            return
        for _ in range(BATCHES_AT_ONCE):
            if await self._step(version_id):
                return

    async def run(self) -> None:
        """Finish every restyle, those that a restart left behind too, until cancelled."""
        await supervise("restyle", self._finish_all, expected=(StorageBusy, StorageFull))

    async def _finish_all(self) -> None:
        await self._work.wait()
        while versions := await self._store.restyling_versions():
            for version in versions:
                await self._step(version.id)
        self._work.clear()

    async def _step(self, version_id: str) -> bool:
        """Restyle one batch; True when the version is done or gone."""
        async with self._one_step_at_a_time:
            try:
                return await self._restyle_batch(version_id)
            except StyleChanged:
                return False
            except NotFound:
                return True

    async def _restyle_batch(self, version_id: str) -> bool:
        version = await self._store.version(version_id)
        if version.restyle_after is None:
            return True
        stored = await self._store.frames_to_restyle(version_id, self._batch_frames)
        batch = restyled_batch(stored, self._styles.style(version))
        is_last = len(stored) < self._batch_frames
        await self._store.restyle_frames(
            version_id,
            batch.frames,
            style_revision=batch.style.revision,
            done_up_to=None if is_last else stored[-1].id,
            tables=batch.tables,
        )
        self._announce(version_id)
        if is_last:
            log.info("version restyled", version=version_id, style_revision=version.style_revision)
        return is_last
