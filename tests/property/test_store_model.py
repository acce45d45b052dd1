"""Whatever is done to a store in whatever order, it stands as a trivial model says it should."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mattebox.reasons import PREVIEW_STATES, PreviewState
from mattebox_registry.records import Job, NewFrame
from support.stores import (
    SteppedClock,
    add_version,
    as_stored,
    make_frame,
    make_request,
    owed,
    publish,
    put,
    result_of,
    sqlite_store,
)

NAMES = st.sampled_from("abcdefgh")
FRAMES = st.builds(
    make_frame,
    NAMES,
    context_id=st.sampled_from(["", "c", "d"]),
    timestamp=st.sampled_from([-1.5, 0.0, 7.0]),
    look=st.sampled_from(["", "x", "y"]),
    meta=st.sampled_from(["", "m"]),
)
ENDS: st.SearchStrategy[PreviewState] = st.sampled_from(["ready", "partial", "failed", "unsupported"])


class Kept(NamedTuple):
    """A frame of the model."""

    frame: NewFrame
    state: PreviewState
    owes: bool
    """Whether a bulk job of its key is not settled."""


class StoreAndModel(RuleBasedStateMachine):
    """One version, both lanes, a relay and a renderer that answer when they like."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._directory = tempfile.TemporaryDirectory()
        self._opened = sqlite_store(Path(self._directory.name), SteppedClock())
        self.store = self.run(self._opened.__aenter__())
        self.run(add_version(self.store))
        self.model: dict[str, Kept] = {}
        self.stream: dict[int, Job] = {}
        self.published = 0

    def teardown(self) -> None:
        """Close the store and its loop."""
        self.run(self._opened.__aexit__(None, None, None))
        self._loop.close()
        self._directory.cleanup()

    def run(self, work: Any) -> Any:
        """Run to the end what a test would await."""
        return self._loop.run_until_complete(work)

    def withdrawn(self) -> set[int]:
        """What the relay has to take out of the stream."""
        return {job.seq for job in self.run(self.store.withdrawn(100))}

    @rule(batch=st.lists(FRAMES, max_size=6))
    def put(self, batch: list[NewFrame]) -> None:
        """Frames come, new ones and old ones."""
        newest = {frame.id: frame for frame in batch}
        created = len(newest.keys() - self.model.keys())
        assert self.run(put(self.store, *batch)) == (created, len(batch) - created)
        for name, frame in newest.items():
            kept = self.model.get(name)
            if kept is None or kept.frame.key != frame.key:
                self.model[name] = Kept(frame, "pending", owes=True)
            else:
                self.model[name] = kept._replace(frame=frame)

    @rule(names=st.lists(NAMES, max_size=4))
    def delete(self, names: list[str]) -> None:
        """Frames go."""
        assert self.run(self.store.delete_frames("v1", names)) == len(self.model.keys() & set(names))
        for name in names:
            self.model.pop(name, None)

    @rule(limit=st.integers(1, 5))
    def relay(self, limit: int) -> None:
        """Some jobs get into the stream, outdated ones out of it."""
        jobs = self.run(self.store.unpublished("bulk", limit))
        assert [job.seq for job in jobs] == sorted(job.seq for job in jobs)
        # The stream refuses any other order.
        assert all(job.seq > self.published for job in jobs)
        self.run(self.store.mark_published("bulk", [job.seq for job in jobs]))
        self.stream |= {job.seq: job for job in jobs}
        self.published = max([self.published, *self.stream])
        withdrawn = self.withdrawn()
        self.run(self.store.forget_withdrawn(sorted(withdrawn)))
        for seq in withdrawn:
            self.stream.pop(seq, None)

    @precondition(lambda self: self.stream)
    @rule(data=st.data(), end=ENDS, times=st.integers(1, 2))
    def render(self, data: st.DataObject, end: PreviewState, times: int) -> None:
        """A job of the stream ends, and its result may come twice."""
        job = self.stream.pop(data.draw(st.sampled_from(sorted(self.stream))))
        is_withdrawn = job.seq in self.withdrawn()
        applied = self.run(self.store.apply_results([result_of(job, end)] * times))
        kept = self.model.get(job.frame_id)
        if is_withdrawn or kept is None:
            assert applied == []
            return
        (one,) = applied
        assert (one.frame_id, one.key) == (job.frame_id, job.key)
        self.model[job.frame_id] = kept._replace(state=end, owes=False)

    @precondition(lambda self: self.stream)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        """The stream loses a job, and the sweeper publishes it again."""
        seq = data.draw(st.sampled_from(sorted(self.stream)))
        del self.stream[seq]
        self.run(self.store.republish([seq]))

    @precondition(lambda self: any(kept.state != "pending" for kept in self.model.values()))
    @rule(data=st.data(), end=ENDS)
    def refresh(self, data: st.DataObject, end: PreviewState) -> None:
        """Somebody has a preview drawn once more."""
        settled = sorted(name for name, kept in self.model.items() if kept.state != "pending")
        name = data.draw(st.sampled_from(settled))
        kept = self.model[name]
        assert self.run(self.store.request_preview(make_request(name, kept.frame.key, force=True)))
        assert self.run(self.store.frame("v1", name)).state == "pending"
        self.run(
            self.store.apply_results([result_of(job, end) for job in self.run(publish(self.store, "interactive"))])
        )
        self.model[name] = kept._replace(state=end)

    @rule()
    def restore(self) -> None:
        """The stream turns out not to be this database's."""
        self.run(self.store.rotate_generation())
        self.stream.clear()
        self.published = 0

    @invariant()
    def frames_are_as_put_and_in_order(self) -> None:
        """Each by its newest document, with the state of its newest key."""
        frames = self.run(self.store.frames("v1", after=None, limit=100))
        wanted = sorted(
            self.model.values(), key=lambda kept: (kept.frame.context_id, kept.frame.timestamp, kept.frame.id)
        )
        assert [frame[:6] for frame in frames] == [(*as_stored(kept.frame)[:5], kept.state) for kept in wanted]

    @invariant()
    def counts_are_exact(self) -> None:
        """By state, and in all."""
        states = Counter(kept.state for kept in self.model.values())
        assert self.run(self.store.preview_counts("v1")) == {state: states[state] for state in PREVIEW_STATES}
        assert self.run(self.store.version("v1")).frame_count == len(self.model)

    @invariant()
    def every_pending_frame_is_owed_once(self) -> None:
        """In the outbox or in the stream."""
        waiting = self.run(owed(self.store))
        withdrawn = self.withdrawn()
        in_stream = [job for seq, job in self.stream.items() if seq not in withdrawn]
        assert sorted((job.frame_id, job.key) for job in [*waiting, *in_stream]) == sorted(
            (name, kept.frame.key) for name, kept in self.model.items() if kept.owes
        )
        assert self.run(self.store.outstanding("bulk")) == len(in_stream)

    @invariant()
    def the_change_feed_names_each_settled_frame_once(self) -> None:
        """At the state it has."""
        feed = self.run(self.store.changes_after("v1", 0, 100))
        assert sorted((entry.frame_id, entry.key, entry.state) for entry in feed) == sorted(
            (name, kept.frame.key, kept.state) for name, kept in self.model.items() if kept.state != "pending"
        )


TestStoreAndModel = StoreAndModel.TestCase
TestStoreAndModel.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
