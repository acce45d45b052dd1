"""Batches of frames on their way to a version, several at a time."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mattebox._requests import FrameLine
from mattebox.answers import AddedFrames

if TYPE_CHECKING:
    from mattebox.aio.client import Client

ON_WAY = 2
"""Batches that are sent at once: one arrives while the registry writes the one before."""


class Deliveries:
    """Sends batches without waiting for each other; of frames with one id the last given is kept."""

    def __init__(self, version_id: str) -> None:
        self._version_id = version_id
        self._on_way: dict[asyncio.Task[AddedFrames], set[str]] = {}

    def begin(self, client: "Client", lines: Sequence[FrameLine]) -> "asyncio.Task[AddedFrames]":
        """Send a batch, after those given before that hold one of its frames; the task raises what `add_frames` does.

        Whoever calls awaits the task, and sees to it that there are not too many.
        """
        ids = {line.id for line in lines if line.id}
        before = [task for task, others in self._on_way.items() if not ids.isdisjoint(others)]
        task = asyncio.create_task(self._deliver(client, lines, before), name="deliver-frames")
        self._on_way[task] = ids
        task.add_done_callback(self._on_way.pop)
        return task

    async def _deliver(
        self, client: "Client", lines: Sequence[FrameLine], before: "list[asyncio.Task[AddedFrames]]"
    ) -> AddedFrames:
        if before:
            await asyncio.wait(before)
        return await client.add_lines(self._version_id, lines)
