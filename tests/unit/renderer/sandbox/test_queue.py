"""Idle things go to whoever is urgent, then to whoever came first."""

import asyncio

from mattebox_renderer.sandbox.queue import Queue


async def taker(queue: Queue[str], *, urgent: bool = False) -> asyncio.Task[str]:
    """Start to wait for a thing."""
    task = asyncio.create_task(queue.take(urgent=urgent), name="taker")
    await asyncio.sleep(0)
    return task


async def test_urgent_takers_come_first_then_the_order_of_coming() -> None:
    queue = Queue[str]()
    first, second, urgent = await taker(queue), await taker(queue), await taker(queue, urgent=True)
    for thing in ("a", "b", "c", "d"):
        queue.give(thing)
    assert [await urgent, await first, await second, await queue.take()] == ["a", "b", "c", "d"]


async def test_a_taker_that_leaves_costs_nothing() -> None:
    """Neither while it waits nor after it was handed something."""
    queue = Queue[str]()
    waiting, handed, next_one = await taker(queue), await taker(queue), await taker(queue)
    waiting.cancel()
    queue.give("a")
    handed.cancel()
    assert await next_one == "a"
    await asyncio.wait([waiting, handed])
    assert waiting.cancelled()
    assert handed.cancelled()
