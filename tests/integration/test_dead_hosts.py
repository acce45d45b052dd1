"""Hosts that do not answer hold up nobody but those who want something of them."""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from mattebox_renderer.fetch import Fetcher, FetchFailed, open_fetcher
from mattebox_renderer.settings import Settings
from mattebox_runtime.preview_cache import RedisPreviewCache
from support.chaos import CONTENT, ChaosOrigin, running_origin
from support.delivered import VERSION, Owing, open_owing, redis_at, spec_of
from support.invariants import check_invariants
from support.wait import wait_until
from support.working import working

LATER_S = 60.0
"""Longer than a test takes."""


@pytest.fixture
async def origin() -> AsyncIterator[ChaosOrigin]:
    """A host that misbehaves on request."""
    async with running_origin() as origin:
        yield origin


@pytest.fixture
async def good() -> AsyncIterator[ChaosOrigin]:
    """Another host."""
    async with running_origin() as origin:
        yield origin


@pytest.fixture
async def owing(tmp_path: Path, redis_url: str) -> AsyncGenerator[Owing, None]:
    """A version whose jobs are delivered."""
    async with open_owing(tmp_path / "m.db", redis_url) as opened, opened.delivering():
        yield opened


def settings(data: Path, **given: Any) -> Settings:
    """Settings that let a fetch reach the servers of this test."""
    return Settings(data=str(data), allow_cidrs=("127.0.0.0/8",), **given)


@pytest.fixture
def closed_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def reason(fetcher: Fetcher, uri: str) -> str | None:
    """Give the reason for which a fetch fails, if it does."""
    try:
        (await fetcher.fetch(uri)).close()
    except FetchFailed as failed:
        return failed.reason
    return None


async def drawn(owing: Owing, key: bytes) -> bool:
    """Tell whether a preview is there."""
    async with redis_at(owing.redis_url) as redis:
        return await RedisPreviewCache(redis, ttl_s=60).get(key) is not None


async def test_jobs_of_a_hanging_host_leave_the_slots_to_others(
    owing: Owing, tmp_path: Path, origin: ChaosOrigin, good: ChaosOrigin
) -> None:
    """Those behind them are drawn while they hang, and what somebody clicks on too."""
    async with (
        open_fetcher(settings(tmp_path, host_pause_s=LATER_S)) as fetcher,
        working(owing.redis_url, fetcher=fetcher, grace_s=0.0),
    ):
        await owing.owe_many(200, origin.url("/hang"))
        await owing.owe({f"good{n}": spec_of(good.url("/good"), nonce=str(n)) for n in range(20)})

        async def good_ready() -> bool:
            return (await owing.store.preview_counts(VERSION))["ready"] == 20

        await wait_until(good_ready, description="the good ones", timeout_s=5)
        clicked = await owing.ask("f00000", spec_of(good.url("/good"), nonce="clicked"))
        await wait_until(lambda: drawn(owing, clicked), description="the one asked for", timeout_s=2)
        assert (await owing.store.preview_counts(VERSION))["pending"] == 200
        # Of one URI there is one download at a time, whoever asks.
        assert origin.most_under_way == 1


async def test_a_click_overtakes_what_waits_for_a_drawing_process(owing: Owing) -> None:
    """Bulk jobs hold every slot that is theirs."""
    async with working(owing.redis_url, grace_s=0.0):
        await owing.owe_many(40, "wait:0.1")

        async def some_ready() -> int:
            return (await owing.store.preview_counts(VERSION))["ready"]

        await wait_until(some_ready, description="work under way")
        clicked = await owing.ask("f00000", spec_of("echo", nonce="clicked"))
        before = await some_ready()
        await wait_until(lambda: drawn(owing, clicked), description="the one asked for")
        # The one being drawn, and what ended while this looked.
        assert await some_ready() - before <= 4


