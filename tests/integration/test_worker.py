"""What a worker does with the jobs it finds, and with itself."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from mattebox_renderer.settings import Settings
from mattebox_renderer.worker import Worker
from mattebox_renderer.worker import worker as worker_loops
from mattebox_renderer.worker.handler import Ending
from mattebox_renderer.worker.slots import Seat
from mattebox_runtime import codec, redis_keys
from mattebox_runtime.events import CachedPreview, RenderEvent, decode_result, encode
from mattebox_runtime.lifecycle import cancel_on_exit
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.preview_cache import RedisPreviewCache
from mattebox_runtime.spec import preview_key
from mattebox_runtime.streams.client import open_clients
from mattebox_runtime.streams.consumer import lane_stream
from support.delivered import VERSION, Owing, open_owing, redis_at, spec_of
from support.invariants import check_invariants
from support.wait import wait_until
from support.working import working


@pytest.fixture
async def owing(tmp_path: Path, redis_url: str) -> AsyncGenerator[Owing, None]:
    """A version whose jobs are delivered."""
    async with open_owing(tmp_path / "m.db", redis_url) as opened, opened.delivering():
        yield opened


async def claims(redis_url: str) -> set[str]:
    """Give the consumer names that are claimed."""
    async with redis_at(redis_url) as redis:
        return {key.decode().rpartition(":")[2] for key in await redis.keys(redis_keys.worker("*"))}


async def test_a_source_that_cannot_be_had_fails_with_its_reason(owing: Owing) -> None:
    async with working(owing.redis_url):
        await owing.owe({"gone": spec_of("lost:not_found"), "kept": spec_of("echo")})
        await owing.wait_settled()
        await check_invariants(owing, failed={"gone": "source_not_found"})


async def test_a_mask_that_cannot_be_had_is_told_to_the_drawing(owing: Owing) -> None:
    async with working(owing.redis_url), redis_at(owing.redis_url) as redis:
        await owing.owe({"f": spec_of("echo", masks=["lost:forbidden", "mask"])})
        await owing.wait_settled()
        record = await owing.store.preview(owing.keys["f"])
        assert record is not None
        assert record.report is not None
        assert codec.unpack(record.report)["masks"] == ["mask_forbidden", "source"]
        assert await redis.ttl(redis_keys.preview(owing.keys["f"])) > 0


async def test_a_mask_of_a_type_that_is_never_drawn_is_not_fetched(owing: Owing) -> None:
    async with working(owing.redis_url):
        await owing.owe({"f": spec_of("echo", masks=["lost:not_found", "lost:forbidden/scan.GLB", "mask"])})
        await owing.wait_settled()
        record = await owing.store.preview(owing.keys["f"])
        assert record is not None
        assert record.report is not None
        assert codec.unpack(record.report)["masks"] == ["mask_not_found", "mask_unsupported_type", "source"]


async def test_a_refused_draw_fails_with_its_code(owing: Owing) -> None:
    async with working(owing.redis_url):
        await owing.owe({"f": spec_of("refuse:not_an_image")})
        await owing.wait_settled()
        await check_invariants(owing, failed={"f": "not_an_image"})


async def test_a_draw_past_its_deadline_fails_at_once(owing: Owing) -> None:
    async with working(owing.redis_url, deadline_s=0.4):
        await owing.owe({"f": spec_of("hang")})
        await owing.wait_settled()
        await check_invariants(owing, failed={"f": "render_timeout"})
        record = await owing.store.preview(owing.keys["f"])
        assert record is not None
        assert record.attempts == 1


async def test_a_cached_preview_is_not_drawn_again_unless_forced(owing: Owing) -> None:
    spec = spec_of("echo")
    key = preview_key(spec)
    cached = CachedPreview(key, "ready", "image/webp", 1, 1, b"cached before", codec.pack({"told": "before"}))
    async with redis_at(owing.redis_url) as redis:
        cache = RedisPreviewCache(redis, ttl_s=60)
        await cache.put(cached)
        async with working(owing.redis_url):
            await owing.owe({"f": spec})
            await owing.wait_settled()
            assert await cache.get(key) == cached
            record = await owing.store.preview(key)
            assert record is not None
            assert record.report == cached.report

            await owing.ask("f", spec, force=True)

            async def drawn() -> bool:
                found = await cache.get(key)
                return found is not None and found.body == b"source"

            await wait_until(drawn, description="the forced draw")


async def test_poison_fails_after_its_starts_and_harms_nobody(owing: Owing) -> None:
    async with working(owing.redis_url, children=2, slots=8):
        await owing.owe(
            {"poison": spec_of("sigkill")} | {f"sound{n}": spec_of("wait:0.02", nonce=str(n)) for n in range(12)}
        )
        await owing.wait_settled()
        await check_invariants(owing, failed={"poison": "render_crashed"})
        attempts = {id_: (await owing.store.preview(key)).attempts for id_, key in owing.keys.items()}  # type: ignore[union-attr]
        assert attempts.pop("poison") == 3
        assert set(attempts.values()) == {1}


async def test_a_job_that_was_started_too_often_is_given_up(owing: Owing) -> None:
    """Three workers died over it."""
    async with redis_at(owing.redis_url) as redis:
        await owing.owe({"f": spec_of("echo")})
        await owing.wait_outstanding(1)
        stream = lane_stream(owing.store.generation, "bulk")
        await redis.xreadgroup(redis_keys.GROUP, "dead", {stream: ">"})
        ((entry, _),) = await redis.xrange(stream)
        await redis.xclaim(stream, redis_keys.GROUP, "dead", 0, [entry], idle=5000, retrycount=3, justid=True)
        async with working(owing.redis_url):
            await owing.wait_settled()
        await check_invariants(owing, failed={"f": "gave_up"})


@pytest.mark.parametrize("version", [99, None])
async def test_a_job_this_build_cannot_read_fails_where_its_key_can_be_read(owing: Owing, version: int | None) -> None:
    await owing.owe({"f": spec_of("echo")})
    await owing.wait_outstanding(1)
    stream = lane_stream(owing.store.generation, "bulk")
    async with redis_at(owing.redis_url) as redis:
        ((entry, _),) = await redis.xrange(stream)
        await redis.delete(stream)
        await redis.xgroup_create(stream, redis_keys.GROUP, id="0", mkstream=True)
        strange = {"e": codec.pack({"v": version, "key": owing.keys["f"]})}
        await redis.xadd(stream, strange, id=entry)
        async with working(owing.redis_url):
            await owing.wait_settled()
    await check_invariants(owing, failed={"f": "gave_up"})


@pytest.mark.parametrize("fields", [{"e": b"\xc1"}, {"x": b"y"}, {"e": codec.pack({"key": b"short"})}])
async def test_an_entry_that_is_no_job_is_dropped(owing: Owing, fields: dict[str, bytes]) -> None:
    async with redis_at(owing.redis_url) as redis:
        stream = lane_stream(owing.store.generation, "interactive")
        await redis.xadd(stream, fields, id="1-0")
        async with working(owing.redis_url):
            await owing.owe_many(3)
            await owing.wait_settled()
            await check_invariants(owing)


async def test_a_spec_that_cannot_be_read_fails_its_job(owing: Owing) -> None:
    async with working(owing.redis_url):
        await owing.owe({"f": b"\x80"})
        await owing.wait_settled()
        await check_invariants(owing, failed={"f": "gave_up"})


async def test_a_worker_told_to_stop_finishes_what_is_under_way(owing: Owing) -> None:
    async with working(owing.redis_url, slots=2, children=2, grace_s=5):
        await owing.owe_many(2, "wait:0.5")
        await wait_until(lambda: _pending(owing, 2), description="both under way")
    await owing.wait_settled(timeout_s=1)
    await check_invariants(owing)
    assert await claims(owing.redis_url) == set()


async def test_what_is_not_finished_in_time_is_handed_back_at_once_and_not_blamed(owing: Owing) -> None:
    async with working(owing.redis_url, lease_s=60, grace_s=0.1):
        await owing.owe({"f": spec_of("wait:1")})
        await wait_until(lambda: _pending(owing, 1), description="under way")
    async with working(owing.redis_url, "other", lease_s=60):
        await owing.wait_settled(timeout_s=4)
    await check_invariants(owing)
    record = await owing.store.preview(owing.keys["f"])
    assert record is not None
    assert record.attempts == 1


async def _pending(owing: Owing, count: int) -> bool:
    async with redis_at(owing.redis_url) as redis:
        return bool(
            (await redis.xpending(lane_stream(owing.store.generation, "bulk"), redis_keys.GROUP))["pending"] == count
        )


async def test_namesakes_get_names_of_their_own(owing: Owing) -> None:
    async with working(owing.redis_url, "host"), working(owing.redis_url, "host"), working(owing.redis_url, "host"):
        await wait_until(lambda: _claimed(owing, {"host", "host-2", "host-3"}), description="three names")


async def test_a_worker_whose_name_was_taken_goes_on_under_another(owing: Owing) -> None:
    async with working(owing.redis_url, "host"), redis_at(owing.redis_url) as redis:
        await wait_until(lambda: _claimed(owing, {"host"}), description="the name")
        await redis.set(redis_keys.worker("host"), "somebody else")
        await wait_until(lambda: _claimed(owing, {"host", "host-2"}), description="another name")
        await owing.owe_many(3)
        await owing.wait_settled()
        await check_invariants(owing)


async def _claimed(owing: Owing, names: set[str]) -> bool:
    return await claims(owing.redis_url) == names


async def test_a_worker_waits_for_a_registry_and_follows_its_next_generation(tmp_path: Path, redis_url: str) -> None:
    async with working(redis_url) as worker:
        assert not worker.joined
        async with open_owing(tmp_path / "m.db", redis_url) as owing:
            async with owing.delivering():
                await owing.owe_many(2)
                await owing.wait_settled()
            await owing.store.rotate_generation()
            async with owing.delivering():
                await owing.owe_many(2)
                await owing.wait_settled()
                await check_invariants(owing)
        assert worker.joined


async def test_results_say_who_drew_and_how_long_it_took(redis_url: str) -> None:
    """Without a registry, which would be faster to read them."""
    spec = spec_of("echo")
    event = RenderEvent("frame_added", preview_key(spec), VERSION, "f", spec)
    async with redis_at(redis_url) as redis:
        await redis.set(redis_keys.GENERATION, "g")
        await redis.xadd(lane_stream("g", "bulk"), {"e": encode(event)}, id="7-0")
        async with working(redis_url, "host"):
            ((_, ((_, fields),)),) = await redis.xread({redis_keys.previews_stream("g"): "0"}, block=5000)
    result = decode_result(fields[b"e"])
    assert (result.seq, result.worker, result.state, result.attempts) == (7, "host", "ready", 1)
    assert result.duration_ms is not None


class AtOnce:
    """In place of fetching and drawing."""

    draws_waiting = 0

    async def handle(self, event: RenderEvent, seat: Seat) -> Ending:
        """Say that it is drawn."""
        return Ending("preview_rendered", "ready")


async def test_jobs_that_end_at_once_wait_for_nobody(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their successors are taken while the reader waits for interactive jobs, however long it does."""
    monkeypatch.setattr(worker_loops, "CROWDED_BLOCK_S", 6.0)
    event = encode(RenderEvent("frame_added", bytes(16), VERSION, "f", spec_of("echo")))
    stop = asyncio.Event()
    async with open_clients(redis_url) as clients:
        redis = clients.commands
        await redis.set(redis_keys.GENERATION, "g")
        for number in range(1, 61):
            await redis.xadd(lane_stream("g", "bulk"), {"e": event}, id=f"{number}-0")
        worker = Worker(clients, AtOnce(), Settings(slots=4), name="w", metrics=RendererMetrics())
        async with cancel_on_exit(worker.run(stop), name="worker") as running:

            async def told() -> bool:
                return bool(await redis.xlen(redis_keys.previews_stream("g")) == 60)

            await wait_until(told, description="60 results")
            stop.set()
            await running
