"""Contract of every store: versions that show the frames of their parents."""

import pytest
from msgspec.structs import replace

from mattebox_registry.errors import HasChildren, NotFound, VersionPublished
from mattebox_registry.records import NewFrame, StoredFrame
from mattebox_registry.store.port import Store
from support.stores import add_version, as_stored, discard, make_frame, make_request, owed, publish, put, settle

A, B, C = (make_frame(name) for name in "abc")


async def add_child(store: Store, version_id: str = "v2", parent_id: str = "v1") -> None:
    """Publish a version and make a draft that comes of it."""
    await store.publish_version(parent_id)
    await add_version(store, version_id, parent_id=parent_id)


async def listed(store: Store, version_id: str) -> list[StoredFrame]:
    """All frames of a version."""
    return await store.frames(version_id, after=None, limit=1000)


async def restyle(store: Store, version_id: str, look: str) -> None:
    """Give a version another style, in which all its frames have this look."""
    await store.update_version(version_id, {"metadata": {"look": look}}, restyle=True, tables={})
    await walk(store, version_id, look)


async def walk(store: Store, version_id: str, look: str, *, done_up_to: str | None = None) -> None:
    """Restyle all frames that were not reached yet."""
    version = await store.version(version_id)
    frames = [seen_as(frame, look) for frame in await store.frames_to_restyle(version_id, 1000)]
    await store.restyle_frames(
        version_id, frames, style_revision=version.style_revision, done_up_to=done_up_to, tables={}
    )


def seen_as(frame: StoredFrame, look: str) -> NewFrame:
    """A stored frame in another style."""
    new = make_frame(frame.id, context_id=frame.context_id, timestamp=frame.timestamp, look=look)
    return replace(new, document=frame.document)


async def test_a_child_begins_with_all_its_parent_shows(store: Store) -> None:
    """Nothing is owed for it, and what is drawn for the parent is drawn for both."""
    await add_version(store)
    await put(store, A, B)
    await add_child(store)
    assert await listed(store, "v2") == [as_stored(f)._replace(inherited_from="v1") for f in (A, B)]
    assert (await store.version("v2")).frame_count == 2
    assert await store.lineage("v2") == ["v2", "v1"]
    a, _ = await publish(store)
    await settle(store, [a])
    for version in ("v1", "v2"):
        assert (await store.frame(version, "a")).state == "ready"
        assert (await store.preview_counts(version))["ready"] == 1
        assert [entry.frame_id for entry in await store.changes_after(version, 0, 9)] == ["a"]
    assert await store.last_change("v2") == await store.last_change("v1") == 1


async def test_what_a_child_stores_and_deletes_its_parent_keeps(store: Store) -> None:
    """A frame stored again comes in place of the inherited one; one that is deleted may come back."""
    await add_version(store)
    await put(store, A, B, C)
    await add_child(store)
    newer = make_frame("b", look="newer", context_id="z")
    assert await put(store, newer, A, make_frame("d"), version_id="v2") == (1, 2)
    assert await store.delete_frames("v2", ["c", "nobody"]) == 1
    assert [(f.id, f.inherited_from) for f in await listed(store, "v2")] == [("a", "v1"), ("d", None), ("b", None)]
    with pytest.raises(NotFound):
        await store.frame("v2", "c")
    assert await store.delete_frames("v2", ["a\0", "a\0b"]) == 0
    assert await put(store, C, version_id="v2") == (1, 0)
    assert await store.delete_frames("v2", ["a", "b", "c", "d"]) == 4
    assert await listed(store, "v2") == []
    assert sum((await store.preview_counts("v2")).values()) == (await store.version("v2")).frame_count == 0
    assert await listed(store, "v1") == [as_stored(frame) for frame in (A, B, C)]
    assert (await store.preview_counts("v1"))["pending"] == 3
    with pytest.raises(VersionPublished):
        await store.delete_frames("v1", ["a"])


async def test_a_frame_with_another_document_and_the_same_picture_is_not_drawn_again(store: Store) -> None:
    """It stands as the inherited one stood; the same document once more is no change at all."""
    await add_version(store)
    await put(store, A)
    await settle(store, await publish(store))
    await add_child(store)
    await put(store, A, version_id="v2")
    assert (await store.frame("v2", "a")).inherited_from == "v1"
    await put(store, make_frame("a", meta="another"), version_id="v2")
    frame = await store.frame("v2", "a")
    assert (frame.state, frame.inherited_from) == ("ready", None)
    assert await owed(store) == []
    assert [entry.frame_id for entry in await store.changes_after("v2", 0, 9)] == ["a"]


async def test_a_style_of_its_own_is_drawn_and_given_up_again(store: Store) -> None:
    """Inherited frames have previews of their own while they look otherwise, and else share the parent's."""
    await add_version(store)
    await put(store, *(make_frame(f"{number:03}") for number in range(150)))
    await settle(store, await publish(store))
    await add_child(store)
    await restyle(store, "v2", "other")
    frames = await listed(store, "v2")
    assert {(frame.state, frame.inherited_from) for frame in frames} == {("pending", "v1")}
    assert [frame.document for frame in frames] == [frame.document for frame in await listed(store, "v1")]
    jobs = await owed(store)
    assert {(job.version_id, job.document) for job in jobs} == {("v2", frame.document) for frame in frames}
    await settle(store, await publish(store), "failed")
    assert (await store.preview_counts("v2"))["failed"] == (await store.preview_counts("v1"))["ready"] == 150
    await restyle(store, "v2", "")
    assert await listed(store, "v2") == [f._replace(inherited_from="v1") for f in await listed(store, "v1")]
    assert (await store.preview_counts("v2"))["ready"] == 150
    assert await owed(store) == []


