"""Contract of every store: where frames stand in a list."""

from typing import Any

import pytest

from mattebox_registry.errors import NotFound
from mattebox_registry.records import FramePosition
from mattebox_registry.store.port import Store
from support.stores import add_version, make_frame, owed, publish, put, result_of, settle

CONTEXTS = ["", "a", "a\0", "b", "Ü", "\U0010ffff"]


async def fill(store: Store, version_id: str, frames: int) -> None:
    """A version whose frames spread over the contexts, one in three of them failed."""
    await add_version(store, version_id)
    for number in range(frames):
        context = CONTEXTS[number % len(CONTEXTS)]
        await put(store, make_frame(f"f{number:03d}", context_id=context, timestamp=number // 7), version_id=version_id)
    jobs = await publish(store)
    failed = [job for number, job in enumerate(jobs) if number % 3 == 0]
    await settle(store, [job for job in jobs if job not in failed])
    await store.apply_results([result_of(job, "failed") for job in failed])
    assert await owed(store) == []


async def listed(store: Store, **narrowed: Any) -> list[FramePosition]:
    """The whole list."""
    frames = await store.frames("v1", after=None, limit=1_000, **narrowed)
    return [FramePosition(frame.context_id, frame.timestamp, frame.id) for frame in frames]


LISTS = [{}, {"context_id": "a"}, {"context_id": ""}, {"state": "failed"}, {"context_id": "b", "state": "ready"},
         {"context_id": "none"}]  # fmt: skip


@pytest.mark.parametrize("narrowed", LISTS)
async def test_marks_and_ranks_are_those_of_the_list(store: Store, narrowed: dict[str, Any]) -> None:
    """Whatever the list is narrowed to, and however many pages of marks it takes."""
    await fill(store, "v1", 61)
    frames = await listed(store, **narrowed)
    for every in (1, 2, 5, 61, 100):
        found, after = [], None
        while True:
            marks = await store.frame_marks("v1", every=every, limit=4, after=after, **narrowed)
            found += marks.places
            if marks.rest is not None:
                break
            after = marks.places[-1]
        assert found == frames[every - 1 :: every]
        assert len(found) * every + marks.rest == len(frames)
    for rank, place in enumerate(frames):
        assert await store.frame_rank("v1", place.id, **narrowed) == rank


async def test_a_frame_outside_of_a_list_has_the_rank_it_would_have_in_it(store: Store) -> None:
    """So that a place stays reachable when its frame left the list."""
    await fill(store, "v1", 61)
    everything, failed = await listed(store), await listed(store, state="failed")
    for place in everything:
        assert await store.frame_rank("v1", place.id, state="failed") == sum(other < place for other in failed)
    assert await store.frame_rank("v1", everything[0].id, context_id="b") == 0
    assert await store.frame_rank("v1", everything[-1].id, context_id="a") == len(await listed(store, context_id="a"))


@pytest.mark.parametrize("limit", [1, 10, 100])
async def test_neighbours_are_those_of_the_list(store: Store, limit: int) -> None:
    """Across contexts, and fewer at the ends."""
    await fill(store, "v1", 31)
    frames = await listed(store)
    for position, place in enumerate(frames):
        before, frame, after = await store.neighbours("v1", place.id, limit)
        assert frame == place
        assert before == frames[max(0, position - limit) : position]
        assert after == frames[position + 1 : position + 1 + limit]


async def test_contexts_are_counted(store: Store) -> None:
    """Page by page, each once."""
    await fill(store, "v1", 61)
    for narrowed in ({}, {"state": "failed"}):
        expected: dict[str, int] = {}
        for place in await listed(store, **narrowed):
            expected[place.context_id] = expected.get(place.context_id, 0) + 1
        found: list[tuple[str, int]] = []
        after = None
        while page := await store.contexts("v1", after=after, limit=2, **narrowed):  # type: ignore[arg-type]
            found += page
            after = page[-1].id
        assert found == list(expected.items())


async def test_an_empty_version_has_no_places(store: Store) -> None:
    await add_version(store)
    assert await store.frame_marks("v1", every=10, limit=10) == ([], 0)
    assert await store.contexts("v1", after=None, limit=10) == []


async def test_a_missing_version_or_frame_is_not_found(store: Store) -> None:
    """The refusal says which of them."""
    with pytest.raises(NotFound):
        await store.frame_marks("v1", every=1, limit=1)
    with pytest.raises(NotFound):
        await store.contexts("v1", after=None, limit=1)
    await add_version(store)
    with pytest.raises(NotFound) as refusal:
        await store.frame_rank("v1", "x")
    assert refusal.value.kind == "frame"
    with pytest.raises(NotFound) as refusal:
        await store.neighbours("v1", "x", 1)
    assert refusal.value.kind == "frame"
