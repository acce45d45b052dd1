"""Pages that are read while others write."""

import asyncio
import tempfile
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given, settings

from mattebox_registry.records import FramePosition, NewFrame
from support.stores import SteppedClock, add_version, make_frame, put, sqlite_store

CONTEXTS = st.sampled_from(["", "c", "d"])
TIMES = st.sampled_from([-1.5, 0.0, 7.0])


def frames(prefix: str, *, looks: str = "x") -> st.SearchStrategy[NewFrame]:
    """Frames whose ids begin so, and whose place follows from their id."""
    names = st.builds(lambda context, time, n: (context, time, f"{prefix}{n}"), CONTEXTS, TIMES, st.integers(0, 9))
    return st.builds(
        lambda name, look: make_frame(
            f"{name[2]} {name[0]} {name[1]}", context_id=name[0], timestamp=name[1], look=look
        ),
        names,
        st.sampled_from(looks),
    )


@settings(max_examples=25)
@given(
    steady=st.lists(frames("s"), min_size=1, max_size=12),
    writes=st.lists(st.lists(frames("w", looks="xyz") | frames("s", looks="yz"), max_size=5), max_size=12),
    limit=st.integers(1, 4),
)
def test_pages_visit_each_frame_that_stays_exactly_once(
    steady: list[NewFrame], writes: list[list[NewFrame]], limit: int
) -> None:
    """While others come, change and go between any two pages."""

    async def visit() -> list[FramePosition]:
        with tempfile.TemporaryDirectory() as directory:
            async with sqlite_store(Path(directory), SteppedClock()) as store:
                await add_version(store)
                await put(store, *steady)
                pending = iter(writes)
                seen: list[FramePosition] = []
                while page := await store.frames("v1", after=seen[-1] if seen else None, limit=limit):
                    seen += [FramePosition(frame.context_id, frame.timestamp, frame.id) for frame in page]
                    batch = next(pending, [])
                    await put(store, *batch)
                    await store.delete_frames("v1", [frame.id for frame in batch[::2] if frame.id.startswith("w")])
                return seen

    seen = asyncio.run(visit())
    assert seen == sorted(set(seen))
    assert {frame.id for frame in steady} <= {position.id for position in seen}
