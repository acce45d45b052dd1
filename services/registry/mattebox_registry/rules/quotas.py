"""How much one token may ask for at a time, so that nobody's loop or flood keeps the others waiting."""

import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import NamedTuple

from mattebox_registry.errors import OverQuota

RETRY_STREAM_S = 30

_MOST_BUCKETS = 10_000


class _Bucket(NamedTuple):
    """What a holder had left, and when."""

    left: float
    at: float


class Quotas:
    """Counts in memory by holder: the digest of a token, which its browsers share."""

    def __init__(self, *, rate: int, streams: int, clock: Callable[[], float] = time.monotonic) -> None:
        """A holder may send `rate` requests a second, as many at once, and keep so many event streams open."""
        self._rate = rate
        self._streams = streams
        self._clock = clock
        self._buckets: dict[bytes, _Bucket] = {}
        self._open: Counter[bytes] = Counter()

    def spend(self, holder: bytes) -> None:
        """Count a request. Raises OverQuota."""
        now = self._clock()
        bucket = self._buckets.get(holder)
        left = self._rate if bucket is None else min(self._rate, bucket.left + (now - bucket.at) * self._rate)
        if left < 1:
            raise OverQuota("too_many_requests", f"A token may send {self._rate:,} requests a second.", 1)
        if bucket is None and len(self._buckets) >= _MOST_BUCKETS:
            # Each begins anew, with all that it may spend.
            self._buckets.clear()
        self._buckets[holder] = _Bucket(left - 1, now)

    @contextmanager
    def stream(self, holder: bytes) -> Generator[None, None, None]:
        """Count an event stream while it is open. Raises OverQuota."""
        if self._open[holder] >= self._streams:
            detail = f"A token may have {self._streams:,} event streams open: close some, or ask for states in batches."
            raise OverQuota("too_many_streams", detail, RETRY_STREAM_S)
        self._open[holder] += 1
        try:
            yield
        finally:
            self._open[holder] -= 1
            if not self._open[holder]:
                del self._open[holder]
