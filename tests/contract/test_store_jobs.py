"""Contract of every store: the outbox."""

import pytest
from msgspec.structs import replace

from mattebox_registry.errors import NotFound
from mattebox_registry.store.port import Store
from support.stores import (
    SteppedClock,
    add_version,
    key_of,
    make_frame,
    make_request,
    owed,
    publish,
    put,
    result_of,
    settle,
)


@pytest.fixture(autouse=True)
async def _version(store: Store) -> None:
    await add_version(store)


async def test_numbers_rise_over_both_lanes_and_are_never_given_twice(store: Store) -> None:
    """Not even when every job is gone."""
    assert await store.last_seq() == 0
    await put(store, make_frame("a"))
    await store.request_preview(make_request("a", key_of("large")))
    (bulk,), (request,) = await publish(store), await publish(store, "interactive")
    assert bulk.seq < request.seq == await store.last_seq()
    await settle(store, [bulk, request])
    await put(store, make_frame("b"))
    (later,) = await owed(store)
    assert later.seq == await store.last_seq() > request.seq


async def test_the_two_lanes_are_published_apart(store: Store) -> None:
    """A request does not wait for the bulk jobs before it, nor they for it."""
    await put(store, make_frame("a"))
    await store.request_preview(make_request("a", key_of("large")))
    await put(store, make_frame("b"))
    assert (await store.backlog("interactive"), await store.backlog("bulk")) == (1, 2)
    await publish(store, "interactive")
    assert (await store.backlog("interactive"), await store.backlog("bulk")) == (0, 2)
    assert [job.frame_id for job in await owed(store)] == ["a", "b"]
    assert (await store.outstanding("interactive"), await store.outstanding("bulk")) == (1, 0)
    await publish(store)
    assert (await store.outstanding("interactive"), await store.outstanding("bulk")) == (1, 2)


async def test_jobs_are_published_in_parts(store: Store) -> None:
    """What is marked leads, what is not follows; marking twice changes nothing."""
    await put(store, *(make_frame(name) for name in "abcd"))
    first = await store.unpublished("bulk", 2)
    for _ in range(2):
        await store.mark_published("bulk", [job.seq for job in first])
        assert [job.frame_id for job in await owed(store)] == ["c", "d"]
        assert await store.outstanding("bulk") == 2
    await store.mark_published("bulk", [])
    assert len(await owed(store)) == 2


async def test_a_job_settled_before_it_was_marked_is_not_outstanding(store: Store) -> None:
    """A renderer may be faster than the note that its job was published."""
    await put(store, make_frame("a"), make_frame("b"))
    jobs = await owed(store)
    await settle(store, jobs[:1])
    await store.mark_published("bulk", [job.seq for job in jobs])
    assert await store.outstanding("bulk") == 1
    await settle(store, jobs[1:])
    assert await store.outstanding("bulk") == 0


async def test_a_preview_is_requested_once(store: Store) -> None:
    """Until it is settled, whether or not it is published; its label tables are kept."""
    await put(store, make_frame("a"))
    wish = make_request("a", key_of("large"))
    assert await store.request_preview(wish)
    assert await store.table(b"of a request") == b"table"
    assert not await store.request_preview(wish)
    (job,) = await publish(store, "interactive")
    assert not await store.request_preview(wish)
    assert await store.request_preview(make_request("a", key_of("larger")))
    await settle(store, [job])
    assert await store.request_preview(wish)


async def test_a_request_is_known_by_its_key_until_it_is_settled(store: Store) -> None:
    """Jobs of the bulk lane are known by their frames."""
    await put(store, make_frame("a"))
    key = key_of("large")
    assert not await store.is_requested(key)
    await store.request_preview(make_request("a", key))
    assert await store.is_requested(key)
    assert not await store.is_requested(make_frame("a").key)
    await settle(store, await publish(store, "interactive"))
    assert not await store.is_requested(key)


async def test_a_request_does_not_wait_for_the_bulk_job_of_its_key(store: Store) -> None:
    """A click goes before a million frames."""
    await put(store, make_frame("a"))
    assert await store.request_preview(make_request("a", make_frame("a").key))
    assert [job.lane for job in await owed(store, "interactive")] == ["interactive"]
    assert len(await owed(store)) == 1


async def test_a_request_needs_its_frame(store: Store) -> None:
    """And its version."""
    with pytest.raises(NotFound):
        await store.request_preview(make_request("a", key_of("large")))
    with pytest.raises(NotFound):
        await store.request_preview(make_request("a", key_of("large"), version_id="v2"))


async def test_a_forced_request_takes_the_place_of_what_is_owed(store: Store) -> None:
    """On both lanes, and the frame is pending again."""
    frame = make_frame("a")
    await put(store, frame)
    (bulk,) = await publish(store)
    await store.request_preview(make_request("a", frame.key))
    (request,) = await publish(store, "interactive")
    assert await store.request_preview(make_request("a", frame.key, force=True))
    assert [job.seq for job in await store.withdrawn(9)] == [bulk.seq, request.seq]
    (forced,) = await owed(store, "interactive")
    assert forced.force
    assert not await store.request_preview(make_request("a", frame.key))
    assert await store.outstanding("bulk") == 0


