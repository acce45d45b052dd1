"""How many jobs of which lane may be taken, and how many bytes they may hold."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from mattebox_renderer.fetch import NoRoom
from mattebox_renderer.worker.slots import BULK_AFTER, MAX_ASIDE, Job, Room, Seat, Slots
from mattebox_runtime.events import Lane
from mattebox_runtime.streams.client import open_clients
from mattebox_runtime.streams.consumer import Consumer, Delivery, Identity


class Jobs:
    """Jobs that last until the test ends."""

    def __init__(self, slots: Slots, consumer: Consumer) -> None:
        self.slots = slots
        self.seats: list[Seat] = []
        self._consumer = consumer

    async def start(self, lane: Lane, count: int) -> list[Seat]:
        """Start so many."""
        before = len(self.seats)
        for number in range(count):
            self.slots.start(self._consumer, Delivery(lane, b"%d-0" % (before + number), b"", 1), self._last)
        await asyncio.sleep(0)
        return self.seats[before:]

    async def _last(self, job: Job) -> None:
        self.seats.append(job.seat)
        await asyncio.Event().wait()


@pytest.fixture
async def jobs(redis_url: str) -> AsyncGenerator[Jobs, None]:
    """Nothing under way in 16 slots that may hold 100 bytes."""
    async with open_clients(redis_url) as clients:
        slots = Slots(16, 100, on_room=lambda: None)
        yield Jobs(slots, Consumer(clients, "g", Identity("me", "token")))
        await slots.drain(0)


async def test_bulk_jobs_leave_four_slots_to_others(jobs: Jobs) -> None:
    assert jobs.slots.room() == Room(16, 4)
    await jobs.start("bulk", 12)
    assert jobs.slots.room() == Room(4, 4)
    await jobs.start("interactive", 4)
    assert jobs.slots.room() == Room(0, 0)


async def test_interactive_jobs_take_what_is_free(jobs: Jobs) -> None:
    await jobs.start("interactive", 15)
    assert jobs.slots.room() == Room(1, 0, bulk_first=1)


async def test_after_eight_interactive_jobs_in_a_row_the_bulk_lane_is_first(jobs: Jobs) -> None:
    await jobs.start("interactive", BULK_AFTER - 1)
    assert jobs.slots.room().bulk_first == 0
    await jobs.start("interactive", 1)
    assert jobs.slots.room().bulk_first == 1
    await jobs.start("bulk", 1)
    assert jobs.slots.room().bulk_first == 0


async def test_slots_that_are_not_for_the_bulk_lane_stay_so(jobs: Jobs) -> None:
    await jobs.start("bulk", 12)
    await jobs.start("interactive", BULK_AFTER)
    assert jobs.slots.room().bulk_first == 0


async def test_a_job_aside_holds_no_slot_until_a_fetch_begins(jobs: Jobs) -> None:
    """However many come back at a time, interactive jobs have their slots."""
    first = await jobs.start("bulk", 12)
    for seat in first:
        seat.wait()
    assert jobs.slots.room() == Room(16, 4)
    await jobs.start("bulk", 12)
    for seat in first:
        seat.begin()
        seat.wait()
    assert jobs.slots.room() == Room(4, 4)


async def test_jobs_aside_are_bounded(jobs: Jobs) -> None:
    for seat in await jobs.start("bulk", MAX_ASIDE + 3):
        seat.wait()
    assert jobs.slots.room() == Room(13, 4)


@pytest.mark.parametrize("capacity", [1, 2, 3])
def test_few_slots_are_for_everybody(capacity: int) -> None:
    assert Slots(capacity, 0, on_room=lambda: None).room() == Room(capacity, 0)


async def test_bytes_held_are_bounded_but_for_the_one_that_may_exceed(jobs: Jobs) -> None:
    one, other = await jobs.start("bulk", 2)
    one.hold(60)
    with pytest.raises(NoRoom):
        other.hold(41)
    other.may_exceed = True
    other.hold(500)
    with pytest.raises(NoRoom):
        one.hold(1)
    one.hold(-10)
    other.let_go()
    one.hold(50)
