"""Whatever is done to a family of versions, each shows what a dictionary that was copied at its birth would show."""

import asyncio
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from mattebox.reasons import PREVIEW_STATES, PreviewState
from mattebox_registry.records import FramePosition, NewFrame, StoredFrame
from support.stores import SteppedClock, add_version, key_of, make_frame, make_request, put, result_of, sqlite_store

NAMES = [f"{number:02}" for number in range(12)]
CONTEXTS = ["", "c", "d"]
ENDS: st.SearchStrategy[PreviewState] = st.sampled_from(["ready", "partial", "failed"])
FRAMES = st.builds(
    make_frame,
    st.sampled_from(NAMES),
    context_id=st.sampled_from(CONTEXTS),
    timestamp=st.sampled_from([-1.5, 0.0]),
    meta=st.sampled_from(["", "m"]),
)


SHOWN_IN_GAPS = """
WITH RECURSIVE line (heir, pk) AS (
    SELECT pk, pk FROM versions
    UNION ALL
    SELECT heir, parent FROM line JOIN versions ON versions.pk = line.pk WHERE parent IS NOT NULL
)
SELECT versions.id, frames.id FROM gaps JOIN frames ON frames.version = level
    AND (context_id, timestamp, frames.id) >= (first_context, first_timestamp, first_id)
    AND (context_id, timestamp, frames.id) <= (last_context, last_timestamp, last_id)
JOIN versions ON versions.pk = gaps.version
WHERE NOT EXISTS (
    SELECT 1 FROM hidden JOIN line ON line.pk = hidden.version WHERE frame = frames.pk AND heir = gaps.version
)
"""


class Shown(NamedTuple):
    """A frame of the model."""

    frame: NewFrame
    origin: str
    """The version that it was put into."""

    @property
    def position(self) -> FramePosition:
        """Where it stands in lists."""
        return FramePosition(self.frame.context_id, self.frame.timestamp, self.frame.id)


def in_style(frame: NewFrame, style: str) -> NewFrame:
    """Give a frame the key of a style; some have no masks and look the same in all."""
    look = "" if frame.id < "03" else style
    return replace(frame, key=key_of(f"{frame.id} {frame.context_id} {frame.timestamp} {look}"))


