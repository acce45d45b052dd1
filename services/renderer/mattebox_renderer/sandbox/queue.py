"""Who gets the next idle process: mostly whoever is urgent, then whoever came first, but for frames of an open clip."""

import asyncio
from collections import deque
from typing import Generic, NamedTuple, Protocol, TypeVar

from mattebox_renderer.sandbox.places import Place

MAX_OVERTAKEN = 16
"""How often whoever came first may be overtaken by takers of a clip."""


PATIENT_AFTER = 8
"""Urgent takers served in a row, after which one of the others is."""


class Opener(Protocol):
    """What keeps clips open."""

    home: str | None
    """The clip whose frames are given to it; it may have others open that it was only lent to."""

    def position(self, clip: str) -> float | None:
        """Tell the moment that was read last, None where the clip is not open."""


T = TypeVar("T", bound=Opener)


class _Taker(NamedTuple, Generic[T]):
    taken: asyncio.Future[T]
    place: Place | None


class Queue(Generic[T]):
    """Things that are idle, or takers that wait for one."""

    def __init__(self) -> None:
        self._idle: list[T] = []
        self._urgent: deque[_Taker[T]] = deque()
        self._patient: list[_Taker[T]] = []
        self._overtaken = 0
        self._urgent_in_a_row = 0

    @property
    def takers(self) -> int:
        """How many wait, those included that gave up waiting a moment ago."""
        return len(self._urgent) + len(self._patient)

    def give(self, thing: T) -> None:
        """Hand a thing to whoever is next, or keep it."""
        self._patient = [taker for taker in self._patient if not taker.taken.done()]
        while self._urgent and not (self._patient and self._urgent_in_a_row >= PATIENT_AFTER):
            taker = self._urgent.popleft()
            if not taker.taken.done():
                self._urgent_in_a_row += 1
                taker.taken.set_result(thing)
                return
        self._urgent_in_a_row = 0
        if self._patient:
            self._choose(thing).taken.set_result(thing)
        else:
            self._idle.append(thing)

    async def take(self, place: Place | None = None, *, urgent: bool = False) -> T:
        """Take what has the clip of `place` open, else what has been idle longest, or wait for one."""
        if self._idle:
            chosen = next((thing for thing in self._idle if place and thing.position(place.clip) is not None), None)
            taken = self._idle.pop(0 if chosen is None else self._idle.index(chosen))
            if place:
                taken.home = place.clip
            return taken
        taker = _Taker[T](asyncio.get_running_loop().create_future(), place)
        (self._urgent if urgent else self._patient).append(taker)
        try:
            return await taker.taken
        except asyncio.CancelledError:
            if taker.taken.done() and not taker.taken.cancelled():
                self.give(taker.taken.result())
            raise

    def _choose(self, thing: T) -> _Taker[T]:
        """Take the next frame of a clip that the thing has open off the line, else the first in the line."""
        chosen = first = self._patient[0]
        if self._overtaken < MAX_OVERTAKEN:
            chosen = self._follow(thing, first)
            if chosen.place is not None:
                thing.home = chosen.place.clip
        self._overtaken = 0 if chosen is first else self._overtaken + 1
        self._patient.remove(chosen)
        return chosen

    def _follow(self, thing: T, first: _Taker[T]) -> _Taker[T]:
        placed = [(taker.place, taker) for taker in self._patient if taker.place is not None]
        following = (
            [each for each in placed if each[0].clip == thing.home]
            or [each for each in placed if thing.position(each[0].clip) is not None]
            # A clip is begun at the earliest of its frames.
            or [each for each in placed if first.place is not None and each[0].clip == first.place.clip]
        )
        return min(following, key=lambda each: _way(each[0], thing))[1] if following else first


def _way(place: Place, thing: Opener) -> tuple[bool, float]:
    """Order moments: those behind the position last, each in the order of the clip."""
    position = thing.position(place.clip)
    return position is not None and place.timestamp < position, place.timestamp
