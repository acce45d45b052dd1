"""Contract of every store: what results do to previews and frames."""

import msgspec
import pytest
from msgspec.structs import replace

from mattebox.reasons import PREVIEW_STATES, PreviewState
from mattebox_registry.records import AppliedResult
from mattebox_registry.store.port import Store
from mattebox_runtime.events import Failure
from support.stores import add_version, key_of, make_frame, make_request, owed, publish, put, result_of, settle


@pytest.fixture(autouse=True)
async def _version(store: Store) -> None:
    await add_version(store)


async def test_a_result_moves_its_frame_and_drops_its_job(store: Store) -> None:
    """And is told with its place in the change feed."""
    frame = make_frame("a")
    await put(store, frame)
    (job,) = await publish(store)
    (applied,) = await store.apply_results([result_of(job)])
    assert applied == AppliedResult("v1", "a", frame.key, "ready", await store.last_change("v1"))
    assert (await store.frame("v1", "a")).state == "ready"
    assert await store.outstanding("bulk") == 0
    assert await store.republish([job.seq]) == 0


@pytest.mark.parametrize("state", [state for state in PREVIEW_STATES if state != "pending"])
async def test_every_end_is_counted_and_recorded(store: Store, state: PreviewState) -> None:
    """With attempts, reason and report."""
    await put(store, make_frame("a"), make_frame("b"))
    job, _ = await publish(store)
    failure = Failure("mask_not_found", "m1")
    result = result_of(job, state)
    await store.apply_results([msgspec.structs.replace(result, attempts=2, failure=failure, report=b"report")])
    record = await store.preview(job.key)
    assert record is not None
    assert (record.state, record.attempts, record.report) == (state, 2, b"report")
    assert (record.error_code, record.error_mask) == ("mask_not_found", "m1")
    assert await store.preview_counts("v1") == dict.fromkeys(PREVIEW_STATES, 0) | {"pending": 1, state: 1}


async def test_previews_are_looked_up_by_many_keys(store: Store) -> None:
    """Those never rendered are left out."""
    await put(store, make_frame("a"), make_frame("b"))
    jobs = await publish(store)
    await settle(store, jobs[:1])
    found = await store.previews([jobs[0].key, jobs[1].key, jobs[0].key])
    assert found == {jobs[0].key: await store.preview(jobs[0].key)}


async def test_a_result_twice_changes_nothing(store: Store) -> None:
    """Not in one batch, nor in two."""
    await put(store, make_frame("a"))
    (job,) = await publish(store)
    assert len(await store.apply_results([result_of(job), result_of(job)])) == 1
    record, change = await store.preview(job.key), await store.last_change("v1")
    assert await store.apply_results([result_of(job, "failed")]) == []
    assert (await store.preview(job.key), await store.last_change("v1")) == (record, change)
    assert (await store.frame("v1", "a")).state == "ready"


@pytest.mark.parametrize("first", ["bulk", "interactive"])
@pytest.mark.parametrize("state", ["ready", "failed"])
async def test_of_two_jobs_of_a_key_the_first_result_stands(store: Store, first: str, state: PreviewState) -> None:
    """However the other ends, the frame has one visible change."""
    frame = make_frame("a")
    await put(store, frame)
    await store.request_preview(make_request("a", frame.key))
    jobs = {"bulk": await publish(store), "interactive": await publish(store, "interactive")}
    (one,), (other,) = jobs.pop(first), *jobs.values()
    await settle(store, [one], state)
    (late,) = await store.apply_results([result_of(other, "failed" if state == "ready" else "ready")])
    assert (late.state, late.change) == (state, None)
    record = await store.preview(frame.key)
    assert record is not None
    assert (record.state, (await store.frame("v1", "a")).state) == (state, state)
    assert len(await store.changes_after("v1", 0, 9)) == await store.last_change("v1") == 1


