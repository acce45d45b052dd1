"""Lists that lead over long runs of deleted frames leave out nothing else."""

import asyncio
import tempfile
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given, settings

from mattebox_registry.records import FramePosition, NewFrame
from mattebox_registry.store.port import Store
from support.stores import SteppedClock, add_version, make_frame, put, sqlite_store

FRAMES = 300

# Where a generation deletes from, how many, and each which one; and what it puts back or adds.
DELETIONS = st.lists(
    st.tuples(st.integers(0, FRAMES - 1), st.integers(1, FRAMES), st.sampled_from([1, 1, 1, 2, 3])), max_size=3
)
PUTS = st.lists(st.integers(0, FRAMES - 1), max_size=4)


def frame(number: int, generation: int) -> NewFrame:
    """Some frame; its id says nothing of its place."""
    return make_frame(
        f"{number * 7919 % 1009:04} {number}",
        context_id="cde"[number // 100],
        timestamp=float(number % 100),
        meta=str(generation),
    )


@settings(max_examples=6, deadline=None)
@given(generations=st.lists(st.tuples(DELETIONS, PUTS), min_size=1, max_size=4), limit=st.integers(1, 40))
def test_lists_lead_over_runs_of_deleted_frames(
    generations: list[tuple[list[tuple[int, int, int]], list[int]]], limit: int
) -> None:
    """In every generation, forwards and backwards, from anywhere, and within a context."""

    async def live() -> None:
        with tempfile.TemporaryDirectory() as directory:
            async with sqlite_store(Path(directory), SteppedClock()) as store:
                await add_version(store)
                model = {number: frame(number, 0) for number in range(0, FRAMES, 2)}
                await put(store, *model.values())
                for generation, (deletions, puts) in enumerate(generations, 2):
                    await store.publish_version(f"v{generation - 1}")
                    child = f"v{generation}"
                    await add_version(store, child, parent_id=f"v{generation - 1}")
                    for start, count, step in deletions:
                        numbers = range(start, min(FRAMES, start + count), step)
                        await store.delete_frames(child, [frame(number, 0).id for number in numbers])
                        model = {number: kept for number, kept in model.items() if number not in numbers}
                    added = {number: frame(number, generation) for number in puts}
                    await put(store, *added.values(), version_id=child)
                    await check(store, child, model := model | added, limit)

    asyncio.run(live())


async def check(store: Store, version: str, model: dict[int, NewFrame], limit: int) -> None:
    """Compare every list with the model."""
    wanted = [FramePosition(f.context_id, f.timestamp, f.id) for _, f in sorted(model.items())]
    seen: list[FramePosition] = []
    while page := await store.frames(version, after=seen[-1] if seen else None, limit=limit):
        seen += [FramePosition(f.context_id, f.timestamp, f.id) for f in page]
    assert seen == wanted
    for number in range(0, FRAMES, 23):
        after = FramePosition("cde"[number // 100], float(number % 100), "")
        page = await store.frames(version, after=after, limit=limit, state="pending")
        expected = [position for position in wanted if position > after]
        assert [(f.context_id, f.timestamp, f.id) for f in page] == expected[:limit]
        within = await store.frames(version, after=after, limit=limit, context_id="d")
        assert [f.id for f in within] == [p.id for p in expected if p.context_id == "d"][:limit]
    for rank, position in list(enumerate(wanted))[:: max(1, len(wanted) // 7)]:
        around = await store.neighbours(version, position.id, limit)
        assert around == (wanted[max(0, rank - limit) : rank], position, wanted[rank + 1 : rank + 1 + limit])