async def test_a_forced_request_forgets_how_the_last_render_ended(store: Store) -> None:
    """The counts move with the frame."""
    frame = make_frame("a")
    await put(store, frame)
    await settle(store, await publish(store), "failed")
    await store.request_preview(make_request("a", frame.key, force=True))
    assert await store.preview(frame.key) is None
    assert (await store.frame("v1", "a")).state == "pending"
    counts = await store.preview_counts("v1")
    assert (counts["pending"], counts["failed"]) == (1, 0)


async def test_a_forced_request_of_another_key_leaves_the_frame(store: Store) -> None:
    """Its state is that of its default preview."""
    await put(store, make_frame("a"))
    (bulk,) = await publish(store)
    await store.request_preview(make_request("a", key_of("large"), force=True))
    assert await store.withdrawn(9) == []
    await settle(store, [bulk])
    await store.request_preview(make_request("a", key_of("large"), force=True))
    assert (await store.frame("v1", "a")).state == "ready"


async def test_withdrawn_jobs_are_told_until_they_are_forgotten(store: Store) -> None:
    """By number."""
    await put(store, make_frame("a"), make_frame("b"))
    await publish(store)
    await store.delete_frames("v1", ["a", "b"])
    first, second = await store.withdrawn(9)
    assert await store.withdrawn(1) == [first]
    await store.forget_withdrawn([first.seq])
    assert await store.withdrawn(9) == [second]


async def test_the_sweeper_sees_jobs_that_are_published_for_long(store: Store, clock: SteppedClock) -> None:
    """Of both lanes by number, those that are not settled, a page at a time."""
    await put(store, make_frame("a"), make_frame("b"))
    a, b = await publish(store)
    await store.request_preview(make_request("a", key_of("large")))
    (request,) = await publish(store, "interactive")
    await put(store, make_frame("c"))
    clock.seconds += 60
    await put(store, make_frame("d"))
    c, d = await publish(store)
    await put(store, make_frame("e"))
    await settle(store, [a])
    old = await store.published_before(30, 0, 9)
    assert old == [(b.seq, "bulk"), (request.seq, "interactive")]
    assert await store.published_before(30, 0, 1) == old[:1]
    assert await store.published_before(30, old[0].seq, 9) == old[1:]
    assert await store.published_before(90, 0, 9) == []
    clock.seconds += 60
    assert [job.seq for job in await store.published_before(30, 0, 9)] == [b.seq, request.seq, c.seq, d.seq]


async def test_a_job_is_owed_until_it_is_settled(store: Store) -> None:
    """Whatever lane it is of, published or not."""
    await put(store, make_frame("a"), make_frame("b"))
    await store.request_preview(make_request("a", key_of("large")))
    a, b = await publish(store)
    (request,) = await owed(store, "interactive")
    assert await store.are_owed([request.seq])
    assert await store.are_owed([10**6, a.seq, b.seq])
    await settle(store, [a, request])
    assert await store.are_owed([a.seq, b.seq])
    assert not await store.are_owed([a.seq, request.seq, 10**6])


async def test_a_job_published_again_gets_a_new_number(store: Store, clock: SteppedClock) -> None:
    """It counts as unpublished from then on, with all it was."""
    await put(store, make_frame("a"), make_frame("b"))
    await store.request_preview(make_request("a", key_of("large"), force=True))
    a, b = await publish(store)
    (request,) = await publish(store, "interactive")
    await settle(store, [b])
    assert await store.republish([a.seq, b.seq, request.seq, 10**6]) == 2
    (again,), (request_again,) = await owed(store), await owed(store, "interactive")
    assert (again.frame_id, again.key, again.document) == ("a", a.key, make_frame("a").document)
    assert request_again == replace(request, seq=request_again.seq)
    assert min(again.seq, request_again.seq) > request.seq
    assert (await store.outstanding("bulk"), await store.outstanding("interactive")) == (0, 0)
    clock.seconds += 60
    assert await store.published_before(30, 0, 9) == []


async def test_a_job_published_again_is_withdrawn_like_any_other(store: Store) -> None:
    """Under its new number."""
    await put(store, make_frame("a"))
    (job,) = await publish(store)
    await store.republish([job.seq])
    (again,) = await publish(store)
    await put(store, make_frame("a", look="x"))
    assert [job.seq for job in await store.withdrawn(9)] == [again.seq]


async def test_a_new_generation_owes_everything_again(store: Store) -> None:
    """Nothing is in its streams, so nothing is to be taken out of them."""
    before = store.generation
    await put(store, make_frame("a"), make_frame("b"))
    await publish(store)
    await store.delete_frames("v1", ["a"])
    await put(store, make_frame("c"))
    after = await store.rotate_generation()
    assert after == store.generation != before
    assert [job.frame_id for job in await owed(store)] == ["b", "c"]
    assert await store.outstanding("bulk") == 0
    assert await store.withdrawn(9) == []
    assert await store.published_before(0, 0, 9) == []


async def test_a_job_whose_table_is_missing_is_published_again(store: Store) -> None:
    """Under a new number; nothing is known of its preview."""
    await put(store, make_frame("a"))
    (job,) = await publish(store)
    gone = result_of(job)
    assert await store.apply_results([type(gone)("table_missing", job.key, job.seq, "pending")]) == []
    (again,) = await owed(store)
    assert (again.frame_id, again.key) == ("a", job.key)
    assert again.seq > job.seq
    assert await store.preview(job.key) is None
    assert await store.apply_results([type(gone)("table_missing", job.key, job.seq, "pending")]) == []
    assert await owed(store) == [again]