async def test_a_preview_drawn_again_later_tells_how_it_ended_then(store: Store) -> None:
    """Its picture was evicted and its source is gone: the frame says so."""
    frame = make_frame("a")
    await put(store, frame)
    await settle(store, await publish(store))
    ends: list[tuple[PreviewState, bool]] = [("ready", False), ("failed", True)]
    for state, moves in ends:
        await store.request_preview(make_request("a", frame.key))
        (job,) = await publish(store, "interactive")
        (applied,) = await store.apply_results([result_of(job, state)])
        assert (applied.state, applied.change is not None) == (state, moves)
        assert (await store.frame("v1", "a")).state == state


async def test_a_forced_result_replaces_what_came_before(store: Store) -> None:
    """Even that of the job whose place it took."""
    frame = make_frame("a")
    await put(store, frame)
    (bulk,) = await publish(store)
    await store.request_preview(make_request("a", frame.key, force=True))
    (forced,) = await publish(store, "interactive")
    assert await store.apply_results([result_of(bulk, "failed")]) == []
    assert (await store.frame("v1", "a")).state == "pending"
    (applied,) = await store.apply_results([result_of(forced)])
    assert applied.change is not None
    record = await store.preview(frame.key)
    assert record is not None
    assert (record.state, (await store.frame("v1", "a")).state) == ("ready", "ready")


async def test_a_result_of_other_options_leaves_the_frame(store: Store) -> None:
    """It is told to its frame without a place in the feed."""
    await put(store, make_frame("a"))
    await store.request_preview(make_request("a", key_of("large")))
    (job,) = await publish(store, "interactive")
    assert await store.apply_results([result_of(job)]) == [AppliedResult("v1", "a", job.key, "ready", None)]
    assert (await store.frame("v1", "a")).state == "pending"
    assert await store.preview(job.key) is not None
    assert await store.changes_after("v1", 0, 9) == []


async def test_a_key_of_several_frames_is_settled_frame_by_frame(store: Store) -> None:
    """Each by its own job, all to the same end."""
    await add_version(store, "v2")
    frame = make_frame("a")
    await put(store, frame, version_id="v1")
    await put(store, frame, version_id="v2")
    one, other = await publish(store)
    await settle(store, [one])
    assert [(await store.frame(v, "a")).state for v in ("v1", "v2")] == ["ready", "pending"]
    await settle(store, [other], "failed")
    assert [(await store.frame(v, "a")).state for v in ("v1", "v2")] == ["ready", "ready"]
    assert [await store.last_change(v) for v in ("v1", "v2")] == [1, 1]


async def test_the_result_of_an_outdated_job_is_recorded_where_there_is_none(store: Store) -> None:
    """The frame has another key by now."""
    await put(store, make_frame("a"))
    (outdated,) = await publish(store)
    await put(store, make_frame("a", look="x"))
    assert await store.apply_results([result_of(outdated)]) == []
    assert await store.preview(outdated.key) is not None
    assert (await store.frame("v1", "a")).state == "pending"
    assert await store.apply_results([result_of(outdated, "failed")]) == []
    record = await store.preview(outdated.key)
    assert record is not None
    assert record.state == "ready"


async def test_a_result_of_another_key_than_its_jobs_settles_nothing(store: Store) -> None:
    """A number alone proves nothing."""
    await put(store, make_frame("a"))
    (job,) = await publish(store)
    assert await store.apply_results([result_of(replace(job, key=key_of("forged")))]) == []
    assert (await store.frame("v1", "a")).state == "pending"
    assert await store.outstanding("bulk") == 1


async def test_the_result_of_a_deleted_frame_is_no_error(store: Store) -> None:
    """Nobody is told."""
    await put(store, make_frame("a"))
    (job,) = await publish(store)
    await store.delete_frames("v1", ["a"])
    assert await store.apply_results([result_of(job)]) == []
    assert await store.apply_results([]) == []


async def test_results_of_a_published_version_still_count(store: Store) -> None:
    """Previews are no part of what is read-only."""
    await put(store, make_frame("a"))
    await store.publish_version("v1")
    await settle(store, await publish(store))
    assert (await store.frame("v1", "a")).state == "ready"
    assert await owed(store) == []
