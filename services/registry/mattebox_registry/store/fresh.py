"""The bulk jobs of the last commits, with their specs, so that neither has to be read back or made again."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from mattebox_registry.records import Job

KEPT = 20_000


class FreshJobs:
    """Copies of jobs by rising numbers, the newest KEPT of them; a job never changes, but may be gone.

    The database stays the truth: whoever takes jobs from here asks it first whether they are the next ones.
    """

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque(maxlen=KEPT)
        self._awaited = 0

    @property
    def is_awaited(self) -> bool:
        """Whether jobs are being committed that will be added."""
        return self._awaited > 0

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """Expect jobs to be added for as long as the block lasts."""
        self._awaited += 1
        try:
            yield
        finally:
            self._awaited -= 1

    def add(self, jobs: Sequence[Job]) -> None:
        """Keep jobs that were committed."""
        self._jobs.extend(jobs)

    def first(self, limit: int) -> list[Job]:
        """Give the oldest."""
        return list(islice(self._jobs, limit))

    def clear(self) -> None:
        """Let go of all."""
        self._jobs.clear()

    def forget(self, up_to: int) -> None:
        """Let go of jobs up to a number."""
        while self._jobs and self._jobs[0].seq <= up_to:
            self._jobs.popleft()
