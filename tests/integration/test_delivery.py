"""Jobs get from the database to a renderer, and results back."""

import sqlite3
from base64 import b64encode
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from mattebox_registry.records import NewFrame
from mattebox_runtime import redis_keys
from mattebox_runtime.events import RenderResult, encode
from mattebox_runtime.spec import preview_key
from mattebox_runtime.streams.consumer import lane_stream
from mattebox_runtime.tables import table_digest
from support.delivered import VERSION, Owing, open_owing, redis_at, spec_of
from support.invariants import check_invariants
from support.wait import wait_until
from support.working import working

TABLE = b"a packed table"


@pytest.fixture
async def owing(tmp_path: Path, redis_url: str) -> AsyncGenerator[Owing, None]:
    """An empty version and an empty Redis."""
    async with open_owing(tmp_path / "m.db", redis_url) as opened:
        yield opened


async def test_owed_frames_become_ready(owing: Owing) -> None:
    async with owing.delivering(), working(owing.redis_url, children=2):
        await owing.owe_many(50)
        await owing.wait_settled()
        await check_invariants(owing)


async def test_what_was_owed_before_the_relay_started_is_published(owing: Owing) -> None:
    """A registry that died between commit and publish."""
    await owing.owe_many(3)
    async with owing.delivering(), working(owing.redis_url):
        await owing.wait_settled()
        await check_invariants(owing)


async def test_a_job_published_but_not_marked_is_not_published_twice(owing: Owing) -> None:
    """A registry that died between XADD and mark_published."""
    await owing.owe_many(3)
    jobs = await owing.store.unpublished("bulk", 10)
    stream = lane_stream(owing.store.generation, "bulk")
    async with redis_at(owing.redis_url) as redis:
        for job in jobs:
            await redis.xadd(stream, {"e": b"of the dead registry"}, id=f"{job.seq}-0")
        async with owing.delivering():
            await owing.wait_outstanding(3)
            assert [fields for _, fields in await redis.xrange(stream)] == [{b"e": b"of the dead registry"}] * 3
    assert owing.changes == []


async def test_a_job_done_before_it_was_marked_is_settled_and_begins_no_generation(owing: Owing) -> None:
    await owing.owe_many(1)
    (job,) = await owing.store.unpublished("bulk", 10)
    generation = owing.store.generation
    async with redis_at(owing.redis_url) as redis:
        await redis.xadd(lane_stream(generation, "bulk"), {"e": b"x"}, id=f"{job.seq}-0")
        async with owing.delivering(sweep_s=60):
            # Redis was told of a job; the renderer was faster than the registry's own note of it.
            await redis.xdel(lane_stream(generation, "bulk"), f"{job.seq}-0")
            result = RenderResult(type="preview_rendered", key=job.key, seq=job.seq, state="ready")
            await redis.xadd(redis_keys.previews_stream(generation), {"e": encode(result)})
            await owing.wait_settled()
    assert owing.store.generation == generation


async def test_a_stream_ahead_of_the_database_begins_a_new_generation(owing: Owing) -> None:
    """An older copy of the database was restored beside a living Redis."""
    before = owing.store.generation
    await owing.owe_many(3)
    async with redis_at(owing.redis_url) as redis:
        await redis.xadd(lane_stream(before, "bulk"), {"e": b"of a lost future"}, id="999-0")
        async with owing.delivering(), working(owing.redis_url):
            await owing.wait_settled()
            await check_invariants(owing)
        assert await redis.exists(lane_stream(before, "bulk")) == 0
    assert owing.store.generation != before


async def test_numbers_used_up_by_somebody_else_begin_a_new_generation(owing: Owing) -> None:
    before = owing.store.generation
    async with owing.delivering(), working(owing.redis_url), redis_at(owing.redis_url) as redis:
        await owing.owe_many(1)
        await owing.wait_settled()
        foreign = await redis.xadd(lane_stream(before, "bulk"), {"e": b"foreign"}, id="999-0")
        await redis.xdel(lane_stream(before, "bulk"), foreign)
        await owing.owe_many(3)
        await owing.wait_settled()
        await check_invariants(owing)
    assert owing.store.generation != before


async def test_the_window_is_never_exceeded(owing: Owing) -> None:
    most = 0
    async with owing.delivering(stream_window=5), redis_at(owing.redis_url) as redis:
        await owing.owe_many(40)
        await owing.wait_outstanding(5)
        async with working(owing.redis_url, children=2):

            async def settled() -> bool:
                nonlocal most
                most = max(most, await redis.xlen(lane_stream(owing.store.generation, "bulk")))
                return (await owing.store.preview_counts(VERSION))["pending"] == 0

            await wait_until(settled, description="all settled", every_s=0.005)
            await check_invariants(owing)
    assert most <= 5


async def test_a_click_overtakes_a_thousand_ingested_frames(owing: Owing) -> None:
    async with owing.delivering():
        await owing.owe_many(1000)
        await owing.wait_outstanding(1000)
        async with working(owing.redis_url):
            await wait_until(lambda: owing.changes, description="the first bulk frame")
            key = await owing.ask("f00999", spec_of("echo", nonce="asked for"))
            await wait_until(lambda: key in [change.key for change in owing.changes], description="the click's preview")
            done = [change.key for change in owing.changes].index(key)
            assert done < 500