class Family(RuleBasedStateMachine):
    """Versions that come of each other, and a renderer."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._directory = tempfile.TemporaryDirectory()
        self._opened = sqlite_store(Path(self._directory.name), SteppedClock())
        self.store = self.run(self._opened.__aenter__())
        self.drafts: list[str] = []
        self.published: list[str] = []
        self.parents: dict[str, str | None] = {}
        self.styles: dict[str, str] = {}
        self.model: dict[str, dict[str, Shown]] = {}
        self.turn = 0
        self.begin(None)
        first = [make_frame(name, context_id=CONTEXTS[int(name) % 3], timestamp=0.0) for name in NAMES]
        self.run(put(self.store, *(in_style(frame, "") for frame in first), version_id="v0"))
        self.model["v0"] = {frame.id: Shown(frame, "v0") for frame in first}
        self.run(self.store.publish_version("v0"))
        self.drafts, self.published = [], ["v0"]
        self.begin("v0")

    def teardown(self) -> None:
        """Close the store and its loop."""
        self.run(self._opened.__aexit__(None, None, None))
        self._loop.close()
        self._directory.cleanup()

    def run(self, work: Any) -> Any:
        """Run to the end what a test would await."""
        return self._loop.run_until_complete(work)

    def begin(self, parent: str | None) -> None:
        """Make a draft."""
        version = f"v{len(self.parents)}"
        self.run(add_version(self.store, version, parent_id=parent))
        self.drafts.append(version)
        self.parents[version] = parent
        self.styles[version] = self.styles[parent] if parent else ""
        self.model[version] = dict(self.model[parent]) if parent else {}

    @precondition(lambda self: self.published)
    @rule(data=st.data())
    def branch(self, data: st.DataObject) -> None:
        """A draft comes of a published version, which may have others."""
        self.begin(data.draw(st.sampled_from(self.published)))

    @precondition(lambda self: self.drafts)
    @rule(data=st.data())
    def publish(self, data: st.DataObject) -> None:
        """A draft becomes read-only, its restyle done or not."""
        version = data.draw(st.sampled_from(self.drafts))
        self.run(self.store.publish_version(version))
        self.drafts.remove(version)
        self.published.append(version)

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), batch=st.lists(FRAMES, min_size=1, max_size=8))
    def put(self, data: st.DataObject, batch: list[NewFrame]) -> None:
        """Frames come, new ones and old ones."""
        version = data.draw(st.sampled_from(self.drafts))
        model = self.model[version]
        created = len({frame.id for frame in batch} - model.keys())
        styled = [in_style(frame, self.styles[version]) for frame in batch]
        assert self.run(put(self.store, *styled, version_id=version)) == (created, len(batch) - created)
        for frame in {frame.id: frame for frame in batch}.values():
            held = model.get(frame.id)
            if held is None or held.frame.document != frame.document:
                model[frame.id] = Shown(frame, version)

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=8))
    def delete(self, data: st.DataObject, names: list[str]) -> None:
        """Frames go, own ones and inherited ones."""
        version = data.draw(st.sampled_from(self.drafts))
        model = self.model[version]
        assert self.run(self.store.delete_frames(version, names)) == len(model.keys() & set(names))
        for name in names:
            model.pop(name, None)

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), style=st.sampled_from(["", "x"]))
    def change_style(self, data: st.DataObject, style: str) -> None:
        """A draft is to look otherwise, or as its parent does."""
        version = data.draw(st.sampled_from(self.drafts))
        self.run(self.store.update_version(version, {"metadata": {"style": style}}, restyle=True, tables={}))
        self.styles[version] = style
        self.restyle(data.draw(st.sampled_from([1, 9])))

    @rule(batches=st.integers(1, 4))
    def restyle(self, batches: int) -> None:
        """Some frames get the look that their version wants, of drafts and published ones."""
        for _ in range(batches):
            for version in self.run(self.store.restyling_versions()):
                frames = self.run(self.store.frames_to_restyle(version.id, 3))
                self.run(
                    self.store.restyle_frames(
                        version.id,
                        [in_style(_as_new(frame), self.styles[version.id]) for frame in frames],
                        style_revision=version.style_revision,
                        done_up_to=frames[-1].id if len(frames) == 3 else None,
                        tables={},
                    )
                )

    @rule(limit=st.integers(1, 9), end=ENDS)
    def render(self, limit: int, end: PreviewState) -> None:
        """Some of what is owed is drawn."""
        jobs = self.run(self.store.unpublished("bulk", limit))
        self.run(self.store.mark_published("bulk", [job.seq for job in jobs]))
        self.run(self.store.apply_results([result_of(job, end) for job in jobs]))

    @rule()
    def rest(self) -> None:
        """All is restyled and drawn: nothing waits, and nothing is owed."""
        while self.run(self.store.restyling_versions()):
            self.restyle(1)
        while self.run(self.store.unpublished("bulk", 1)):
            self.render(100, "ready")
        assert {version: self.run(self.store.preview_counts(version))["pending"] for version in self.model} == (
            dict.fromkeys(self.model, 0)
        )
        assert self.run(self.store.outstanding("bulk")) == 0
        self.compare(*self.model)

    @precondition(lambda self: any(self.model.values()))
    @rule(data=st.data())
    def refresh(self, data: st.DataObject) -> None:
        """Somebody has a preview drawn once more, of an inherited frame too."""
        version = data.draw(st.sampled_from(sorted(name for name, model in self.model.items() if model)))
        name = data.draw(st.sampled_from(sorted(self.model[version])))
        key = self.run(self.store.frame(version, name)).key
        self.run(self.store.request_preview(make_request(name, key, version_id=version, force=True)))
        jobs = self.run(self.store.unpublished("interactive", 9))
        self.run(self.store.mark_published("interactive", [job.seq for job in jobs]))
        self.run(self.store.apply_results([result_of(job) for job in jobs]))

    @precondition(lambda self: any(version not in self.parents.values() for version in self.drafts))
    @rule(data=st.data())
    def discard(self, data: st.DataObject) -> None:
        """A draft is deleted, and what it hid is there for others as it was."""
        version = data.draw(st.sampled_from(self.drafts))
        self.run(self.store.delete_version(version, force=False))
        self.drafts.remove(version)
        del self.model[version]
        while self.run(self.store.delete_discarded(2)):
            pass

    @invariant()
    def no_gap_lies_over_what_is_shown(self) -> None:
        """Or a long one would be leapt over together with it."""
        path = Path(self._directory.name, "mattebox.db")
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
            assert reader.execute(SHOWN_IN_GAPS).fetchall() == []

    @invariant()
    def lists_are_those_of_the_model(self) -> None:
        """In pages, by context, by state, with counts and places that agree; of one version after another."""
        self.turn += 1
        version = list(self.model)[-self.turn % len(self.model)]
        self.compare(version)

    def compare(self, *versions: str) -> None:
        """Look at versions from every side."""
        for version in versions:
            model = self.model[version]
            check = _Check(self, version, sorted(model.values(), key=lambda shown: shown.position))
            check.pages()
            check.counts()
            check.places()
            check.looks()


class _Check:
    """One version against its model."""

    def __init__(self, family: Family, version: str, shown: list[Shown]) -> None:
        self.run, self.store, self.family = family.run, family.store, family
        self.version = version
        self.shown = shown
        self.frames: list[StoredFrame] = self.run(self.store.frames(version, after=None, limit=100))

    def walk(self, limit: int, **filters: Any) -> Iterator[StoredFrame]:
        after = None
        while page := self.run(self.store.frames(self.version, after=after, limit=limit, **filters)):
            yield from page
            after = FramePosition(page[-1].context_id, page[-1].timestamp, page[-1].id)

    def pages(self) -> None:
        wanted = [
            (*shown.position, shown.frame.document, None if shown.origin == self.version else shown.origin)
            for shown in self.shown
        ]
        assert [
            (frame.context_id, frame.timestamp, frame.id, frame.document, frame.inherited_from) for frame in self.frames
        ] == wanted
        assert list(self.walk(2)) == self.frames
        for context in CONTEXTS:
            assert list(self.walk(3, context_id=context)) == [f for f in self.frames if f.context_id == context]
        for state in PREVIEW_STATES:
            assert list(self.walk(2, state=state)) == [f for f in self.frames if f.state == state]
        found = self.run(self.store.frames_by_id(self.version, NAMES))
        assert sorted(found) == sorted(self.frames)

    def counts(self) -> None:
        states = Counter(frame.state for frame in self.frames)
        counts = {state: states[state] for state in PREVIEW_STATES}
        assert self.run(self.store.preview_counts(self.version)) == counts
        assert self.run(self.store.version_summaries([self.version])) == {self.version: counts}
        assert self.run(self.store.version(self.version)).frame_count == len(self.frames)
        feed = self.run(self.store.changes_after(self.version, 0, 100))
        assert [entry.change for entry in feed] == sorted(entry.change for entry in feed)
        assert {(entry.frame_id, entry.key, entry.state) for entry in feed} == {
            (frame.id, frame.key, frame.state) for frame in self.frames if frame.state != "pending"
        }

    def places(self) -> None:
        store, version = self.store, self.version
        positions = [shown.position for shown in self.shown]
        marks = self.run(store.frame_marks(version, every=2, limit=100))
        assert marks.places == positions[1::2]
        assert marks.rest == len(positions) % 2
        contexts = Counter(position.context_id for position in positions)
        assert [tuple(c) for c in self.run(store.contexts(version, after=None, limit=2))] == sorted(contexts.items())[
            :2
        ]
        ready = Counter(frame.context_id for frame in self.frames if frame.state == "ready")
        found = self.run(store.contexts(version, after="", limit=9, state="ready"))
        assert [tuple(c) for c in found] == sorted((c, n) for c, n in ready.items() if c)
        for rank, position in list(enumerate(positions))[::3]:
            assert self.run(store.frame_rank(version, position.id)) == rank
            around = self.run(store.neighbours(version, position.id, 3))
            assert around == (positions[max(0, rank - 3) : rank], position, positions[rank + 1 : rank + 4])

    def looks(self) -> None:
        """Once no restyle is under way, each frame looks as its version says, and a pending one is owed."""
        if self.run(self.store.version(self.version)).outdated_after is not None:
            return
        style = self.family.styles[self.version]
        assert [frame.key for frame in self.frames] == [in_style(shown.frame, style).key for shown in self.shown]


def _as_new(frame: StoredFrame) -> NewFrame:
    spec = b"spec of " + frame.key
    return NewFrame(frame.id, frame.context_id, frame.timestamp, frame.document, frame.key, spec)


TestFamily = Family.TestCase
TestFamily.settings = settings(max_examples=5, stateful_step_count=30, deadline=None)
