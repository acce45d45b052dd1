"""The jobs under way: at most as many as there are slots, with some kept for those that somebody waits for."""

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine
from typing import Any, NamedTuple

import structlog

from mattebox_renderer.fetch import NoRoom
from mattebox_runtime.events import Lane
from mattebox_runtime.streams.consumer import Consumer, Delivery

MAX_KEPT = 4
BULK_AFTER = 8
"""Interactive jobs started in a row, after which a bulk job is first: a long queue of clicks stops nothing."""

MAX_ASIDE = 1000
"""Jobs that wait for a turn at a host and hold no slot. They hold no bytes of files, but leases have to be kept."""

log = structlog.get_logger()


class Room(NamedTuple):
    """How many jobs may be taken now."""

    limit: int
    """In all."""
    kept: int
    """How many of those are for the interactive lane only."""
    bulk_first: int = 0
    """How many of the others the bulk lane is asked for first."""

    @property
    def bulk(self) -> int:
        """Jobs of the bulk lane that may be taken."""
        return self.limit - self.kept


class Seat:
    """A job's claim to a slot, which it steps aside from while all that it does is to wait for a turn at a host."""

    def __init__(self, slots: "Slots", lane: Lane) -> None:
        self._slots = slots
        self.lane = lane
        self.aside = False
        self.may_exceed = False
        """Whether this job may hold bytes beyond what all may hold together."""
        self._begun = False
        self._held_bytes = 0

    def wait(self) -> None:
        """Step aside, unless a fetch has begun: then there are bytes already, or soon."""
        if not self._begun and not self.aside and self._slots.may_step_aside():
            self.aside = True
            self._slots.give_up(self.lane)

    def begin(self) -> None:
        """Take a slot for good, one too many if it has to be: a turn at a host is dearer."""
        self._begun = True
        if self.aside:
            self.aside = False
            self._slots.take_again(self.lane)

    def hold(self, size: int) -> None:
        """Count bytes in memory, or fewer where negative. Raises NoRoom."""
        if size > max(self._slots.spare_bytes, 0) and not self.may_exceed:
            raise NoRoom
        self._slots.spare_bytes -= size
        self._held_bytes += size

    def let_go(self) -> None:
        """Count none of the bytes any more."""
        self.hold(-self._held_bytes)


class Job(NamedTuple):
    """A delivery, the consumer it was handed to, and its claim to a slot."""

    consumer: Consumer
    delivery: Delivery
    seat: Seat
    began: float
    """By time.monotonic."""


class Slots:
    """Runs jobs as tasks and knows which are held."""

    def __init__(self, capacity: int, max_held_bytes: int, *, on_room: Callable[[], None]) -> None:
        """`on_room` is called when a job steps aside or ends."""
        self.spare_bytes = max_held_bytes
        self.capacity = capacity
        self._kept = min(MAX_KEPT, capacity // 4)
        self._jobs: dict[asyncio.Task[None], Job] = {}
        # Counted as they come and go: it is asked for each few jobs how many there are.
        self._seated: dict[Lane, int] = {"interactive": 0, "bulk": 0}
        self._overtaken = 0
        self._changed = asyncio.Event()
        self._on_room = on_room

    def room(self, leaving: Collection[Job] = ()) -> Room:
        """Tell what may be taken once the jobs `leaving` have gone."""
        interactive, bulk = self._seated["interactive"], self._seated["bulk"]
        for job in leaving:
            if not job.seat.aside:
                interactive -= job.delivery.lane == "interactive"
                bulk -= job.delivery.lane == "bulk"
        free = self.capacity - interactive - bulk
        limit = max(free, self._kept - interactive, 0)
        free_for_bulk = max(min(free, self.capacity - self._kept - bulk), 0)
        return Room(limit, limit - free_for_bulk, int(free_for_bulk > 0 and self._overtaken >= BULK_AFTER))

    def start(self, consumer: Consumer, delivery: Delivery, run: Callable[[Job], Coroutine[Any, Any, None]]) -> None:
        """Run a job in a slot."""
        job = Job(consumer, delivery, Seat(self, delivery.lane), time.monotonic())
        task = asyncio.create_task(run(job), name=f"job {delivery.seq}")
        self._jobs[task] = job
        self._seated[delivery.lane] += 1
        self._overtaken = 0 if delivery.lane == "bulk" else self._overtaken + 1
        task.add_done_callback(self._end)

    def held(self, consumer: Consumer) -> list[tuple[Lane, bytes]]:
        """Give lane and id of each job under way that was handed to this consumer."""
        return [(job.delivery.lane, job.delivery.id) for job in self._jobs.values() if job.consumer is consumer]

    def under_way(self) -> list[Job]:
        """Give all jobs under way, the longest first."""
        return list(self._jobs.values())

    async def wait_free(self) -> None:
        """Wait until a job of some lane may be taken."""
        while not self.room().limit:
            self._changed.clear()
            await self._changed.wait()

    def may_step_aside(self) -> bool:
        """Tell whether one more job may wait without a slot."""
        return len(self._jobs) - sum(self._seated.values()) < MAX_ASIDE

    def give_up(self, lane: Lane) -> None:
        """Count a job of this lane as one without a slot."""
        self._seated[lane] -= 1
        self._changed.set()
        self._on_room()

    def take_again(self, lane: Lane) -> None:
        """Count it as one with a slot."""
        self._seated[lane] += 1

    async def drain(self, grace_s: float) -> None:
        """Let the jobs under way finish for a while, then cancel those that are left; those aside have not begun."""
        for task, job in self._jobs.items():
            if job.seat.aside:
                task.cancel()
        if self._jobs:
            await asyncio.wait(self._jobs, timeout=grace_s)
        unfinished = list(self._jobs)
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished)

    def _end(self, task: asyncio.Task[None]) -> None:
        job = self._jobs.pop(task)
        if not job.seat.aside:
            self.give_up(job.delivery.lane)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            # Its lease runs out, and it is taken again as if this worker had died over it.
            log.error("job dropped", seq=job.delivery.seq, exc_info=fault)
