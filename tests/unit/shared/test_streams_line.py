"""One connection that scripts run over: whatever happens to one of them, the next gets its own answer."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import ResponseError

from mattebox_runtime.streams.client import StreamClients, open_clients

ECHO = "return {KEYS[1], ARGV[1]}"


@pytest.fixture
async def clients(redis_url: str) -> AsyncGenerator[StreamClients, None]:
    """Ways to an empty Redis."""
    async with open_clients(redis_url) as opened:
        yield opened


async def echo(clients: StreamClients, word: bytes) -> object:
    """Run a script that answers what it is given."""
    return await clients.turns.run(clients.commands.register_script(ECHO), ["key"], [word])


async def test_a_script_that_the_server_lost_is_sent_again(clients: StreamClients) -> None:
    assert await echo(clients, b"once") == [b"key", b"once"]
    await clients.commands.script_flush()
    assert await echo(clients, b"twice") == [b"key", b"twice"]


async def test_a_lost_connection_fails_one_run_and_is_made_anew(clients: StreamClients) -> None:
    await echo(clients, b"connected")
    await clients.commands.client_kill_filter(_type="normal", skipme=True)
    with pytest.raises(ConnectionLost):
        await echo(clients, b"lost")
    assert await echo(clients, b"again") == [b"key", b"again"]


async def test_the_answer_to_a_cancelled_run_is_nobody_elses(clients: StreamClients) -> None:
    await echo(clients, b"connected")
    cancelled = asyncio.create_task(echo(clients, b"unread"))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.wait([cancelled])
    assert await echo(clients, b"next") == [b"key", b"next"]


async def test_a_scripts_own_fault_is_raised_and_harms_no_other(clients: StreamClients) -> None:
    with pytest.raises(ResponseError):
        await clients.turns.run(clients.commands.register_script("return redis.call('NONE')"), [], [])
    assert await echo(clients, b"next") == [b"key", b"next"]


async def test_runs_at_the_same_time_get_each_their_answer(clients: StreamClients) -> None:
    words = [b"%d" % number for number in range(20)]
    assert await asyncio.gather(*(echo(clients, word) for word in words)) == [[b"key", word] for word in words]
