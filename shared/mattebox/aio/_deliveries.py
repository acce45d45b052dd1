"""Batches of frames on their way to a version, several at a time."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from mattebox._requests import FrameLine
from mattebox.answers import AddedFrames

ON_WAY = 2
"""Batches that are sent at once: one arrives while the registry writes the one before."""

Send = Callable[[Sequence[FrameLine]], Coroutine[Any, Any, AddedFrames]]


class Deliveries:
    """Sends batches without waiting for each other; of frames with one id the last given is kept."""

    def __init__(self) -> None:
        self._on_way: dict[asyncio.Task[AddedFrames], set[str]] = {}

    def begin(self, send: Send, lines: Sequence[FrameLine]) -> asyncio.Task[AddedFrames]:
        """Send a batch, after those given before that hold one of its frames; the task raises what `send` does.

        Whoever calls awaits the task, and sees to it that there are not too many.
        """
        ids = {line.id for line in lines if line.id}
        before = [task for task, others in self._on_way.items() if not ids.isdisjoint(others)]
        task = asyncio.create_task(_send_after(before, send, lines), name="deliver-frames")
        self._on_way[task] = ids
        task.add_done_callback(self._on_way.pop)
        return task


async def _send_after(
    before: Sequence[asyncio.Task[AddedFrames]], send: Send, lines: Sequence[FrameLine]
) -> AddedFrames:
    if before:
        await asyncio.wait(before)
    return await send(lines)
