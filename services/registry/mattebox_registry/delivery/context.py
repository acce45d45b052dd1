"""Starts and ends the three loops of delivery."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_random_exponential

from mattebox_registry.delivery.generation import Generation
from mattebox_registry.delivery.relay import Complete, Relay
from mattebox_registry.delivery.results import ResultReader
from mattebox_registry.delivery.sweeper import Sweeper
from mattebox_registry.delivery.tables import TableShelf
from mattebox_registry.errors import StorageBusy, StorageFull
from mattebox_registry.records import AppliedResult
from mattebox_registry.settings import Settings
from mattebox_registry.store.port import JobStore
from mattebox_runtime.lifecycle import Pulse, cancel_on_exit, supervise
from mattebox_runtime.metrics import RegistryMetrics
from mattebox_runtime.streams.client import StreamClients, UnsupportedRedis, check_server, open_clients

EXPECTED_FAULTS = (RedisError, StorageBusy, StorageFull)

LONGEST_ROUND_S = 60.0
"""Of a loop whose Redis and disk answer: filling an empty stream takes some seconds."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Delivery:
    """The loops under way."""

    redis: Redis
    """Waited for while it is down."""
    _task: asyncio.Task[None]
    _pulses: Mapping[str, Pulse]

    def stalled(self) -> list[str]:
        """Name the loops that ended, or have not got through a round for too long."""
        ended = self._task.done()
        return [name for name, pulse in self._pulses.items() if ended or not pulse.is_felt()]


@asynccontextmanager
async def delivery(
    store: JobStore,
    settings: Settings,
    *,
    complete: Complete,
    wake: asyncio.Event,
    on_change: Callable[[AppliedResult], None],
    metrics: RegistryMetrics,
) -> AsyncGenerator[Delivery, None]:
    """Deliver jobs and results for as long as the block lasts.

    `complete` gives jobs their specs that the store does not keep; `wake` is set by whoever stored a job; `on_change`
    is told each preview whose state changed.

    Raises:
        UnsupportedRedis: the server that answers is too old.
    """
    async with open_clients(settings.redis_url) as clients:
        generation = Generation(store, clients.commands, seq_at_start=await store.last_seq())
        pulses = {name: Pulse(LONGEST_ROUND_S) for name in ("relay", "results")}
        pulses["sweeper"] = Pulse(LONGEST_ROUND_S + settings.sweep_s)
        loops = _Loops(store, clients, generation, settings, complete, wake, pulses)
        try:
            await loops.meet_redis()
        except EXPECTED_FAULTS as error:
            log.warning("redis is down", error=type(error).__name__, advice="jobs are kept and delivered later")
            met = False
        else:
            met = True
        async with cancel_on_exit(loops.run(on_change, metrics, met=met), name="delivery") as task:
            yield Delivery(clients.commands, task, loops.pulses)


@dataclass(frozen=True)
class _Loops:
    store: JobStore
    clients: StreamClients
    generation: Generation
    settings: Settings
    complete: Complete
    wake: asyncio.Event
    pulses: Mapping[str, Pulse]

    async def run(self, on_change: Callable[[AppliedResult], None], metrics: RegistryMetrics, *, met: bool) -> None:
        if not met:
            await self._wait_for_redis()
        tables = TableShelf(self.store, self.clients.commands)
        results = ResultReader(self.store, self.clients, tables, wake=self.wake, on_change=on_change, metrics=metrics)
        sweeper = Sweeper(self.store, self.clients.commands, results, wake=self.wake, settings=self.settings)
        relay = Relay(
            self.store, self.clients.commands, complete=self.complete, generation=self.generation, tables=tables,
            results=results, sweep=sweeper.sweep_soon, wake=self.wake, window=self.settings.stream_window,
            metrics=metrics,
        )  # fmt: skip
        steps = {"relay": relay.step, "results": results.step, "sweeper": sweeper.step}
        async with asyncio.TaskGroup() as loops:
            for name, pulse in self.pulses.items():
                pulse.beat()
                loop = supervise(name, steps[name], expected=EXPECTED_FAULTS, pulse=pulse)
                loops.create_task(loop, name=name)

    async def meet_redis(self) -> None:
        """Check the server, and that its streams are this database's: before that, nothing may be read or published."""
        await check_server(self.clients.commands, self.settings.redis_url)
        await self.generation.compare()

    async def _wait_for_redis(self) -> None:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type((*EXPECTED_FAULTS, UnsupportedRedis)),
            wait=wait_random_exponential(multiplier=0.1, max=3),
            before_sleep=_tell_unsupported,
        ):
            with attempt:
                await self.meet_redis()
        log.info("redis is back")


def _tell_unsupported(state: RetryCallState) -> None:
    # One that is down was told of at the start; one that came back too old will not mend itself.
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, UnsupportedRedis):
        log.error("redis is unsupported", error=str(error))
