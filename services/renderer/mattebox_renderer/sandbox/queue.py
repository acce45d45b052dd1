"""Who gets the next idle thing: whoever is urgent, then whoever came first."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Queue(Generic[T]):
    """Things that are idle, or takers that wait for one."""

    def __init__(self) -> None:
        self._idle: deque[T] = deque()
        self._urgent: deque[asyncio.Future[T]] = deque()
        self._patient: deque[asyncio.Future[T]] = deque()

    def give(self, thing: T) -> None:
        """Hand a thing to whoever is next, or keep it."""
        for takers in (self._urgent, self._patient):
            while takers:
                taker = takers.popleft()
                if not taker.done():
                    taker.set_result(thing)
                    return
        self._idle.append(thing)

    async def take(self, *, urgent: bool = False) -> T:
        """Take the thing that has been idle longest, or wait for one."""
        if self._idle:
            return self._idle.popleft()
        taker: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        (self._urgent if urgent else self._patient).append(taker)
        try:
            return await taker
        except asyncio.CancelledError:
            if taker.done() and not taker.cancelled():
                self.give(taker.result())
            raise
