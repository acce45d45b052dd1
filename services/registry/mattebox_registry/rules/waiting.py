"""How long whoever asks for a preview now has to wait: what waits already, by the pace of late."""

import math
import time
from collections import deque
from collections.abc import Awaitable, Callable

LONGEST_S = 30
"""The longest wait that is told: the pace may change."""

_RESULTS_OF_LATE = 100
_KNOWN_FOR_S = 1.0


class WaitingTime:
    """Notes results as they come, and counts what waits at most once in a second."""

    def __init__(
        self, count_waiting: Callable[[], Awaitable[int]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._count_waiting = count_waiting
        self._clock = clock
        self._results: deque[float] = deque(maxlen=_RESULTS_OF_LATE)
        self._waiting = 0
        self._counted_at = -math.inf

    def note_result(self) -> None:
        """Note that a render ended."""
        self._results.append(self._clock())

    async def seconds(self) -> int:
        """Give whole seconds from 1 to LONGEST_S; 1 as long as no pace is known."""
        now = self._clock()
        if now - self._counted_at >= _KNOWN_FOR_S:
            self._counted_at = now
            self._waiting = await self._count_waiting()
        if len(self._results) < 2:
            return 1
        each_s = (self._results[-1] - self._results[0]) / (len(self._results) - 1)
        return max(1, min(math.ceil(self._waiting * each_s), LONGEST_S))
