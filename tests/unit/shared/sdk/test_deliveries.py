"""Batches of frames that are on their way at once."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from mattebox._requests import FrameLine
from mattebox.aio._deliveries import Deliveries
from mattebox.answers import AddedFrames


class Road:
    """Where batches arrive when they are let in."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.let_in: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def send(self, lines: Sequence[FrameLine]) -> AddedFrames:
        """Begin, and wait."""
        batch = lines[0].document.decode()
        self.begun.append(batch)
        await self.let_in[batch].wait()
        return AddedFrames(len(lines), 0)


def batch(name: str, *ids: str | None) -> list[FrameLine]:
    """Give lines of these ids, by which the batch is known."""
    return [FrameLine(frame_id, name.encode()) for frame_id in ids]


async def test_batches_do_not_wait_for_each_other_unless_they_share_a_frame() -> None:
    """The second version of a frame is not overtaken by the first, whatever the network does."""
    road, deliveries = Road(), Deliveries()
    first = deliveries.begin(road.send, batch("first", "a", "b", None))
    other = deliveries.begin(road.send, batch("other", "c", None))
    again = deliveries.begin(road.send, batch("again", "b"))
    await asyncio.sleep(0)
    assert road.begun == ["first", "other"]
    road.let_in["other"].set()
    assert (await other).created == 2
    assert road.begun == ["first", "other"]
    road.let_in["first"].set()
    assert (await first).created == 3
    road.let_in["again"].set()
    assert (await again).created == 1


async def test_a_batch_that_failed_holds_up_none_after_it() -> None:
    """Its own task raises; the next is sent all the same."""
    road, deliveries = Road(), Deliveries()
    first = deliveries.begin(road.send, batch("first", "a"))
    again = deliveries.begin(road.send, batch("again", "a"))
    await asyncio.sleep(0)
    first.cancel()
    road.let_in["again"].set()
    assert (await again).created == 1
    assert first.cancelled()
