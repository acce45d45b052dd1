"""Contract of every store: frames."""

import pytest

from mattebox.reasons import PREVIEW_STATES, PreviewState
from mattebox_registry.errors import NotFound, StyleChanged, VersionPublished
from mattebox_registry.records import FramePosition, StoredFrame
from mattebox_registry.store.port import Store
from support.stores import (
    add_version,
    as_stored,
    key_of,
    make_frame,
    make_request,
    owed,
    publish,
    put,
    result_of,
    settle,
)


def place(frame: StoredFrame) -> FramePosition:
    """Where a page that ends with this frame ends."""
    return FramePosition(frame.context_id, frame.timestamp, frame.id)


async def test_a_frame_comes_back_as_it_was_put(store: Store) -> None:
    """Byte for byte, pending and without a reason."""
    await add_version(store)
    frame = make_frame("Bild/1 ü", context_id="drive", timestamp=12.5)
    assert await put(store, frame) == (1, 0)
    assert await store.frame("v1", frame.id) == as_stored(frame)


async def test_a_missing_frame_or_version_is_not_found(store: Store) -> None:
    """The refusal says which of them."""
    with pytest.raises(NotFound) as refusal:
        await store.frame("v1", "a")
    assert refusal.value.kind == "version"
    await add_version(store)
    with pytest.raises(NotFound) as refusal:
        await store.frame("v1", "a")
    assert refusal.value.kind == "frame"


async def test_every_new_frame_owes_one_bulk_render(store: Store) -> None:
    """In the order in which they came."""
    await add_version(store)
    frames = [make_frame(name) for name in "cab"]
    await put(store, *frames)
    jobs = await owed(store)
    assert [(job.version_id, job.frame_id, job.key, job.spec, job.force) for job in jobs] == [
        ("v1", frame.id, frame.key, frame.spec, False) for frame in frames
    ]
    assert [job.seq for job in jobs] == sorted({job.seq for job in jobs})


async def test_more_frames_than_one_statement_takes_are_all_stored(store: Store) -> None:
    """And a second time none is created."""
    await add_version(store)
    frames = [make_frame(f"{number:04d}") for number in range(1234)]
    assert await put(store, *frames) == (1234, 0)
    assert await put(store, *frames, make_frame("new")) == (1, 1234)
    assert len(await store.unpublished("bulk", 2000)) == 1235
    assert (await store.version("v1")).frame_count == 1235


async def test_the_same_frame_again_changes_and_owes_nothing(store: Store) -> None:
    """It counts as updated."""
    await add_version(store)
    await put(store, make_frame("a"))
    await settle(store, await publish(store))
    assert await put(store, make_frame("a")) == (0, 1)
    assert (await store.frame("v1", "a")).state == "ready"
    assert await owed(store) == []


async def test_a_frame_of_another_document_and_the_same_key_keeps_its_preview(store: Store) -> None:
    """Only what decides pixels owes a render."""
    await add_version(store)
    await put(store, make_frame("a"))
    await settle(store, await publish(store))
    changed = make_frame("a", meta="new", context_id="c", timestamp=3)
    assert await put(store, changed) == (0, 1)
    assert await store.frame("v1", "a") == as_stored(changed)._replace(state="ready")
    assert await owed(store) == []


async def test_a_frame_of_another_key_is_pending_again(store: Store) -> None:
    """Its older job is taken back: from the outbox, or out of its stream."""
    await add_version(store)
    await put(store, make_frame("a"), make_frame("b"))
    _, published = await publish(store)
    await put(store, make_frame("a", look="x"))
    await put(store, make_frame("a", look="y"))
    assert [job.key for job in await owed(store)] == [make_frame("a", look="y").key]
    assert [(job.lane, job.seq) for job in await store.withdrawn(9)] == [("bulk", published.seq - 1)]
    assert await store.outstanding("bulk") == 1
    await settle(store, await publish(store))
    await put(store, make_frame("a", look="z"))
    assert (await store.frame("v1", "a")).state == "pending"
    assert await store.preview_counts("v1") == dict.fromkeys(PREVIEW_STATES, 0) | {"pending": 2}


async def test_in_one_batch_the_last_of_an_id_wins(store: Store) -> None:
    """It is created once, and owes once."""
    await add_version(store)
    assert await put(store, make_frame("a", look="x"), make_frame("b"), make_frame("a", look="y")) == (2, 1)
    assert (await store.frame("v1", "a")).key == make_frame("a", look="y").key
    assert sorted(job.frame_id for job in await owed(store)) == ["a", "b"]
    assert (await store.version("v1")).frame_count == 2


