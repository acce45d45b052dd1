"""A consumer settles, renews and restarts only what is its own; on a real Redis."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from redis.exceptions import RedisError

from mattebox_runtime import redis_keys
from mattebox_runtime.events import Lane
from mattebox_runtime.streams.client import StreamClients, lost_group, open_clients
from mattebox_runtime.streams.consumer import (
    Consumer,
    Delivery,
    Identity,
    claim_name,
    current_generation,
    forget_silent,
    is_claimed,
    lane_stream,
)
from mattebox_runtime.streams.scripts import load_script, pack_list
from support.wait import wait_until

BULK = lane_stream("g", "bulk")
INTERACTIVE = lane_stream("g", "interactive")
RESULTS = redis_keys.previews_stream("g")


@pytest.fixture
async def clients(redis_url: str) -> AsyncGenerator[StreamClients, None]:
    """Clients of an empty Redis."""
    async with open_clients(redis_url) as opened:
        yield opened


@pytest.fixture
async def mine(clients: StreamClients) -> Consumer:
    """A consumer that joined."""
    consumer = Consumer(clients, "g", Identity("me", "token"))
    await consumer.join()
    return consumer


@pytest.fixture
def other(clients: StreamClients) -> Consumer:
    """Another of the same group."""
    return Consumer(clients, "g", Identity("other", "its token"))


async def publish(clients: StreamClients, stream: str, *numbers: int) -> list[bytes]:
    """Publish jobs whose events are their numbers; give the refused ids."""
    jobs = [part for number in numbers for part in (f"{number}-0", str(number).encode())]
    refused: list[bytes] = await load_script(clients.commands, "publish")([stream], [pack_list(jobs)])
    return refused


def held(*deliveries: Delivery) -> list[tuple[Lane, bytes]]:
    """Name deliveries as `take_own` and `renew` want them."""
    return [(delivery.lane, delivery.id) for delivery in deliveries]


async def test_a_job_published_again_is_left_as_it_is(clients: StreamClients) -> None:
    assert await publish(clients, BULK, 1, 2) == []
    assert await publish(clients, BULK, 1, 2, 3) == []
    assert await clients.commands.xlen(BULK) == 3


async def test_a_number_used_up_by_a_job_that_is_gone_is_told(clients: StreamClients) -> None:
    await publish(clients, BULK, 1, 2)
    await clients.commands.xdel(BULK, "1-0")
    assert await publish(clients, BULK, 1, 2) == [b"1-0"]


async def test_an_event_of_any_bytes_arrives_as_it_was(clients: StreamClients, mine: Consumer) -> None:
    event = bytes(range(256)) * 300
    await load_script(clients.commands, "publish")([BULK], [pack_list(["1-0", event])])
    assert await mine.read(1) == [Delivery("bulk", b"1-0", event, 1)]


async def test_the_interactive_lane_is_served_first_and_the_limit_holds(clients: StreamClients, mine: Consumer) -> None:
    await publish(clients, BULK, 1, 2, 3)
    await publish(clients, INTERACTIVE, 4)
    assert [(job.lane, job.seq) for job in await mine.read(3)] == [("interactive", 4), ("bulk", 1), ("bulk", 2)]
    assert [job.seq for job in await mine.read(3)] == [3]


async def test_the_bulk_lane_is_first_where_it_is_asked_for_so(clients: StreamClients, mine: Consumer) -> None:
    await publish(clients, INTERACTIVE, 1, 2, 3, 4)
    await publish(clients, BULK, 5, 6)
    assert [job.seq for job in await mine.read(3, bulk_first=1)] == [5, 1, 2]
    assert [job.seq for job in await mine.read(5, kept=1, bulk_first=1)] == [6, 3, 4]


async def test_what_is_sent_ahead_is_done_before_the_result_is_out(clients: StreamClients, mine: Consumer) -> None:
    await publish(clients, BULK, 1)
    finished = await mine.finish(
        [(job, b"result") for job in await mine.read(1)],
        ahead=[("XLEN", RESULTS), ("SET", "key", "picture"), ("LPUSH", "key", "no list")],
    )
    assert finished.accepted == [True]
    assert finished.ahead[:2] == [0, b"OK"]
    assert isinstance(finished.ahead[2], RedisError)


async def test_a_wait_that_is_given_up_takes_no_job(clients: StreamClients, mine: Consumer, other: Consumer) -> None:
    """Or nobody would have it until its lease ran out."""
    waiting = asyncio.create_task(mine.wait(60), name="waiting")

    async def blocked() -> bool:
        return bool((await clients.commands.info("clients"))["blocked_clients"])

    await wait_until(blocked, description="the wait")
    waiting.cancel()
    await asyncio.wait([waiting])

    async def left() -> bool:
        return not await blocked()

    await wait_until(left, description="its end")
    await publish(clients, BULK, 1)
    assert [job.seq for job in await other.read(1)] == [1]


async def test_waiting_gives_nothing_when_nothing_comes(mine: Consumer) -> None:
    assert await mine.wait(0.01) == []


async def test_finishing_sends_the_result_and_deletes_the_job_once(clients: StreamClients, mine: Consumer) -> None:
    await publish(clients, BULK, 1)
    (job,) = await mine.read(1)
    assert (await mine.finish([(job, b"result")])).accepted == [True]
    assert (await mine.finish([(job, b"again")])).accepted == [False]
    assert [fields for _, fields in await clients.commands.xrange(RESULTS) or []] == [{b"e": b"result"}]
    assert await clients.commands.xlen(BULK) == 0
    assert (await clients.commands.xpending(BULK, redis_keys.GROUP))["pending"] == 0


async def test_finishing_takes_successors_the_interactive_one_first(clients: StreamClients, mine: Consumer) -> None:
    await publish(clients, BULK, 1, 2, 3, 4, 5)
    jobs = await mine.read(2)
    await publish(clients, INTERACTIVE, 6)
    accepted, successors, _ = await mine.finish([(job, b"result") for job in jobs], successors=2)
    assert accepted == [True, True]
    assert [(job.lane, job.seq) for job in successors] == [("interactive", 6), ("bulk", 3)]
    assert (await mine.finish([(job, b"result") for job in successors])).successors == []
    assert [job.seq for job in await mine.read(5)] == [4, 5]


async def test_of_jobs_finished_together_only_those_that_are_not_the_callers_are_refused(
    clients: StreamClients, mine: Consumer, other: Consumer
) -> None:
    await publish(clients, BULK, 1, 2, 3)
    jobs = await mine.read(3)
    await other.take_idle([("bulk", jobs[0].id)], 1, idle_s=0)
    finished = [(job, f"{job.seq}".encode()) for job in (*jobs, jobs[2])]
    assert (await mine.finish(finished)).accepted == [True, False, True, False]
    assert [fields for _, fields in await clients.commands.xrange(RESULTS) or []] == [{b"e": b"1"}, {b"e": b"3"}]
    assert [id_ for id_, _ in await clients.commands.xrange(BULK) or []] == [b"2-0"]


async def test_a_job_taken_over_is_no_longer_the_first_ones(
    clients: StreamClients, mine: Consumer, other: Consumer
) -> None:
    await publish(clients, BULK, 1)
    (job,) = await mine.read(1)
    (taken,) = await other.take_idle([], 5, idle_s=0)
    assert taken == job._replace(starts=2)
    assert (await mine.finish([(job, b"late")])).accepted == [False]
    assert await mine.restart(job) is None
    await mine.renew(held(job), name_for_s=5)
    assert (await other.finish([(taken, b"right")])).accepted == [True]
    assert [fields for _, fields in await clients.commands.xrange(RESULTS) or []] == [{b"e": b"right"}]


async def test_a_renewed_lease_keeps_a_job_from_being_taken(
    clients: StreamClients, mine: Consumer, other: Consumer
) -> None:
    await publish(clients, BULK, 1)
    (job,) = await mine.read(1)
    await clients.commands.xclaim(BULK, redis_keys.GROUP, "me", 0, [job.id], idle=60_000, justid=True)
    assert await mine.renew(held(job), name_for_s=5)
    assert await other.take_idle([], 5, idle_s=30) == []
    (pending,) = await clients.commands.xpending_range(BULK, redis_keys.GROUP, "-", "+", 5)
    assert pending["times_delivered"] == 1


async def test_only_jobs_silent_for_long_enough_are_taken_and_none_that_is_held(
    clients: StreamClients, mine: Consumer, other: Consumer
) -> None:
    await publish(clients, BULK, 1, 2, 3)
    jobs = await mine.read(3)
    assert await other.take_idle([], 5, idle_s=60) == []
    assert [job.seq for job in await mine.take_idle(held(jobs[1]), 5, idle_s=0)] == [1, 3]


async def test_own_jobs_are_found_again_and_count_as_started_only_after_a_restart(
    clients: StreamClients, mine: Consumer
) -> None:
    await publish(clients, BULK, 1, 2)
    first, second = await mine.read(2)
    assert await mine.take_own(held(first), 5, restarted=False) == [second]
    assert await mine.take_own([], 1, restarted=True) == [first._replace(starts=2)]


async def test_a_deleted_job_is_acknowledged_instead_of_taken(
    clients: StreamClients, mine: Consumer, other: Consumer
) -> None:
    await publish(clients, BULK, 1, 2)
    await mine.read(2)
    await clients.commands.xdel(BULK, "1-0")
    assert [job.seq for job in await other.take_idle([], 5, idle_s=0)] == [2]
    assert (await clients.commands.xpending(BULK, redis_keys.GROUP))["pending"] == 1


async def test_a_restart_counts(clients: StreamClients, mine: Consumer) -> None:
    await publish(clients, BULK, 1)
    (job,) = await mine.read(1)
    assert await mine.restart(job) == job._replace(starts=2)
    assert await mine.restart(job) == job._replace(starts=3)


async def test_who_lost_the_name_can_settle_nothing_under_it(clients: StreamClients, mine: Consumer) -> None:
    await publish(clients, BULK, 1)
    (job,) = await mine.read(1)
    await clients.commands.set(redis_keys.worker("me"), "a namesake's token")
    assert not await mine.renew(held(job), name_for_s=5)
    assert await mine.restart(job) is None
    await publish(clients, BULK, 2)
    assert await mine.finish([(job, b"stale")], successors=1) == ([False], [], [])
    assert await mine.release(lease_s=1) == 0
    assert await clients.commands.get(redis_keys.worker("me")) == b"a namesake's token"


async def test_released_jobs_can_be_taken_at_once_and_count_no_start(
    clients: StreamClients, mine: Consumer, other: Consumer
) -> None:
    await publish(clients, BULK, 1, 2)
    await mine.read(2)
    assert await mine.release(lease_s=30) == 2
    assert [job.starts for job in await other.take_idle([], 5, idle_s=30)] == [1, 1]


async def test_names_are_claimed_for_a_while_and_numbered_where_taken(clients: StreamClients) -> None:
    redis = clients.commands
    assert await claim_name(redis, "host", "a", lasting_s=60) == Identity("host", "a")
    assert await claim_name(redis, "host", "a", lasting_s=60) == Identity("host", "a")
    assert await claim_name(redis, "host", "b", lasting_s=60) == Identity("host-2", "b")
    assert 0 < await redis.pttl(redis_keys.worker("host-2")) <= 60_000


async def test_a_name_is_claimed_also_by_whoever_took_a_numbered_one(clients: StreamClients) -> None:
    """A renderer that was killed and is back before its claim ran out."""
    redis = clients.commands
    for token in ("of the killed one", "of the next"):
        await claim_name(redis, "host", token, lasting_s=60)
    await redis.delete(redis_keys.worker("host"))
    assert await is_claimed(redis, "host")
    assert not await is_claimed(redis, "hos")


async def test_silent_consumers_are_forgotten_unless_they_hold_a_job(
    clients: StreamClients, mine: Consumer, other: Consumer
) -> None:
    await publish(clients, BULK, 1, 2)
    (job,) = await mine.read(1)
    await other.read(1)
    await mine.finish([(job, b"result")])
    assert await forget_silent(clients.commands, "g", silent_s=60) == 0

    async def forgotten() -> bool:
        return await forget_silent(clients.commands, "g", silent_s=0.001) == 1

    await wait_until(forgotten, description="a millisecond of silence")
    (left,) = await clients.commands.xinfo_consumers(BULK, redis_keys.GROUP)
    assert (left["name"], left["pending"]) == (b"other", 1)
    assert await forget_silent(clients.commands, "no such", silent_s=0.001) == 0


async def test_a_vanished_group_shows_as_such_and_is_made_again_from_the_beginning(
    clients: StreamClients, mine: Consumer
) -> None:
    await publish(clients, BULK, 1)
    await clients.commands.xgroup_destroy(BULK, redis_keys.GROUP)
    for reading in (mine.read(1), mine.wait(0.01), mine.take_own([], 1, restarted=False)):
        with pytest.raises(RedisError) as raised:
            await reading
        assert lost_group(raised.value)
    await mine.join()
    assert [job.seq for job in await mine.read(1)] == [1]


async def test_finishing_without_a_group_is_refused(clients: StreamClients, mine: Consumer) -> None:
    await publish(clients, BULK, 1)
    (job,) = await mine.read(1)
    await clients.commands.flushall()
    assert await mine.finish([(job, b"late")], successors=1) == ([False], [], [])
    assert await mine.renew(held(job), name_for_s=5)


async def test_no_generation_is_none(clients: StreamClients) -> None:
    assert await current_generation(clients.line) is None
    await clients.commands.set(redis_keys.GENERATION, "g")
    assert await current_generation(clients.line) == "g"
