"""How the parts of a service live and end: supervised loops, tasks that end with their block, stop signals."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, NoReturn

import structlog

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 3.0

log = structlog.get_logger()


class Pulse:
    """Whether a loop gets through its rounds: none may take longer than `longest_s`, faults and pauses included."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self.beat()

    def beat(self) -> None:
        """Note that a round ended well, or that the first one begins."""
        self._beat_at = time.monotonic()

    def is_felt(self) -> bool:
        """Say whether the last beat is young enough."""
        return time.monotonic() - self._beat_at <= self._longest_s


async def supervise(
    loop: str,
    step: Callable[[], Awaitable[None]],
    *,
    expected: tuple[type[Exception], ...],
    pulse: Pulse | None = None,
) -> NoReturn:
    """Run `step` again and again, with growing, jittered pauses while it fails; each success is a beat of the pulse.

    A fault of an `expected` kind is logged when it begins and when it is over, any other each time with its traceback.
    """
    failures = 0
    task = asyncio.current_task()
    while True:
        # A cancellation that comes as asyncio.wait_for ends is lost in Python 3.11 (bpo-42130), and redis-py uses it.
        if task is not None and task.cancelling():
            raise asyncio.CancelledError
        try:
            await step()
        except expected as error:
            if not failures:
                log.warning("loop interrupted", loop=loop, error=type(error).__name__, detail=str(error))
            failures += 1
            await asyncio.sleep(_pause_s(failures))
        except Exception:
            log.exception("loop failed", loop=loop)
            failures += 1
            await asyncio.sleep(_pause_s(failures))
        else:
            if pulse is not None:
                pulse.beat()
            if failures:
                log.info("loop resumed", loop=loop, failures=failures)
                failures = 0


def _pause_s(failures: int) -> float:
    longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret


@asynccontextmanager
async def cancel_on_exit(coroutine: Coroutine[Any, Any, Any], *, name: str) -> AsyncGenerator[asyncio.Task[Any], None]:
    """Run a coroutine as a named task until the block ends; what it raised by then is raised here."""
    task = asyncio.create_task(coroutine, name=name)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
    if not task.cancelled():
        task.result()


@contextmanager
def on_stop(stop: Callable[[], None]) -> Generator[None, None, None]:
    """Call `stop` on the first SIGTERM or SIGINT; a second one acts as if nobody had asked.

    For composition roots only. The handlers found are put back when the block ends.
    """
    loop = asyncio.get_running_loop()
    found = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def restore() -> None:
        for number, handler in found.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)

    def stop_once() -> None:
        restore()
        stop()

    for number in found:
        loop.add_signal_handler(number, stop_once)
    try:
        yield
    finally:
        restore()
