"""Contract of every store: giving frames the previews of a new style."""

import pytest
from msgspec.structs import replace

from mattebox_registry.errors import NotFound, StyleChanged
from mattebox_registry.records import NewFrame
from mattebox_registry.store.port import Store
from support.stores import add_version, make_frame, owed, publish, put, settle


async def change_style(store: Store) -> int:
    """Raise the style revision of v1; give the new one."""
    version = await store.update_version("v1", {"metadata": {"mask_labels": []}}, restyle=True, tables={b"d": b"t"})
    return version.style_revision


def restyled(*frame_ids: str, look: str = "new") -> list[NewFrame]:
    """Frames as they were put, with the keys of a new style."""
    return [replace(make_frame(name), key=make_frame(name, look=look).key) for name in frame_ids]


async def walk(store: Store, revision: int, *frame_ids: str, done_up_to: str | None) -> None:
    """Take one step."""
    await store.restyle_frames(
        "v1", restyled(*frame_ids), style_revision=revision, done_up_to=done_up_to, tables={b"e": b"u"}
    )


async def test_a_new_style_of_an_empty_version_needs_no_walk(store: Store) -> None:
    """Only the revision rises, and the tables are kept."""
    await add_version(store)
    assert await change_style(store) == 1
    assert await store.restyling_versions() == []
    assert await store.table(b"d") == b"t"


async def test_a_walk_reaches_every_frame_by_id(store: Store) -> None:
    """In steps; after the last one the version is up to date."""
    await add_version(store)
    await put(store, *(make_frame(name) for name in "cab"))
    assert await store.frames_to_restyle("v1", 9) == []
    revision = await change_style(store)
    assert [version.id for version in await store.restyling_versions()] == ["v1"]
    assert [frame.id for frame in await store.frames_to_restyle("v1", 2)] == ["a", "b"]
    await walk(store, revision, "a", "b", done_up_to="b")
    assert [frame.id for frame in await store.frames_to_restyle("v1", 2)] == ["c"]
    await walk(store, revision, "c", done_up_to=None)
    assert await store.frames_to_restyle("v1", 2) == []
    assert await store.restyling_versions() == []
    assert {job.key for job in await owed(store)} == {frame.key for frame in restyled("a", "b", "c")}
    assert await store.table(b"e") == b"u"


async def test_restyled_frames_are_pending_and_their_outdated_jobs_withdrawn(store: Store) -> None:
    """A frame whose key stays is left as it is."""
    await add_version(store)
    await put(store, *(make_frame(name) for name in "abc"))
    a, _b, c = await publish(store)
    await settle(store, [a, c])
    revision = await change_style(store)
    frames = [*restyled("a", "b"), make_frame("c")]
    await store.restyle_frames("v1", frames, style_revision=revision, done_up_to=None, tables={})
    counts = await store.preview_counts("v1")
    assert (counts["pending"], counts["ready"]) == (2, 1)
    assert [job.seq for job in await store.withdrawn(9)] == [_b.seq]
    assert sorted(job.frame_id for job in await owed(store)) == ["a", "b"]


async def test_a_frame_stored_again_meanwhile_is_left_alone(store: Store) -> None:
    """Its key is by the new style already; a deleted one does not come back."""
    await add_version(store)
    await put(store, make_frame("a"), make_frame("b"))
    revision = await change_style(store)
    newer = make_frame("a", look="newer", meta="newer")
    await put(store, newer)
    await store.delete_frames("v1", ["b"])
    await walk(store, revision, "a", "b", done_up_to=None)
    assert (await store.frame("v1", "a")).key == newer.key
    assert [job.key for job in await owed(store)] == [newer.key]
    assert (await store.version("v1")).frame_count == 1


async def test_a_step_of_an_older_style_is_refused(store: Store) -> None:
    """The walk begins anew with the newest."""
    await add_version(store)
    await put(store, make_frame("a"), make_frame("b"))
    older = await change_style(store)
    await walk(store, older, "a", done_up_to="a")
    newest = await change_style(store)
    with pytest.raises(StyleChanged):
        await walk(store, older, "b", done_up_to=None)
    assert [frame.id for frame in await store.frames_to_restyle("v1", 9)] == ["a", "b"]
    await walk(store, newest, "a", "b", done_up_to=None)
    with pytest.raises(NotFound):
        await store.restyle_frames("v2", [], style_revision=0, done_up_to=None, tables={})
    with pytest.raises(NotFound):
        await store.frames_to_restyle("v2", 1)


async def test_a_version_published_during_the_walk_is_walked_to_its_end(store: Store) -> None:
    """The style was changed while it was a draft."""
    await add_version(store)
    await put(store, make_frame("a"))
    revision = await change_style(store)
    await store.publish_version("v1")
    assert [version.id for version in await store.restyling_versions()] == ["v1"]
    await walk(store, revision, "a", done_up_to=None)
    assert await store.restyling_versions() == []


async def test_frames_renewed_by_the_way_leave_the_walk_where_it_is(store: Store) -> None:
    """They get their keys and owe their renders as if it had come to them."""
    await add_version(store)
    await put(store, *(make_frame(name) for name in "abc"))
    await publish(store)
    revision = await change_style(store)
    await walk(store, revision, "a", done_up_to="a")
    tables = {b"f": b"v"}
    await store.renew_frames("v1", restyled("c", "gone"), style_revision=revision, tables=tables)
    assert [frame.id for frame in await store.frames_to_restyle("v1", 9)] == ["b", "c"]
    assert [(job.frame_id, job.key) for job in await owed(store)] == [
        (frame.id, frame.key) for frame in restyled("a", "c")
    ]
    assert await store.table(b"f") == b"v"
    with pytest.raises(StyleChanged):
        await store.renew_frames("v1", restyled("b"), style_revision=revision - 1, tables={})
    with pytest.raises(NotFound):
        await store.renew_frames("v2", restyled("b"), style_revision=revision, tables={})
