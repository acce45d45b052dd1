"""How much a token may ask for at a time."""

import pytest

from mattebox_registry.errors import OverQuota
from mattebox_registry.rules.quotas import Quotas
from support.stores import SteppedClock


def test_a_burst_is_refused_beyond_a_seconds_worth_and_refills() -> None:
    """For its token only."""
    clock = SteppedClock()
    quotas = Quotas(rate=10, streams=1, clock=clock)
    for _ in range(10):
        quotas.spend(b"a")
    with pytest.raises(OverQuota, match="10 requests a second") as refused:
        quotas.spend(b"a")
    assert (refused.value.code, refused.value.retry_after_s) == ("too_many_requests", 1)
    quotas.spend(b"b")
    clock.seconds += 0.5
    for _ in range(5):
        quotas.spend(b"a")
    with pytest.raises(OverQuota):
        quotas.spend(b"a")
    clock.seconds += 3600
    for _ in range(10):
        quotas.spend(b"a")
    with pytest.raises(OverQuota):
        quotas.spend(b"a")


def test_streams_count_while_they_are_open() -> None:
    quotas = Quotas(rate=1, streams=2)
    with quotas.stream(b"a"), quotas.stream(b"b"):
        with quotas.stream(b"a"), pytest.raises(OverQuota, match="2 event streams"), quotas.stream(b"a"):
            pass
        with quotas.stream(b"a"):
            pass
