"""Turns at a host, and what a fetch tells whoever it is for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol


class Seat(Protocol):
    """Whoever fetches; told how its fetches get on, so that it can make room while none of them has begun."""

    def wait(self) -> None:
        """Note that a fetch has to wait for a turn."""

    def begin(self) -> None:
        """Note that a fetch has begun."""

    def hold(self, size: int) -> None:
        """Note that so many bytes more are in memory, or fewer. Raises NoRoom where they may not be."""


class Turns:
    """At most so many at a time for each name, so that one slow host does not hold every job."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def take(self, name: str, seat: Seat | None) -> AsyncIterator[None]:
        """Wait for a turn, in the order of coming, and keep it for the block."""
        semaphore, users = self._waiting.get(name) or (asyncio.Semaphore(self._limit), 0)
        self._waiting[name] = (semaphore, users + 1)
        try:
            if seat is not None and semaphore.locked():
                seat.wait()
            async with semaphore:
                yield
        finally:
            _, users = self._waiting.pop(name)
            if users > 1:
                self._waiting[name] = (semaphore, users - 1)
