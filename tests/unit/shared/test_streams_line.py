"""One connection that many send over: whatever happens to one of them, each gets its own answer."""

import asyncio
import signal
from collections.abc import AsyncGenerator

import pytest
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as AnswerOverdue

from mattebox_runtime.streams.client import StreamClients, open_clients
from mattebox_runtime.streams.line import Line
from support.redis_process import running_redis
from support.wait import wait_until

ECHO = "return {KEYS[1], ARGV[1]}"


@pytest.fixture
async def clients(redis_url: str) -> AsyncGenerator[StreamClients, None]:
    """Ways to an empty Redis."""
    async with open_clients(redis_url) as opened:
        yield opened


async def echo(clients: StreamClients, word: bytes) -> object:
    """Run a script that answers what it is given."""
    answer, _ = await clients.line.run(clients.commands.register_script(ECHO), ["key"], [word])
    return answer


async def test_a_script_that_the_server_lost_is_sent_again_and_what_was_ahead_is_not(clients: StreamClients) -> None:
    assert await echo(clients, b"once") == [b"key", b"once"]
    await clients.commands.script_flush()
    script = clients.commands.register_script(ECHO)
    answer, ahead = await clients.line.run(script, ["key"], [b"twice"], [("INCR", "n"), ("LPUSH", "n", "x")])
    assert answer == [b"key", b"twice"]
    assert ahead[0] == 1
    assert isinstance(ahead[1], ResponseError)
    assert await clients.line.execute_command("GET", "n") == b"1"


async def test_a_lost_connection_fails_what_is_under_way_and_is_made_anew(clients: StreamClients) -> None:
    waiting = asyncio.create_task(clients.line.execute_command("BLPOP", "nothing", 0), name="waiting")

    async def blocked() -> bool:
        return bool((await clients.commands.info("clients"))["blocked_clients"])

    await wait_until(blocked, description="the call")
    await clients.commands.client_kill_filter(_type="normal", skipme=True)
    with pytest.raises(ConnectionLost):
        await waiting
    assert await echo(clients, b"again") == [b"key", b"again"]


async def test_the_answer_to_a_cancelled_call_is_nobody_elses(clients: StreamClients) -> None:
    await echo(clients, b"connected")
    cancelled = asyncio.create_task(echo(clients, b"unread"), name="cancelled")
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.wait([cancelled])
    assert await echo(clients, b"next") == [b"key", b"next"]


async def test_a_commands_own_fault_is_raised_and_harms_no_other(clients: StreamClients) -> None:
    with pytest.raises(ResponseError):
        await clients.line.run(clients.commands.register_script("return redis.call('NONE')"), [], [])
    assert await echo(clients, b"next") == [b"key", b"next"]


async def test_calls_at_the_same_time_get_each_their_answer(clients: StreamClients) -> None:
    words = [b"%d" % number for number in range(20)]
    assert await asyncio.gather(*(echo(clients, word) for word in words)) == [[b"key", word] for word in words]


async def test_a_long_answer_comes_whole(clients: StreamClients) -> None:
    long = bytes(range(256)) * 10_000
    assert await clients.line.execute_command("SET", "long", long) == b"OK"
    assert await clients.line.execute_command("GET", "long") == long


async def test_a_server_that_stands_still_is_given_up_and_one_that_is_gone_is_told() -> None:
    with running_redis() as server:
        async with open_clients(server.url) as clients:
            line = Line(clients.commands, timeout_s=0.2)
            assert await line.execute_command("PING") == b"PONG"
            server.send(signal.SIGSTOP)
            with pytest.raises(AnswerOverdue):
                await line.execute_command("PING")
            server.send(signal.SIGCONT)
            assert await line.execute_command("PING") == b"PONG"
            server.kill()
            for _ in range(2):
                with pytest.raises(RedisError):
                    await line.execute_command("PING")
            await line.close()


async def test_it_authenticates_and_chooses_the_database() -> None:
    with running_redis() as server:
        async with open_clients(server.url) as clients:
            await clients.commands.config_set("requirepass", "secret")
        async with open_clients(f"{server.url}?password=secret&db=3") as clients:
            await clients.line.execute_command("SET", "key", "value")
            assert await clients.commands.get("key") == b"value"
        async with open_clients(server.url) as clients:
            with pytest.raises(RedisError):
                await clients.line.execute_command("GET", "key")
