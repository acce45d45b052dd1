"""The registry as a process of its own."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from mattebox_registry.server import is_well
from mattebox_registry.settings import Settings


@asynccontextmanager
async def registry(*arguments: str) -> AsyncGenerator[Process, None]:
    """Run the command until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mattebox_registry", *arguments, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def port_of(process: Process) -> int:
    """Wait for the line of the log that says where it listens."""
    assert process.stderr is not None
    async for line in process.stderr:
        event = json.loads(line)
        if event["event"] == "registry listening":
            return int(event["port"])
    msg = "it did not come up"
    raise AssertionError(msg)


def options(data: Path, port: int, redis_url: str) -> list[str]:
    return ["--data", str(data), "--port", str(port), "--redis-url", redis_url, "--log-level", "info"]


async def test_it_serves_until_it_is_asked_to_stop(tmp_path: Path, redis_url: str) -> None:
    """Also told by its `health` command; one port serves one registry; SIGTERM is a clean end."""
    async with registry(*options(tmp_path, 0, redis_url)) as first:
        port = await port_of(first)
        settings = Settings(port=port)
        assert await is_well(settings)
        given = options(tmp_path / "other", port, redis_url)
        async with registry(*given, "health") as health, registry(*given) as second:
            assert await health.wait() == 0
            _, complaint = await second.communicate()
            assert second.returncode == 1
            assert b"address already in use" in complaint
            assert b"Traceback" not in complaint
        first.send_signal(signal.SIGTERM)
        _, log = await first.communicate()
        assert first.returncode == 0
        assert b"Traceback" not in log
    assert not await is_well(settings)


async def test_a_second_registry_on_the_same_data_is_refused(tmp_path: Path, redis_url: str) -> None:
    """Two would give out the same job numbers; a killed one leaves the directory free."""
    async with registry(*options(tmp_path, 0, redis_url)) as first:
        await port_of(first)
        async with registry(*options(tmp_path, 0, redis_url)) as second:
            _, complaint = await second.communicate()
            assert second.returncode == 1
            assert f"Another registry serves {tmp_path} (process {first.pid})" in complaint.decode()
            assert b"Traceback" not in complaint
        first.kill()
        await first.wait()
        async with registry(*options(tmp_path, 0, redis_url)) as third:
            assert await port_of(third)


async def test_settings_that_cannot_be_used_are_told_in_one_go(tmp_path: Path) -> None:
    async with registry("--port", "http", "--token", "short", "--data", str(tmp_path)) as process:
        _, complaint = await process.communicate()
    assert process.returncode == 2
    assert b"--port" in complaint
    assert b"--token" in complaint
