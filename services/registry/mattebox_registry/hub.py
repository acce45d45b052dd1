"""Tells those who wait inside this process: long polls by preview key, event streams by version."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager

from mattebox_registry.records import AppliedResult

SUBSCRIPTION_EVENTS = 1_000
"""Events a stream may lag behind before it is closed and must resume from the change feed."""


class Subscription:
    """What happens in one version, from the moment of subscribing. Read by one task."""

    def __init__(self, max_events: int) -> None:
        self._max_events = max_events
        self._results: list[AppliedResult] = []
        self._awake = asyncio.Event()
        self.frames_changed = False
        self.closed = False

    async def wait(self, timeout_s: float) -> bool:
        """Wait until there is something to take or the subscription closes; False when the time ran out first."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._awake.wait()
        except TimeoutError:
            return False
        return True

    def take(self) -> list[AppliedResult]:
        """Give the results since the last call, oldest first."""
        taken, self._results = self._results, []
        if not self.closed:
            self._awake.clear()
        return taken

    def add(self, result: AppliedResult) -> None:
        """Append a result; a subscription that is full closes, and its reader resumes from the change feed."""
        if len(self._results) >= self._max_events:
            self.close()
            return
        self._results.append(result)
        self._awake.set()

    def note_frames(self) -> None:
        """Remember that the counts changed."""
        self.frames_changed = True
        self._awake.set()

    def close(self) -> None:
        """Let the reader end."""
        self.closed = True
        self._awake.set()


class Hub:
    """Passes on what the store has committed. All methods run on the event loop; none blocks the caller."""

    def __init__(
        self, *, on_render: Callable[[bytes], None] | None = None, max_events: int = SUBSCRIPTION_EVENTS
    ) -> None:
        """`on_render` is called with each key that was drawn, before anybody else is told."""
        self._on_render = on_render
        self._max_events = max_events
        self._waiters: defaultdict[bytes, set[asyncio.Event]] = defaultdict(set)
        self._subscriptions: defaultdict[str, set[Subscription]] = defaultdict(set)
        self._epochs: defaultdict[str, int] = defaultdict(int)
        self._results: defaultdict[str, int] = defaultdict(int)
        self._closed = False

    def preview_changed(self, result: AppliedResult) -> None:
        """Tell that a preview's state was recorded."""
        self._results[result.version_id] += 1
        if result.state != "pending":
            if self._on_render is not None:
                self._on_render(result.key)
            for waiter in self._waiters.get(result.key, ()):
                waiter.set()
        for subscription in self._subscriptions.get(result.version_id, ()):
            subscription.add(result)

    def frames_changed(self, version_id: str) -> None:
        """Tell that frames or labels of a version changed, or that it is gone; before the writer gets its answer."""
        self._epochs[version_id] += 1
        for subscription in self._subscriptions.get(version_id, ()):
            subscription.note_frames()

    def epoch(self, version_id: str) -> int:
        """Count the changes of a version since start: what was resolved under another epoch is out of date."""
        return self._epochs.get(version_id, 0)

    def changes(self, version_id: str) -> tuple[int, int]:
        """Give something that differs after each change of a version's frames, labels or previews."""
        return self.epoch(version_id), self._results.get(version_id, 0)

    @contextmanager
    def expect(self, key: bytes) -> Generator[asyncio.Event, None, None]:
        """Give an event that is set once a render of `key` ended after this call, or the hub closed."""
        waiter = asyncio.Event()
        if self._closed:
            waiter.set()
        waiters = self._waiters[key]
        waiters.add(waiter)
        try:
            yield waiter
        finally:
            waiters.discard(waiter)
            if not waiters and self._waiters.get(key) is waiters:
                del self._waiters[key]

    async def wait_for(self, key: bytes, timeout_s: float) -> bool:
        """Wait for the end of a render of `key`; False when the time ran out."""
        with self.expect(key) as ended:
            return await wait_until_set(ended, timeout_s)

    @contextmanager
    def subscribe(self, *version_ids: str) -> Generator[Subscription, None, None]:
        """Follow a version, or several at once, for as long as the context is open."""
        subscription = Subscription(self._max_events)
        if self._closed:
            subscription.close()
        for version_id in version_ids:
            self._subscriptions[version_id].add(subscription)
        try:
            yield subscription
        finally:
            for version_id in version_ids:
                subscriptions = self._subscriptions[version_id]
                subscriptions.discard(subscription)
                if not subscriptions:
                    del self._subscriptions[version_id]

    def close(self) -> None:
        """Wake every long poll and end every stream, those that come later too."""
        self._closed = True
        for waiters in self._waiters.values():
            for waiter in waiters:
                waiter.set()
        for subscriptions in self._subscriptions.values():
            for subscription in subscriptions:
                subscription.close()


async def wait_until_set(event: asyncio.Event, timeout_s: float) -> bool:
    """Wait for an event; False when the time ran out first."""
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return False
    return True
