"""Waiting for something to become true, in place of sleeping for as long as it might take."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")


@overload
async def wait_until(
    probe: Callable[[], Awaitable[T | None]], *, description: str, timeout_s: float = 15.0, every_s: float = 0.02
) -> T: ...
@overload
async def wait_until(
    probe: Callable[[], T | None], *, description: str, timeout_s: float = 15.0, every_s: float = 0.02
) -> T: ...
async def wait_until(
    probe: Callable[[], Any], *, description: str, timeout_s: float = 15.0, every_s: float = 0.02
) -> Any:
    """Give the first true answer of `probe`, or fail naming what was waited for and the last answer."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = probe()
        if isinstance(answer, Awaitable):
            answer = await answer
        if answer:
            return answer
        if time.monotonic() > deadline:
            msg = f"waited {timeout_s} s in vain for: {description} (last answer: {answer!r})"
            raise AssertionError(msg)
        await asyncio.sleep(every_s)


def wait_blocking(
    probe: Callable[[], bool], *, description: str, timeout_s: float = 15.0, every_s: float = 0.02
) -> None:
    """Wait until `probe` gives True, where no event loop runs yet, or fail naming what was waited for."""
    deadline = time.monotonic() + timeout_s
    while not probe():
        if time.monotonic() > deadline:
            msg = f"waited {timeout_s} s in vain for: {description}"
            raise AssertionError(msg)
        time.sleep(every_s)
