"""Whatever dies, freezes or forgets: nothing acknowledged is lost, nothing is stuck, nothing changes twice."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from mattebox_runtime import redis_keys
from mattebox_runtime.streams.consumer import lane_stream
from support.delivered import Owing, open_owing, redis_at
from support.invariants import check_invariants
from support.redis_process import running_redis
from support.wait import wait_until
from support.working import worker_process, working


@pytest.fixture
async def owing(tmp_path: Path, redis_url: str) -> AsyncGenerator[Owing, None]:
    """A version whose jobs are delivered."""
    async with open_owing(tmp_path / "m.db", redis_url) as opened, opened.delivering():
        yield opened


async def under_way(owing: Owing, *, at_least: int = 1) -> None:
    """Wait until workers hold bulk jobs."""
    async with redis_at(owing.redis_url) as redis:

        async def held() -> bool:
            groups = await redis.xinfo_groups(lane_stream(owing.store.generation, "bulk"))
            return bool(groups) and groups[0]["pending"] >= at_least

        await wait_until(held, description="jobs under way")


async def test_a_worker_killed_while_drawing_loses_nothing(owing: Owing) -> None:
    with worker_process(owing.redis_url, "doomed", lease_s=1.0) as doomed:
        await owing.owe_many(6, "wait:0.3")
        await under_way(owing)
        doomed.end()
        async with working(owing.redis_url, "heir", children=2):
            await owing.wait_settled()
            await check_invariants(owing)


async def test_a_frozen_worker_is_replaced_and_its_late_results_are_refused(owing: Owing) -> None:
    with worker_process(owing.redis_url, "frozen", lease_s=1.0, children=2) as frozen:
        await owing.owe_many(4, "wait:0.3")
        await under_way(owing, at_least=2)
        frozen.send(signal.SIGSTOP)
        async with working(owing.redis_url, "heir", children=2):
            await owing.wait_settled()
            settled = list(owing.changes)
            frozen.send(signal.SIGCONT)
            # It works on: what it does from now on is its own.
            await owing.owe_many(10, "wait:0.1")
            await owing.wait_settled()
            await check_invariants(owing)
    assert owing.changes[: len(settled)] == settled


async def test_a_worker_ends_within_its_grace_on_sigterm_and_at_once_on_the_second(owing: Owing) -> None:
    with worker_process(owing.redis_url, "polite", grace_s=20.0, deadline_s=30.0) as worker:
        await owing.owe_many(1, "wait:0.5")
        await under_way(owing)
        worker.send(signal.SIGTERM)
        assert await asyncio.to_thread(worker.process.wait, 20) == 0
    # What it had been handed and not begun is given back.
    async with working(owing.redis_url, "heir"):
        await owing.wait_settled()
    await check_invariants(owing)
    with worker_process(owing.redis_url, "hasty", grace_s=20.0, deadline_s=30.0) as worker:
        await owing.owe_many(1, "wait:15")
        await under_way(owing)
        worker.send(signal.SIGTERM)
        await wait_until(lambda: _repeat(worker.process, signal.SIGTERM), description="the end on a second signal")
        assert worker.process.returncode == -signal.SIGTERM


def _repeat(process: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    if process.poll() is None:
        process.send_signal(number)
        return False
    return True


async def flush(redis: Redis, owing: Owing) -> None:
    """Forget everything."""
    await redis.flushall()


async def delete_groups(redis: Redis, owing: Owing) -> None:
    """Forget who has which job, and keep the jobs."""
    for lane in ("bulk", "interactive"):
        await redis.xgroup_destroy(lane_stream(owing.store.generation, lane), redis_keys.GROUP)


async def delete_streams(redis: Redis, owing: Owing) -> None:
    """Forget the jobs, and keep the generation."""
    await redis.delete(lane_stream(owing.store.generation, "bulk"))


@pytest.mark.parametrize("fault", [flush, delete_groups, delete_streams])
async def test_what_redis_forgets_is_made_again(owing: Owing, fault: Callable[[Redis, Owing], Awaitable[None]]) -> None:
    async with working(owing.redis_url, children=2), redis_at(owing.redis_url) as redis:
        await owing.owe_many(60, "wait:0.01")
        await under_way(owing)
        await fault(redis, owing)
        await owing.wait_settled()
        await owing.owe_many(2)
        await owing.wait_settled()
        await check_invariants(owing)


@pytest.mark.parametrize("fault", [flush, delete_groups])
async def test_a_waiting_worker_survives_what_redis_forgets(
    owing: Owing, fault: Callable[[Redis, Owing], Awaitable[None]]
) -> None:
    async with working(owing.redis_url), redis_at(owing.redis_url) as redis:
        await owing.owe_many(1)
        await owing.wait_settled()
        await fault(redis, owing)
        await owing.owe_many(3)
        await owing.wait_settled()
        await check_invariants(owing)


async def test_a_redis_that_restarts_empty_costs_nothing_but_time(tmp_path: Path) -> None:
    with running_redis() as server:
        async with open_owing(tmp_path / "m.db", server.url) as owing, owing.delivering(), working(server.url):
            await owing.owe_many(60, "wait:0.01")
            await under_way(owing)
            server.kill()
            await owing.owe_many(10)
            server.start()
            await owing.wait_settled()
            await check_invariants(owing)


async def test_a_frozen_redis_costs_nothing_but_time(tmp_path: Path) -> None:
    with running_redis() as server:
        async with open_owing(tmp_path / "m.db", server.url) as owing, owing.delivering(), working(server.url):
            await owing.owe_many(60, "wait:0.01")
            await under_way(owing)
            server.send(signal.SIGSTOP)
            await owing.owe_many(10)
            await asyncio.sleep(3)  # the fault itself: longer than every timeout of a command
            server.send(signal.SIGCONT)
            await owing.wait_settled()
            await check_invariants(owing)


async def test_a_full_redis_delays_jobs_and_costs_no_preview_its_state(tmp_path: Path) -> None:
    """Neither jobs nor previews nor results can be written; what was drawn meanwhile is told afterwards."""
    with running_redis("--maxmemory-policy", "noeviction") as server:
        async with (
            open_owing(tmp_path / "m.db", server.url) as owing,
            redis_at(server.url) as redis,
            owing.delivering(),
        ):
            await owing.owe_many(5)
            await owing.wait_outstanding(5)
            await redis.config_set("maxmemory", "1mb")
            await owing.owe_many(5)
            async with working(server.url):

                async def refuses() -> bool:
                    errors = await redis.info("errorstats")
                    return int(errors.get("errorstat_OOM", {}).get("count", 0)) >= 5

                await wait_until(refuses, description="refused writes")
                await redis.config_set("maxmemory", "0")
                await owing.wait_settled()
                await check_invariants(owing)
