"""Whoever asks for a preview is told to come back when it may be there."""

from mattebox_registry.rules.waiting import LONGEST_S, WaitingTime


class Lane:
    """What waits, and a clock."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        self.now = 0.0
        self.times_counted = 0
        self.time = WaitingTime(self.count, clock=lambda: self.now)

    async def count(self) -> int:
        """Count what waits."""
        self.times_counted += 1
        return self.waiting

    def work(self, results: int, each_s: float) -> None:
        """Let renders end at this pace."""
        for _ in range(results):
            self.time.note_result()
            self.now += each_s


async def test_without_a_pace_it_is_a_second() -> None:
    assert await Lane(2000).time.seconds() == 1


async def test_the_wait_is_what_waits_by_the_pace_of_late() -> None:
    lane = Lane(400)
    lane.work(50, each_s=3)
    lane.work(100, each_s=0.049)
    assert await lane.time.seconds() == 20


async def test_it_is_a_second_at_least_and_has_an_end() -> None:
    lane = Lane(3)
    lane.work(10, each_s=0.049)
    assert await lane.time.seconds() == 1
    lane.waiting, lane.now = 5_000, lane.now + 60
    assert await lane.time.seconds() == LONGEST_S


async def test_what_waits_is_counted_once_in_a_second() -> None:
    lane = Lane(40)
    lane.work(3, each_s=0.099)
    for _ in range(5):
        assert await lane.time.seconds() == 4
    assert lane.times_counted == 1
