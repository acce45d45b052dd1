"""The worker's loops: reading, keeping leases, settling; and how it drains."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Protocol

import structlog
from redis.exceptions import RedisError

from mattebox_renderer.settings import Settings
from mattebox_renderer.worker.handler import Ending
from mattebox_renderer.worker.membership import Membership, NothingToFollow
from mattebox_renderer.worker.presence import describe
from mattebox_renderer.worker.runner import JobRunner
from mattebox_renderer.worker.settler import Settler
from mattebox_renderer.worker.slots import Job, Room, Seat, Slots
from mattebox_runtime.events import RenderEvent
from mattebox_runtime.lifecycle import cancel_on_exit, supervise
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.streams.client import BLOCK_S, StreamClients, lost_group
from mattebox_runtime.streams.consumer import LANES, Consumer, Delivery
from mattebox_runtime.streams.roll import leave_roll, sign_roll

LONGEST_IGNORANCE_S = 5.0
"""Between two looks for jobs of workers that died or handed them back."""

WAITING_SLOTS = 16
"""Slots beside those whose jobs are being drawn: waiting for bytes costs next to nothing."""

CROWDED_BLOCK_S = 0.1
"""Longest wait for interactive jobs alone; when it is over, the bulk lane has slots again perhaps."""

REGISTRY_LOOK_S = 0.3
"""Between two looks for a registry, which on one machine starts at the same time."""

EXPECTED_FAULTS = (RedisError,)

log = structlog.get_logger()


class Handling(Protocol):
    """What is asked of a Handler."""

    async def handle(self, event: RenderEvent, seat: Seat) -> Ending:
        """Bring an event to its ending; raises as Handler does."""

    @property
    def draws_waiting(self) -> int:
        """How many draws wait for a process."""


class Worker:
    """Takes jobs from both lanes into free slots until it is stopped."""

    def __init__(
        self, clients: StreamClients, handler: Handling, settings: Settings, *, name: str, metrics: RendererMetrics
    ) -> None:
        """`name` is the consumer name to claim, stable over restarts."""
        self._redis = clients.commands
        self._settings = settings
        self._settler = Settler(metrics, preview_ttl_s=settings.preview_ttl_s)
        capacity = settings.slots or settings.children + WAITING_SLOTS
        self._slots = Slots(capacity, settings.max_held_bytes, on_room=self._settler.wake)
        self._handler = handler
        self._runner = JobRunner(handler.handle, self._settler, max_starts=settings.max_starts, metrics=metrics)
        self._membership = Membership(clients, name, lease_s=settings.lease_s)
        self._metrics = metrics
        self._consumer: Consumer | None = None
        self._newcomer = True
        self._registry_missed = False
        self._own_unread = True
        self._take_idle_after = 0.0
        self._taking = asyncio.Lock()

    @property
    def joined(self) -> bool:
        """Whether jobs are being read: Redis answers and a registry was there."""
        return self._consumer is not None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish the jobs under way within the grace time and hand the rest back."""
        async with AsyncExitStack() as loops:
            for name, step in (("settle", self._settle), ("lease", self._keep_leases)):
                await loops.enter_async_context(
                    cancel_on_exit(supervise(name, step, expected=EXPECTED_FAULTS), name=name)
                )
            async with cancel_on_exit(supervise("read", self._read, expected=EXPECTED_FAULTS), name="read"):
                await stop.wait()
            log.info("worker draining", grace_s=self._settings.grace_s)
            await self._slots.drain(self._settings.grace_s)
        await self._leave()

    async def _read(self) -> None:
        """Take jobs into the free slots, or wait for some."""
        await self._slots.wait_free()
        # Nobody else may take jobs meanwhile: these slots would be given away twice, and the own jobs that are looked
        # for are those that nobody is being handed right now.
        try:
            async with self._taking:
                consumer = self._consumer or await self._join()
                deliveries = await self._take(consumer, self._slots.room())
                self._start(consumer, deliveries)
            if not deliveries and not self._slots.room().bulk:
                # Successors of bulk jobs are taken meanwhile.
                self._start(consumer, await consumer.wait(CROWDED_BLOCK_S, LANES[:1]))
        except NothingToFollow:
            if not self._registry_missed:
                log.info("waiting for a registry")
            self._registry_missed = True
            await asyncio.sleep(REGISTRY_LOOK_S)
        except RedisError as error:
            self._distrust()
            if not lost_group(error):
                raise

    async def _settle(self) -> None:
        """Settle finished jobs, and take jobs into the room there is then, unless the reader is about to."""
        await self._settler.wait_due(self._is_patient)
        if self._taking.locked() or self._consumer is None or self._left_over_due():
            await self._settler.flush(None, self._slots.room)
            return
        async with self._taking:
            consumer = self._consumer
            try:
                self._start(consumer, await self._settler.flush(consumer, self._slots.room))
            except RedisError:
                self._distrust()
                raise

    def _is_patient(self, finished: Sequence[Job]) -> bool:
        """Say whether results may wait for others: while drawing is what all wait for, and nobody waits for them."""
        is_urgent = any(job.delivery.lane == "interactive" for job in finished)
        return not is_urgent and not self._slots.room().bulk and len(finished) < self._handler.draws_waiting

    def _start(self, consumer: Consumer, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            self._slots.start(consumer, delivery, self._runner.run)

    def _distrust(self) -> None:
        """Look at everything anew: a read that failed may have been served, and Redis may have forgotten its groups."""
        self._consumer, self._own_unread = None, True

    def _left_over_due(self) -> bool:
        return self._own_unread or time.monotonic() >= self._take_idle_after

    async def _join(self) -> Consumer:
        before = self._membership.consumer
        self._consumer = await self._membership.join()
        self._registry_missed = False
        if before is None or before.identity != self._consumer.identity:
            # What lies under this name was started by a process that died over it.
            self._newcomer = self._own_unread = True
            await self._sign_roll(self._consumer)
        return self._consumer

    async def _take(self, consumer: Consumer, room: Room) -> list[Delivery]:
        deliveries = await self._take_left_over(consumer, room) or await consumer.read(*room)
        if not deliveries and room.bulk:
            deliveries = await consumer.wait(min(BLOCK_S, self._settings.lease_s / 2))
        if not deliveries and not await self._membership.is_current():
            self._consumer = None
        return deliveries

    async def _take_left_over(self, consumer: Consumer, room: Room) -> list[Delivery]:
        """Take jobs that were handed out before and not finished: this worker's own, then those of silent ones."""
        held = self._slots.held(consumer)
        deliveries: list[Delivery] = []
        if self._own_unread:
            deliveries = await consumer.take_own(held, room.limit, room.kept, restarted=self._newcomer)
            self._own_unread = len(deliveries) >= room.bulk
            self._newcomer = self._newcomer and self._own_unread
        if not deliveries and time.monotonic() >= self._take_idle_after:
            deliveries = await consumer.take_idle(held, room.limit, room.kept, idle_s=self._settings.lease_s)
            if len(deliveries) < room.bulk:
                self._take_idle_after = time.monotonic() + min(self._settings.lease_s / 2, LONGEST_IGNORANCE_S)
        return deliveries

    async def _keep_leases(self) -> None:
        await asyncio.sleep(self._settings.lease_s / 3)
        consumer = self._membership.consumer
        if consumer is None:
            return
        held = self._slots.held(consumer)
        self._metrics.jobs_under_way.set(len(held))
        if await consumer.renew(held, name_for_s=self._settings.lease_s):
            await self._sign_roll(consumer)
        else:
            log.warning("worker name lost", name=consumer.identity.name)
            self._membership.lose_name()
            self._consumer = None

    async def _sign_roll(self, consumer: Consumer) -> None:
        name = consumer.identity.name
        await sign_roll(self._redis, describe(name, children=self._settings.children, slots=self._slots))

    async def _leave(self) -> None:
        consumer = self._membership.consumer
        if consumer is None:
            return
        try:
            released = await consumer.release(lease_s=self._settings.lease_s)
            await leave_roll(self._redis, consumer.identity.name)
        except RedisError as error:
            log.warning("jobs not handed back", error=type(error).__name__, advice="their leases will run out")
        else:
            log.info("worker left", name=consumer.identity.name, jobs_handed_back=released)