async def test_a_frame_that_looks_the_same_in_both_styles_is_shared(store: Store) -> None:
    """Only the others get previews of their own; a grandchild sees both kinds."""
    await add_version(store)
    await put(store, A, B)
    await settle(store, await publish(store))
    await add_child(store)
    await store.update_version("v2", {"metadata": {"x": 1}}, restyle=True, tables={})
    a, b = await store.frames_to_restyle("v2", 9)
    await store.restyle_frames("v2", [seen_as(a, "x"), seen_as(b, "")], style_revision=1, done_up_to=None, tables={})
    await add_child(store, "v3", "v2")
    assert [(frame.state, frame.inherited_from) for frame in await listed(store, "v3")] == [
        ("pending", "v1"),
        ("ready", "v1"),
    ]
    await settle(store, await publish(store))
    assert (await store.preview_counts("v3"))["ready"] == 2


async def test_a_restyle_goes_on_after_publishing_under_what_children_did(store: Store) -> None:
    """What a child deleted stays deleted; the others it shows as its parent comes to show them."""
    await add_version(store)
    await put(store, A, B, C)
    await settle(store, await publish(store))
    await add_child(store)
    await store.update_version("v2", {"metadata": {"x": 1}}, restyle=True, tables={})
    await add_child(store, "v3", "v2")
    assert (await store.version("v3")).outdated_after == ""
    await store.update_version("v3", {"metadata": {"x": 2}}, restyle=True, tables={})
    assert [version.id for version in await store.restyling_versions()] == ["v2"]
    await store.delete_frames("v3", ["a"])
    await walk(store, "v2", "x")
    assert [version.id for version in await store.restyling_versions()] == ["v3"]
    assert [frame.id for frame in await listed(store, "v3")] == ["b", "c"]
    assert await store.preview_counts("v3") == {"pending": 2, "ready": 0, "partial": 0, "failed": 0, "unsupported": 0}
    await settle(store, await publish(store))
    assert (await store.preview_counts("v3"))["ready"] == 2
    await walk(store, "v3", "y")
    assert [frame.key for frame in await listed(store, "v3")] == [make_frame(n, look="y").key for n in "bc"]


async def test_an_inherited_preview_is_drawn_again_for_all_that_share_it(store: Store) -> None:
    """It is one picture, whoever asks; versions that hide the frame count as before."""
    await add_version(store)
    await put(store, A, B)
    await settle(store, await publish(store))
    await add_child(store)
    await add_version(store, "v3", parent_id="v1")
    await store.delete_frames("v3", ["a"])
    assert await store.request_preview(make_request("a", A.key, version_id="v2", force=True))
    assert [(await store.preview_counts(v))["pending"] for v in ("v1", "v2", "v3")] == [1, 1, 0]
    await settle(store, await publish(store, "interactive"), "failed")
    assert [(await store.preview_counts(v))["failed"] for v in ("v1", "v2", "v3")] == [1, 1, 0]
    assert [(await store.preview_counts(v))["ready"] for v in ("v1", "v2", "v3")] == [1, 1, 1]
    with pytest.raises(NotFound):
        await store.request_preview(make_request("a", A.key, version_id="v3"))


async def test_a_parent_is_kept_for_its_children(store: Store) -> None:
    """Also with force; a child goes without a trace, and then the parent can go."""
    await add_version(store)
    await put(store, *(make_frame(f"{number:03}") for number in range(150)))
    await settle(store, await publish(store))
    await add_child(store)
    await restyle(store, "v2", "other")
    await store.delete_frames("v2", [f"{number:03}" for number in range(100)])
    with pytest.raises(HasChildren):
        await store.delete_version("v1", force=True)
    before = await listed(store, "v1"), await store.preview_counts("v1")
    await store.delete_version("v2", force=False)
    await discard(store)
    assert (await listed(store, "v1"), await store.preview_counts("v1")) == before
    await store.delete_version("v1", force=True)


async def test_a_long_lineage_shows_the_nearest_of_each_frame(store: Store) -> None:
    """Eighteen generations, each with a frame of its own, one stored again and one deleted."""
    await add_version(store, "v0")
    await put(store, *(make_frame(f"{number:02}") for number in range(24)), version_id="v0")
    for number in range(1, 19):
        await add_child(store, f"v{number}", f"v{number - 1}")
        await put(store, make_frame(f"new {number:02}"), make_frame("23", meta=str(number)), version_id=f"v{number}")
        await store.delete_frames(f"v{number}", [f"{number:02}"])
    ids = ["00", *(f"{number}" for number in range(19, 24)), *(f"new {number:02}" for number in range(1, 19))]
    frames = await listed(store, "v18")
    assert [frame.id for frame in frames] == ids
    assert [frame.inherited_from for frame in frames[-3:]] == ["v16", "v17", None]
    assert (await store.frame("v18", "23")).inherited_from is None
    assert (await store.frame("v7", "23")).document == make_frame("23", meta="7").document
    assert (await store.version_summaries(["v18", "v0"]))["v18"]["pending"] == len(ids)
    around = await store.neighbours("v18", "new 05", 2)
    assert [place.id for place in (*around.before, *around.after)] == ["new 03", "new 04", "new 06", "new 07"]
    marks = await store.frame_marks("v18", every=6, limit=9)
    assert ([place.id for place in marks.places], marks.rest) == ([ids[5], ids[11], ids[17], ids[23]], 0)
    summary = (await store.dataset_summaries(["roads"]))["roads"]
    assert (sum(summary.previews.values()), summary.latest_version_id) == (24 + 2 * 18, "v18")