async def test_a_withdrawn_job_is_never_drawn(owing: Owing) -> None:
    async with owing.delivering(), redis_at(owing.redis_url) as redis:
        await owing.owe({"f": spec_of("echo", nonce="old")})
        await owing.wait_outstanding(1)
        stream = lane_stream(owing.store.generation, "bulk")
        ((entry, _),) = await redis.xrange(stream)
        old = owing.keys["f"]
        await owing.owe({"f": spec_of("echo", nonce="new")})

        async def replaced() -> bool:
            return [id_ != entry for id_, _ in await redis.xrange(stream)] == [True]

        await wait_until(replaced, description="only the new job in the stream")
        async with working(owing.redis_url):
            await owing.wait_settled()
            await check_invariants(owing)
        assert await redis.exists(redis_keys.preview(old)) == 0
        assert [change.key for change in owing.changes] == [owing.keys["f"]]


async def test_a_label_table_that_redis_lost_is_published_again_with_its_job(owing: Owing) -> None:
    digest = table_digest(TABLE)
    async with owing.delivering(), redis_at(owing.redis_url) as redis:
        await owing.owe({"f": spec_of("echo", masks=["m"], table=digest)}, tables={digest: TABLE})
        await owing.wait_outstanding(1)
        assert await redis.get(redis_keys.table(digest)) == TABLE
        assert await redis.ttl(redis_keys.table(digest)) > 0
        await redis.delete(redis_keys.table(digest))
        async with working(owing.redis_url):
            await owing.wait_settled()
            await check_invariants(owing)
        assert await redis.get(redis_keys.table(digest)) == TABLE


async def test_a_job_whose_table_is_nowhere_fails_and_holds_up_nobody(owing: Owing) -> None:
    digest = table_digest(TABLE)
    await owing.owe({"lost": spec_of("echo", masks=["m"], table=digest)}, tables={digest: TABLE})
    await owing.owe({"other": spec_of("echo")})
    with sqlite3.connect(owing.path) as damage:
        damage.execute("DELETE FROM tables")
    damage.close()
    async with owing.delivering(), working(owing.redis_url):
        await owing.wait_settled()
        await check_invariants(owing, failed={"lost": "gave_up"})


async def test_results_that_cannot_be_read_are_removed_and_hold_up_nobody(owing: Owing) -> None:
    stream = redis_keys.previews_stream(owing.store.generation)
    poison = [
        {"e": b"not msgpack"},
        {"x": b"no event"},
        {"e": encode(RenderResult(type="preview_rendered", key=b"short", seq=1, state="ready"))},
        {"e": encode(RenderResult(type="preview_rendered", key=bytes(16), seq=2**63, state="ready"))},
    ]
    async with redis_at(owing.redis_url) as redis:
        for entry in poison:
            await redis.xadd(stream, entry)
        async with owing.delivering(), working(owing.redis_url):
            await owing.owe_many(1)
            await owing.wait_settled()
            await check_invariants(owing)


async def test_a_result_of_a_job_not_owed_changes_no_frame(owing: Owing) -> None:
    async with owing.delivering(), redis_at(owing.redis_url) as redis:
        await owing.owe_many(1)
        await owing.wait_outstanding(1)
        forged = RenderResult(type="preview_failed", key=bytes(16), seq=1, state="failed")
        await redis.xadd(redis_keys.previews_stream(owing.store.generation), {"e": encode(forged)})
        async with working(owing.redis_url):
            await owing.wait_settled()
            await check_invariants(owing)


async def test_ingestion_goes_on_while_redis_is_down(tmp_path: Path) -> None:
    async with open_owing(tmp_path / "m.db", f"unix://{tmp_path}/nobody.sock") as owing, owing.delivering():
        await owing.owe_many(3)
        assert len(await owing.store.unpublished("bulk", 10)) == 3


async def test_a_frame_posted_again_unchanged_owes_nothing(owing: Owing) -> None:
    async with owing.delivering(), working(owing.redis_url):
        await owing.owe_many(1)
        await owing.wait_settled()
        spec = spec_of("echo", nonce="0")
        frame = NewFrame("f00000", "", 0, b64encode(spec), preview_key(spec), spec)
        await owing.store.put_frames(VERSION, [frame], style_revision=0, tables={})
        assert await owing.store.unpublished("bulk", 10) == []


async def test_jobs_of_a_deleted_version_hold_up_no_others(owing: Owing) -> None:
    """Neither those that fill the window nor those behind them; all that was published of them is taken back."""
    async with owing.delivering(stream_window=5):
        await owing.owe_many(12)
        await owing.wait_outstanding(5)
        await owing.store.delete_version(VERSION, force=False)
        await owing.add_version()
        owing.keys.clear()
        await owing.owe_many(3)
        while await owing.store.delete_discarded(2):
            pass
        async with working(owing.redis_url):
            await owing.wait_settled()
            await check_invariants(owing)