async def test_a_batch_may_mix_new_old_and_changed_frames(store: Store) -> None:
    """Each owes what it would owe alone."""
    await add_version(store)
    await put(store, make_frame("old"), make_frame("changed"))
    await settle(store, await publish(store))
    batch = [
        make_frame("old"),
        make_frame("new"),
        make_frame("changed", look="x"),
        make_frame("3d", state="unsupported"),
    ]
    assert await put(store, *batch) == (2, 2)
    assert sorted(job.frame_id for job in await owed(store)) == ["changed", "new"]
    counts = await store.preview_counts("v1")
    assert (counts["pending"], counts["ready"], counts["unsupported"]) == (2, 1, 1)


async def test_an_unsupported_frame_owes_nothing(store: Store) -> None:
    """Until it becomes one that can be drawn, and back."""
    await add_version(store)
    await put(store, make_frame("a", state="unsupported"))
    assert (await store.frame("v1", "a")).state == "unsupported"
    assert await owed(store) == []
    await put(store, make_frame("a", look="image"))
    assert [job.frame_id for job in await owed(store)] == ["a"]
    await put(store, make_frame("a", look="sound", state="unsupported"))
    assert await owed(store) == []
    assert (await store.preview_counts("v1"))["unsupported"] == 1


async def test_an_empty_batch_is_stored_as_nothing(store: Store) -> None:
    """Its version is looked at all the same."""
    await add_version(store)
    assert await put(store) == (0, 0)
    with pytest.raises(NotFound):
        await store.put_frames("nothing", [], style_revision=0, tables={})


async def test_a_published_version_takes_no_frames(store: Store) -> None:
    """And gives none up."""
    await add_version(store)
    await put(store, make_frame("a"))
    await store.publish_version("v1")
    with pytest.raises(VersionPublished):
        await put(store, make_frame("b"))
    with pytest.raises(VersionPublished):
        await store.delete_frames("v1", ["a"])
    assert (await store.version("v1")).frame_count == 1


async def test_frames_of_an_older_style_are_refused_whole(store: Store) -> None:
    """With their tables."""
    await add_version(store)
    await store.update_version("v1", {"metadata": {"mask_labels": []}}, restyle=True, tables={})
    with pytest.raises(StyleChanged):
        await store.put_frames("v1", [make_frame("a")], style_revision=0, tables={b"digest": b"table"})
    assert await store.table(b"digest") is None
    assert await store.frames_by_id("v1", ["a"]) == []


async def test_label_tables_are_kept_by_digest(store: Store) -> None:
    """The same table twice is kept once."""
    await add_version(store)
    for name in "ab":
        await store.put_frames("v1", [make_frame(name)], style_revision=0, tables={b"digest": b"table"})
    assert await store.table(b"digest") == b"table"
    assert await store.table(b"other") is None


async def test_pages_are_in_the_order_of_context_time_and_id(store: Store) -> None:
    """Each begins where the last one ended."""
    await add_version(store)
    order = [("", -5.5, "z"), ("", 0, "b"), ("", 0, "c"), ("a", -1, "y"), ("a", 10, "x"), ("b", 2, "a")]
    frames = [make_frame(name, context_id=context, timestamp=time) for context, time, name in order]
    await put(store, *reversed(frames))
    seen: list[StoredFrame] = []
    while page := await store.frames("v1", after=place(seen[-1]) if seen else None, limit=2):
        assert len(page) == 2
        seen += page
    assert [frame.id for frame in seen] == [name for _, _, name in order]


@pytest.mark.parametrize("context_id", [None, "", "a"])
@pytest.mark.parametrize("state", [None, "ready", "pending", "failed"])
async def test_pages_are_narrowed_by_context_and_state(
    store: Store, context_id: str | None, state: PreviewState | None
) -> None:
    """By either or both, in the same order."""
    await add_version(store)
    frames = [
        make_frame(f"{context}-{n}", context_id=context, timestamp=-n) for context in ("", "a", "b") for n in range(4)
    ]
    await put(store, *frames)
    for number, job in enumerate(await publish(store)):
        if number % 3:
            await store.apply_results([result_of(job, "ready" if number % 3 == 1 else "failed")])
    everything = await store.frames("v1", after=None, limit=100)
    wanted = [f for f in everything if context_id in (None, f.context_id) and state in (None, f.state)]
    seen: list[StoredFrame] = []
    while page := await store.frames(
        "v1", after=place(seen[-1]) if seen else None, limit=1, context_id=context_id, state=state
    ):
        seen += page
    assert seen == wanted


