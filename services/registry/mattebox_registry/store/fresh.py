"""The bulk jobs of the last commits, so that they need not be read back to be published."""

from collections import deque
from collections.abc import Sequence
from itertools import islice

from mattebox_registry.records import Job

KEPT = 10_000


class FreshJobs:
    """Copies of jobs under consecutive numbers, the newest KEPT of them; a job never changes, but may be gone.

    The database stays the truth: whoever takes jobs from here asks it first whether they are the next ones.
    """

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque(maxlen=KEPT)

    def add(self, jobs: Sequence[Job]) -> None:
        """Keep jobs that were committed, of consecutive numbers."""
        if jobs and self._jobs and self._jobs[-1].seq + 1 != jobs[0].seq:
            self._jobs.clear()
        self._jobs.extend(jobs)

    def first(self, limit: int) -> list[Job]:
        """Give the oldest."""
        return list(islice(self._jobs, limit))

    def forget(self, up_to: int) -> None:
        """Let go of jobs up to a number."""
        while self._jobs and self._jobs[0].seq <= up_to:
            self._jobs.popleft()
