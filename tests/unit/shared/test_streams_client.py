"""The clients never repeat a command, and the server is looked at before it is trusted."""

import asyncio
import signal
import time
from pathlib import Path

import pytest
from redis.exceptions import RedisError, ResponseError
from structlog.testing import capture_logs

from mattebox_runtime.streams.client import COMMAND_TIMEOUT_S, UnsupportedRedis, check_server, lost_group, open_clients
from support.redis_process import running_redis

OLD_SERVER_INFO = b"# Server\r\nredis_version:6.0.16\r\n"


async def test_a_command_of_a_frozen_server_fails_in_time_and_runs_once() -> None:
    with running_redis() as server:
        async with open_clients(server.url) as clients:
            await clients.commands.ping()
            server.send(signal.SIGSTOP)
            began = time.monotonic()
            with pytest.raises(RedisError):
                await clients.commands.xadd("stream", {"a": "b"})
            assert time.monotonic() - began < 2 * COMMAND_TIMEOUT_S
            server.send(signal.SIGCONT)
            assert await clients.commands.xlen("stream") <= 1


async def test_a_blocking_read_outlasts_the_timeout_of_commands(redis_url: str) -> None:
    async with open_clients(redis_url) as clients:
        reading = clients.blocking.execute_command("XREAD", "BLOCK", 5000, "STREAMS", "stream", "0")
        read = asyncio.create_task(reading, name="read")
        await asyncio.sleep(COMMAND_TIMEOUT_S + 0.2)  # what is tested: a silence longer than that
        await clients.commands.xadd("stream", {"a": "b"}, id="1-0")
        assert await read == [[b"stream", [[b"1-0", [b"a", b"b"]]]]]


async def test_more_commands_than_connections_wait_for_their_turn(redis_url: str) -> None:
    async with open_clients(redis_url) as clients:
        numbers = await asyncio.gather(*(clients.commands.incr("n") for _ in range(200)))
    assert sorted(numbers) == list(range(1, 201))


@pytest.mark.parametrize(
    ("options", "events"),
    [
        (("--appendonly", "yes"), []),
        (("--appendonly", "no"), ["redis forgets jobs on restart"]),
        (("--appendonly", "yes", "--maxmemory-policy", "allkeys-lru"), ["redis may evict jobs"]),
    ],
)
async def test_settings_that_lose_jobs_are_warned_of(options: tuple[str, ...], events: list[str]) -> None:
    with running_redis(*options) as server:
        async with open_clients(server.url) as clients:
            with capture_logs() as logs:
                await check_server(clients.commands, server.url)
    assert [entry["event"] for entry in logs] == events


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("redis://127.0.0.1:6379/0", False),
        ("redis://localhost", False),
        ("redis://[::1]:6379", False),
        ("unix:///run/redis.sock", False),
        ("redis://redis:6379", True),
        ("redis://10.0.0.7", True),
        ("redis://:secret@10.0.0.7", False),
    ],
)
async def test_a_server_open_to_its_network_is_warned_of(redis_url: str, url: str, is_open: bool) -> None:
    async with open_clients(redis_url) as clients:
        with capture_logs() as logs:
            await check_server(clients.commands, url)
    assert ("redis is open to its network" in [entry["event"] for entry in logs]) == is_open


async def test_a_server_that_is_too_old_is_refused(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                if line.strip().upper() == b"INFO":
                    writer.write(b"$%d\r\n%s\r\n" % (len(OLD_SERVER_INFO), OLD_SERVER_INFO))
                elif line.strip().upper() == b"SETINFO":
                    writer.write(b"-ERR unknown\r\n")
        finally:
            writer.close()

    socket = tmp_path / "old.sock"
    async with await asyncio.start_unix_server(answer, socket), open_clients(f"unix://{socket}") as clients:
        with pytest.raises(UnsupportedRedis, match=r"6\.0\.16 is too old"):
            await check_server(clients.commands, f"unix://{socket}")


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (ResponseError("NOGROUP No such key"), True),
        (ResponseError("UNBLOCKED the stream key no longer exists"), True),
        (ResponseError("MISCONF Errors writing to the AOF file"), False),
        (RedisError("NOGROUP"), False),
    ],
)
def test_only_a_vanished_group_is_a_lost_group(error: RedisError, lost: bool) -> None:
    assert lost_group(error) is lost