async def test_a_context_is_paged_from_a_place_outside_of_it(store: Store) -> None:
    """A place before it gives all of it, a place after it nothing."""
    await add_version(store)
    await put(store, *(make_frame(f"{context}1", context_id=context) for context in "abc"))
    before, behind = FramePosition("a", 99, "z"), FramePosition("c", -99, "")
    assert [f.id for f in await store.frames("v1", after=before, limit=9, context_id="b")] == ["b1"]
    assert await store.frames("v1", after=behind, limit=9, context_id="b") == []


async def test_frames_of_other_versions_do_not_mix(store: Store) -> None:
    """The same id in two versions is two frames."""
    await add_version(store, "v1")
    await add_version(store, "v2")
    await put(store, make_frame("a", look="1"), version_id="v1")
    await put(store, make_frame("a", look="2"), version_id="v2")
    assert await store.delete_frames("v1", ["a"]) == 1
    assert (await store.frame("v2", "a")).key == make_frame("a", look="2").key


async def test_frames_are_found_by_many_ids(store: Store) -> None:
    """Each once, however often it is asked for."""
    await add_version(store)
    await put(store, make_frame("a"), make_frame("b"))
    found = await store.frames_by_id("v1", ["b", "missing", "a", "b"])
    assert sorted(frame.id for frame in found) == ["a", "b"]
    with pytest.raises(NotFound):
        await store.frames_by_id("nothing", ["a"])


async def test_deleting_frames_withdraws_their_jobs(store: Store) -> None:
    """On both lanes; unknown ids and repetitions do not count."""
    await add_version(store)
    await put(store, make_frame("a"), make_frame("b"))
    bulk = await publish(store)
    await store.request_preview(make_request("a", key_of("large")))
    (request,) = await publish(store, "interactive")
    await store.request_preview(make_request("a", key_of("larger")))
    assert await store.delete_frames("v1", ["a", "missing", "a"]) == 1
    assert [job.seq for job in await store.withdrawn(9)] == [bulk[0].seq, request.seq]
    assert await owed(store, "interactive") == []
    assert (await store.outstanding("bulk"), await store.outstanding("interactive")) == (1, 0)
    assert (await store.preview_counts("v1"))["pending"] == 1
    assert (await store.version("v1")).frame_count == 1
    with pytest.raises(NotFound):
        await store.delete_frames("nothing", ["a"])


async def test_a_frame_that_was_deleted_can_come_again(store: Store) -> None:
    """As a new one."""
    await add_version(store)
    await put(store, make_frame("a"))
    await settle(store, await publish(store), "failed")
    await store.delete_frames("v1", ["a"])
    assert await put(store, make_frame("a")) == (1, 0)
    assert (await store.frame("v1", "a")).state == "pending"


async def test_a_frame_tells_the_reason_of_its_state(store: Store) -> None:
    """In a page as alone; a pending one has none."""
    await add_version(store)
    await put(store, make_frame("a"))
    await settle(store, await publish(store), "failed")
    frame = await store.frame("v1", "a")
    assert (frame.state, frame.error_code, frame.error_mask) == ("failed", "source_not_found", None)
    assert await store.frames("v1", after=None, limit=9) == [frame]
    await store.request_preview(make_request("a", frame.key, force=True))
    assert (await store.frame("v1", "a")).error_code is None


async def test_an_empty_version_counts_every_state_as_none(store: Store) -> None:
    """Every state is named."""
    await add_version(store)
    assert await store.preview_counts("v1") == dict.fromkeys(PREVIEW_STATES, 0)
    for lookup in (store.preview_counts("v2"), store.last_change("v2"), store.changes_after("v2", 0, 1)):
        with pytest.raises(NotFound):
            await lookup


async def test_the_change_feed_has_each_frame_at_its_newest_change(store: Store) -> None:
    """A frame that is pending again leaves it until its next result."""
    await add_version(store)
    await put(store, make_frame("a"), make_frame("b"), make_frame("c"))
    assert (await store.last_change("v1"), await store.changes_after("v1", 0, 9)) == (0, [])
    first, second, third = await publish(store)
    await store.apply_results([result_of(second), result_of(first, "failed")])
    feed = await store.changes_after("v1", 0, 9)
    assert [(entry.frame_id, entry.key, entry.state) for entry in feed] == [
        ("b", second.key, "ready"),
        ("a", first.key, "failed"),
    ]
    assert await store.last_change("v1") == feed[-1].change
    assert await store.changes_after("v1", feed[0].change, 9) == feed[1:]
    assert await store.changes_after("v1", 0, 1) == feed[:1]
    await put(store, make_frame("b", look="x"))
    await settle(store, [third])
    assert [entry.frame_id for entry in await store.changes_after("v1", 0, 9)] == ["a", "c"]
    await settle(store, await publish(store))
    assert [entry.frame_id for entry in await store.changes_after("v1", feed[-1].change, 9)] == ["c", "b"]
