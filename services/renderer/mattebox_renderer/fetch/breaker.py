"""Which hosts are not asked for a while, because they have not answered for some time."""

import time
from collections import OrderedDict
from collections.abc import Callable

FAILURES_IN_A_ROW = 4
MAX_HOSTS = 1024


class _Silence:
    """What is known of a host since it last answered."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.failures = 0
        self.ends_at: float | None = None
        """When the host may be asked once more; None while it is asked as ever."""


class Breaker:
    """Stops asking a host after FAILURES_IN_A_ROW fetches without an answer within at least `pause_s / 2`.

    It is then left alone for `pause_s`, after which one fetch finds out whether it is back, and so on. A host that
    is away for a moment, because it restarts say, is asked on. At most MAX_HOSTS silent hosts are remembered.
    """

    def __init__(self, pause_s: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause_s = pause_s
        self._clock = clock
        self._silent: OrderedDict[str, _Silence] = OrderedDict()

    def begin(self) -> float:
        """Give the time of the clock, which `failed` wants to know of the beginning of a fetch."""
        return self._clock()

    def refuses(self, host: str) -> bool:
        """Tell whether a fetch would not be admitted now."""
        silence = self._silent.get(host)
        return silence is not None and silence.ends_at is not None and self._clock() < silence.ends_at

    def admit(self, host: str) -> bool:
        """Tell whether a fetch may begin; the one that may after a pause is the only one until the next."""
        if self.refuses(host):
            return False
        silence = self._silent.get(host)
        if silence is not None and silence.ends_at is not None:
            silence.ends_at = self._clock() + self._pause_s
        return True

    def answered(self, host: str) -> None:
        """Forget what the host failed to do: it is there."""
        self._silent.pop(host, None)

    def failed(self, host: str, began: float) -> None:
        """Count a fetch begun at `began` that got no answer."""
        silence = self._silent.setdefault(host, _Silence(began))
        self._silent.move_to_end(host)
        silence.since = min(silence.since, began)
        silence.failures += 1
        now = self._clock()
        if silence.failures >= FAILURES_IN_A_ROW and now - silence.since >= self._pause_s / 2:
            silence.ends_at = now + self._pause_s
        if len(self._silent) > MAX_HOSTS:
            self._silent.popitem(last=False)