async def test_frames_of_a_dead_host_are_told_failed_in_seconds(owing: Owing, tmp_path: Path, closed_port: int) -> None:
    dead = f"http://127.0.0.1:{closed_port}/a.png"
    async with (
        open_fetcher(settings(tmp_path, host_pause_s=0.5)) as fetcher,
        working(owing.redis_url, fetcher=fetcher),
    ):
        await owing.owe_many(1500, dead)
        await owing.wait_settled(timeout_s=10)
        await check_invariants(owing, failed=dict.fromkeys(owing.keys, "source_unreachable"))


async def test_a_silent_host_is_not_asked_until_its_pause_is_over(tmp_path: Path, origin: ChaosOrigin) -> None:
    given = settings(tmp_path, fetch_timeout_s=0.3, host_pause_s=0.5, fetch_tries=1)
    async with open_fetcher(given) as fetcher:
        silent = await asyncio.gather(*(reason(fetcher, origin.url(f"/hang?{n}")) for n in range(40)))
        # Those that had a turn, and those that got one before the fourth failure; the others were spared the time.
        asked = silent.count("timeout")
        assert asked <= 8
        assert silent.count("unreachable") == 40 - asked
        assert await reason(fetcher, origin.url("/good")) == "unreachable"
        assert origin.requests == {"/hang": asked}

        async def answers() -> bool:
            return await reason(fetcher, origin.url("/good")) is None

        await wait_until(answers, description="the end of the pause", timeout_s=3)
        assert origin.requests == {"/hang": asked, "/good": 1}
        assert await asyncio.gather(*(answers() for _ in range(8))) == [True] * 8


@pytest.mark.parametrize("path", ["/status/500", "/drip", "/short"])
async def test_a_host_that_answers_badly_is_asked_on(tmp_path: Path, origin: ChaosOrigin, path: str) -> None:
    """One bad file says nothing of the others."""
    given = settings(tmp_path, fetch_timeout_s=0.2, host_pause_s=0.1, fetch_tries=2)
    async with open_fetcher(given) as fetcher:
        await asyncio.gather(*(reason(fetcher, origin.url(path)) for _ in range(8)))
        fetched = await fetcher.fetch(origin.url("/good"))
        assert fetched.size == len(CONTENT)
        fetched.close()


async def test_where_a_host_redirects_to_is_not_held_against_it(
    tmp_path: Path, origin: ChaosOrigin, closed_port: int
) -> None:
    async with open_fetcher(settings(tmp_path, host_pause_s=0.01, fetch_tries=1)) as fetcher:
        away = origin.url(f"/redirect?to=http://127.0.0.1:{closed_port}/")
        assert set(await asyncio.gather(*(reason(fetcher, away) for _ in range(8)))) == {"unreachable"}
        assert await reason(fetcher, origin.url("/good")) is None


class NameUnknown(AbstractResolver):
    """Knows no name."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Fail as the system's resolver does."""
        self.asked += 1
        raise OSError(socket.EAI_NONAME, "Name or service not known")

    async def close(self) -> None:
        """Nothing to close."""


async def test_an_unknown_name_is_looked_up_twice(tmp_path: Path) -> None:
    resolver = NameUnknown()
    async with open_fetcher(settings(tmp_path), resolver=resolver) as fetcher:
        assert await reason(fetcher, "http://host.invalid/") == "unreachable"
    assert resolver.asked == 2


async def test_what_jobs_hold_in_memory_is_bounded_and_no_job_is_lost_to_it(
    owing: Owing, tmp_path: Path, good: ChaosOrigin
) -> None:
    """Jobs whose files find no room are drawn one after the other."""
    room = len(CONTENT) + 1
    async with (
        open_fetcher(settings(tmp_path)) as fetcher,
        working(owing.redis_url, fetcher=fetcher, max_held_bytes=room),
    ):
        two = {f"two{n}": spec_of(good.url("/good"), masks=[good.url("/chunked")], nonce=str(n)) for n in range(5)}
        await owing.owe(two | {f"one{n}": spec_of(good.url("/good"), nonce=f"one{n}") for n in range(20)})

        async def all_ready() -> bool:
            return (await owing.store.preview_counts(VERSION))["ready"] == 25

        await wait_until(all_ready, description="all of them")
