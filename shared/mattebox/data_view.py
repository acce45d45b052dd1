"""Frames of several versions as one sequence, in order or shuffled."""

import random
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import count, islice
from typing import NamedTuple

from mattebox.dataset_version import DatasetVersion
from mattebox.errors import UsageError
from mattebox.frame import SingleFrame
from mattebox.frame_group import FrameOrGroup

_SEARCH_WORDS = (":", "*", " AND ", " OR ", "NOT ")


class IterationOrder(StrEnum):
    """In which order a view gives its frames."""

    sequential = "sequential"
    """By version as added, then by context, timestamp and id."""
    random = "random"


class _Query(NamedTuple):
    version: DatasetVersion
    labels: tuple[str, ...]

    def frames(self) -> Iterator[FrameOrGroup]:
        return (frame for frame in self.version if not self.labels or self._holds(frame))

    def _holds(self, frame: FrameOrGroup) -> bool:
        frames = [frame] if isinstance(frame, SingleFrame) else frame.values()
        return any(set(self.labels) <= set(a.labels) for single in frames for a in single.annotations)


class DataView:
    """Frames of the versions that are added by `add_query`; iterate over it, or take `to_list`."""

    def __init__(
        self, iteration_order: IterationOrder | str = IterationOrder.sequential, iteration_infinite: bool = False
    ) -> None:
        self._order = IterationOrder(iteration_order)
        self._infinite = iteration_infinite
        self._most: int | None = None
        self._seed: int | None = None
        self._queries: list[_Query] = []

    def add_query(
        self,
        dataset_name: str | None = None,
        version_name: str | None = None,
        roi_query: str | Sequence[str] | None = None,
        *,
        dataset_id: str | None = None,
        version_id: str | None = None,
    ) -> None:
        """Add the frames of a version, or of them those with a region that has a label, or all labels of a list.

        Without a version it is that of `DatasetVersion.get_version`. Frames that several queries find are given once.

        Raises:
            UsageError: a search expression in place of labels, or the dataset is not named.
            NotFound: no such dataset or version.
        """
        labels = (roi_query,) if isinstance(roi_query, str) else tuple(roi_query or ())
        if any(word in label for label in labels for word in _SEARCH_WORDS):
            raise UsageError("Mattebox finds regions by their labels, not by search expressions: give labels alone.")
        version = DatasetVersion.get_version(dataset_id, dataset_name, version_id, version_name)
        self._queries.append(_Query(version, labels))

    def set_iteration_parameters(
        self,
        order: IterationOrder | str | None = None,
        infinite: bool | None = None,
        maximum_number_of_frames: int | None = None,
        random_seed: int | None = None,
    ) -> None:
        """Change the order, go on from the start for ever, or give so many frames of each pass; None leaves it.

        With a seed a random order is the same each time.
        """
        self._order = self._order if order is None else IterationOrder(order)
        self._infinite = self._infinite if infinite is None else infinite
        self._most = self._most if maximum_number_of_frames is None else maximum_number_of_frames
        self._seed = self._seed if random_seed is None else random_seed

    def get_count(self) -> tuple[int, list[int]]:
        """Count the frames of the view, and of each query."""
        each = [query.version.frame_count if not query.labels else _length(query.frames()) for query in self._queries]
        return (each[0] if len(each) == 1 else _length(self._once())), each

    def to_list(self) -> list[FrameOrGroup]:
        """Give the frames of one pass, in the order of the view."""
        return list(self._pass())

    def get_iterator(self) -> Iterator[FrameOrGroup]:
        """Give the frames one after another; in a random order all are read first."""
        for _ in count() if self._infinite else range(1):
            yield from self._pass()

    def __iter__(self) -> Iterator[FrameOrGroup]:
        return self.get_iterator()

    def _pass(self) -> Iterator[FrameOrGroup]:
        frames = self._once()
        if self._order is IterationOrder.random:
            shuffled = list(frames)
            random.Random(self._seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
            frames = iter(shuffled)
        return islice(frames, self._most)

    def _once(self) -> Iterator[FrameOrGroup]:
        given: set[tuple[str, str]] = set()
        for query in self._queries:
            for frame in query.frames():
                place = (query.version.id, frame.id)
                if place not in given:
                    yield frame
                if len(self._queries) > 1:
                    given.add(place)


def _length(frames: Iterator[FrameOrGroup]) -> int:
    return sum(1 for _ in frames)
