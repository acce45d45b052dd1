"""Jobs whose specs are in memory no more get them again, or their frames get the keys they have now."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from mattebox_registry.records import Job
from mattebox_registry.rules.batches import FrameWriter
from mattebox_registry.rules.frames import read_frame
from mattebox_registry.rules.spec_maker import SpecMaker
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.store.sqlite import SqliteStore, open_store
from mattebox_runtime.spec import preview_key, table_digests
from support.stores import add_version, make_frame, owed, put

IDS = ("a", "b", "c")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A store with one draft, `v1`."""
    async with open_store(tmp_path / "mattebox.db") as opened:
        await add_version(opened, "v1", metadata={"mask_labels": [{"value": 1, "labels": ["car"]}]})
        yield opened


@pytest.fixture
def styles() -> StyleBook:
    """The styles of all versions."""
    return StyleBook()


async def ingest(store: SqliteStore, styles: StyleBook, *frame_ids: str, version_id: str = "v1") -> None:
    """Store frames as an upload does."""
    writer = FrameWriter(store, styles, lambda _: None)
    batch = await writer.batch(version_id)
    for frame_id in frame_ids:
        document = f'{{"id":"{frame_id}","sources":[{{"uri":"{frame_id}","masks":[{{"uri":"m"}}]}}]}}'
        batch.add(read_frame(document.encode()))
    await writer.put(version_id, batch)


async def as_after_a_restart(store: SqliteStore) -> list[Job]:
    """What is owed, with nothing in memory."""
    store._fresh.clear()
    jobs = await owed(store)
    assert all(job.spec is None for job in jobs)
    return jobs


async def test_specs_made_again_are_those_that_were_in_memory(store: SqliteStore, styles: StyleBook) -> None:
    """In the order of the jobs, of whatever version, with the tables they need."""
    await add_version(store, "v2")
    await ingest(store, styles, "a")
    await ingest(store, styles, "b", version_id="v2")
    await ingest(store, styles, "c")
    fresh = await owed(store)
    assert [job.spec is not None and preview_key(job.spec) for job in fresh] == [job.key for job in fresh]
    made = await SpecMaker(store, styles).complete(await as_after_a_restart(store))
    assert [(job.seq, job.frame_id, job.spec) for job in made] == [(job.seq, job.frame_id, job.spec) for job in fresh]
    for job in made:
        assert job.spec is not None
        assert job.tables == table_digests(job.spec)
    assert await SpecMaker(store, styles).complete(fresh) == fresh


async def test_a_frame_that_comes_to_another_key_owes_that_one(store: SqliteStore, styles: StyleBook) -> None:
    """Its version's style changed, and the walk of the restyle has not come to it."""
    await ingest(store, styles, *IDS)
    before = await as_after_a_restart(store)
    metadata = {"mask_labels": [{"value": 1, "labels": ["car"], "color": "#123456"}]}
    await store.update_version("v1", {"metadata": metadata}, restyle=True, tables={})
    assert await SpecMaker(store, styles).complete(before) == []
    after = await as_after_a_restart(store)
    assert [job.frame_id for job in after] == [job.frame_id for job in before]
    assert {job.key for job in after}.isdisjoint(job.key for job in before)
    made = await SpecMaker(store, styles).complete(after)
    assert [job.seq for job in made] == [job.seq for job in after]
    for job in made:
        assert job.tables is not None
        assert all([await store.table(digest) for digest in job.tables])
    # The walk comes later and finds nothing to do for them.
    assert (await store.version("v1")).restyle_after == ""


async def test_an_unreadable_document_gets_a_spec_that_is_refused_as_such(
    store: SqliteStore, styles: StyleBook
) -> None:
    """An older build may have taken what this one does not; the others are not held up."""
    await put(store, make_frame("old"))
    await ingest(store, styles, "a")
    old, a = await SpecMaker(store, styles).complete(await as_after_a_restart(store))
    assert (old.frame_id, old.spec) == ("old", b"")
    assert a.spec is not None
    assert preview_key(a.spec) == a.key


async def test_jobs_of_a_version_that_is_gone_are_left_out(store: SqliteStore, styles: StyleBook) -> None:
    """It went between the look and the look at its style."""
    await add_version(store, "v2")
    await ingest(store, styles, "a", version_id="v2")
    (job,) = await as_after_a_restart(store)
    await ingest(store, styles, "b")
    await store.delete_version("v2", force=False)
    gone, other = await owed(store)
    assert gone.seq == job.seq
    assert [kept.frame_id for kept in await SpecMaker(store, styles).complete([job, gone, other])] == ["b"]
    assert await SpecMaker(store, styles).complete([replace(other, spec=b"spec")]) == [replace(other, spec=b"spec")]
