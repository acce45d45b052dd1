"""Jobs kept in memory between their commit and their publication."""

import pytest

from mattebox_registry.records import Job
from mattebox_registry.store.fresh import KEPT, FreshJobs


def _jobs(*seqs: int) -> list[Job]:
    return [Job(seq, "bulk", "v", f"f{seq}", b"key", b"spec") for seq in seqs]


def test_the_oldest_come_first_until_they_are_forgotten() -> None:
    fresh = FreshJobs()
    fresh.add(_jobs(1, 2, 3))
    fresh.add(_jobs(4, 5))
    assert fresh.first(4) == _jobs(1, 2, 3, 4)
    fresh.forget(2)
    assert fresh.first(9) == _jobs(3, 4, 5)


def test_more_are_awaited_while_a_write_is_under_way() -> None:
    """However many writes, and however they end."""
    fresh = FreshJobs()
    assert not fresh.is_awaited
    with fresh.awaited():
        with pytest.raises(LookupError), fresh.awaited():
            raise LookupError
        assert fresh.is_awaited
    assert not fresh.is_awaited


def test_only_the_newest_are_kept() -> None:
    fresh = FreshJobs()
    fresh.add(_jobs(*range(1, KEPT + 3)))
    assert fresh.first(1) == _jobs(3)
    assert len(fresh.first(2 * KEPT)) == KEPT
