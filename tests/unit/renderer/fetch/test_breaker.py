"""A host that gives no answer is left alone for a while, and asked by one fetch before it is asked by all."""

from hypothesis import given
from hypothesis import strategies as st

from mattebox_renderer.fetch.breaker import FAILURES_IN_A_ROW, MAX_HOSTS, Breaker

PAUSE_S = 10.0


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def breaker_at(clock: _Clock) -> Breaker:
    """Make a breaker of that clock."""
    return Breaker(PAUSE_S, clock=clock)


def fail(breaker: Breaker, clock: _Clock, *, times: int, lasting_s: float, host: str = "h") -> None:
    """Fail side by side so many times, all after so long."""
    began = breaker.begin()
    clock.now += lasting_s
    for _ in range(times):
        breaker.failed(host, began)


def test_a_host_silent_for_long_is_refused_until_its_pause_is_over() -> None:
    clock = _Clock()
    breaker = breaker_at(clock)
    fail(breaker, clock, times=FAILURES_IN_A_ROW, lasting_s=PAUSE_S / 2)
    assert breaker.refuses("h")
    assert not breaker.admit("h")
    assert breaker.admit("another")
    clock.now += PAUSE_S
    assert not breaker.refuses("h")


def test_one_fetch_probes_and_the_answer_decides() -> None:
    clock = _Clock()
    breaker = breaker_at(clock)
    fail(breaker, clock, times=FAILURES_IN_A_ROW, lasting_s=PAUSE_S)
    clock.now += PAUSE_S
    assert breaker.admit("h")
    assert not breaker.admit("h")
    fail(breaker, clock, times=1, lasting_s=1)
    assert not breaker.admit("h")
    clock.now += PAUSE_S
    assert breaker.admit("h")
    breaker.answered("h")
    assert breaker.admit("h")
    assert breaker.admit("h")


def test_a_probe_of_which_nothing_is_heard_is_followed_by_another() -> None:
    clock = _Clock()
    breaker = breaker_at(clock)
    fail(breaker, clock, times=FAILURES_IN_A_ROW, lasting_s=PAUSE_S)
    clock.now += PAUSE_S
    assert breaker.admit("h")
    clock.now += PAUSE_S
    assert breaker.admit("h")


def test_a_host_that_is_away_for_a_moment_is_asked_on() -> None:
    clock = _Clock()
    breaker = breaker_at(clock)
    fail(breaker, clock, times=100, lasting_s=PAUSE_S / 2 - 0.1)
    assert breaker.admit("h")


@given(st.lists(st.integers(0, FAILURES_IN_A_ROW - 1)))
def test_failures_that_are_not_in_a_row_do_not_count(failures: list[int]) -> None:
    clock = _Clock()
    breaker = breaker_at(clock)
    for times in failures:
        fail(breaker, clock, times=times, lasting_s=PAUSE_S)
        assert breaker.admit("h")
        breaker.answered("h")


def test_hosts_remembered_are_bounded() -> None:
    """The one that failed longest ago is forgotten."""
    clock = _Clock()
    breaker = breaker_at(clock)
    for number in range(MAX_HOSTS + 1):
        fail(breaker, clock, times=FAILURES_IN_A_ROW, lasting_s=PAUSE_S / 2, host=str(number))
        clock.now -= PAUSE_S / 2
    assert breaker.admit("0")
    assert breaker.refuses("1")
