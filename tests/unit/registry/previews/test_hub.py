"""Who is told what, and when."""

import asyncio

from mattebox.reasons import PreviewState
from mattebox_registry.hub import Hub
from mattebox_registry.records import AppliedResult
from support.wait import wait_until

KEY = b"k" * 16


def result(*, state: PreviewState = "ready", change: int | None = 1, version: str = "v") -> AppliedResult:
    """A settled render."""
    return AppliedResult(version, "frame", KEY, state, change)


async def test_a_long_poll_ends_with_its_render() -> None:
    """Everybody who waits for the key is woken, and nobody is kept in memory."""
    hub = Hub()
    polls = [asyncio.create_task(hub.wait_for(KEY, 10)) for _ in range(3)]
    await wait_until(lambda: len(hub._waiters[KEY]) == 3, description="three waiters")
    hub.preview_changed(result())
    assert await asyncio.gather(*polls) == [True] * 3
    assert not hub._waiters


async def test_a_long_poll_runs_out_of_time() -> None:
    """Other keys, and jobs that start over, wake nobody."""
    hub = Hub()
    with hub.expect(KEY) as ended:
        hub.preview_changed(AppliedResult("v", "frame", b"other key 16 byt", "ready", 1))
        hub.preview_changed(result(state="pending"))
        assert not ended.is_set()
    assert not await hub.wait_for(KEY, 0.001)


async def test_a_render_that_ends_before_the_wait_begins_is_not_missed() -> None:
    """Expecting comes before looking, so nothing falls between the two."""
    hub = Hub()
    with hub.expect(KEY) as ended:
        hub.preview_changed(result())
        assert ended.is_set()


async def test_subscribers_hear_of_their_version_only() -> None:
    """Results come in order, once."""
    hub = Hub()
    with hub.subscribe("v") as mine, hub.subscribe("w") as other:
        hub.preview_changed(result(change=1))
        hub.preview_changed(result(change=2))
        assert await mine.wait(1)
        assert [r.change for r in mine.take()] == [1, 2]
        assert mine.take() == []
        assert not await mine.wait(0)
        assert not await other.wait(0)
    assert not hub._subscriptions


async def test_a_slow_subscriber_is_closed_and_the_others_are_not() -> None:
    """A full queue closes its stream, which then resumes from the change feed."""
    hub = Hub(max_events=2)
    with hub.subscribe("v") as slow, hub.subscribe("v") as quick:
        for change in range(1, 4):
            hub.preview_changed(result(change=change))
            quick.take()
        assert slow.closed
        assert [r.change for r in slow.take()] == [1, 2]
        assert not quick.closed


async def test_changed_frames_are_noted_and_end_the_epoch() -> None:
    """Epochs rise with each change of their version, whether or not anybody listens."""
    hub = Hub()
    before = hub.epoch("v")
    hub.frames_changed("v")
    assert hub.epoch("v") == before + 1
    assert hub.epoch("w") == 0
    with hub.subscribe("v") as subscription:
        assert not subscription.frames_changed
        hub.frames_changed("v")
        assert subscription.frames_changed
        assert await subscription.wait(0)


async def test_closing_ends_polls_and_streams_also_later_ones() -> None:
    """A server that stops keeps nobody waiting."""
    hub = Hub()
    with hub.subscribe("v") as early, hub.expect(KEY) as waiting:
        hub.close()
        assert early.closed
        assert waiting.is_set()
    with hub.subscribe("v") as late:
        assert late.closed
    assert await hub.wait_for(KEY, 10)


async def test_drawn_keys_are_told_to_the_memory_first() -> None:
    """What was cached under a key before its render is forgotten before anybody looks."""
    drawn: list[bytes] = []
    hub = Hub(on_render=drawn.append)
    hub.preview_changed(result(state="pending"))
    hub.preview_changed(result())
    assert drawn == [KEY]
