"""`mattebox up`: everything on one machine, started and stopped as a user does it."""

import signal
import socket
from functools import partial
from pathlib import Path

import psutil

from mattebox.aio import Client
from support.mattebox_up import RunningCommand, running_command
from support.wait import wait_until


async def _is_ready(command: RunningCommand) -> bool:
    async with Client(command.address()) as client:
        return (await client.readiness()).ready


async def _gone(family: list[psutil.Process]) -> None:
    await wait_until(
        lambda: not [process for process in family if process.is_running()], description="every process gone"
    )


async def test_up_prints_where_it_is_and_stops_cleanly(tmp_path: Path) -> None:
    data = tmp_path / "some data"
    async with running_command("up", "--port", "0", "--data", data, "--workers", "1") as up:
        await up.says("Ctrl-C stops everything")
        assert await _is_ready(up)
        assert f"{data}/token" in up.text
        assert (data / "token").stat().st_mode & 0o777 == 0o600
        async with Client(up.address(), (data / "token").read_text().strip()) as client:
            assert (await client.create_dataset("first")).name == "first"
        family = up.family()
        up.process.send_signal(signal.SIGINT)
        assert await up.process.wait() == 0
        await _gone(family)
    assert "Traceback" not in up.text


async def test_second_up_on_the_same_data_says_so(tmp_path: Path) -> None:
    async with running_command("up", "--port", "0", "--data", tmp_path, "--workers", "1") as up:
        await up.says("Ctrl-C stops everything")
        async with running_command("up", "--port", "0", "--data", tmp_path) as second:
            assert await second.process.wait() == 1
        assert f"already running on {tmp_path} (process {up.process.pid})" in second.text
        assert "--data" in second.text


async def test_port_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with running_command("up", "--data", tmp_path, MATTEBOX_PORT=port) as up:
            assert await up.process.wait() == 1
    assert f"Port {port} on 127.0.0.1 is in use" in up.text
    assert not (tmp_path / "redis").exists()


async def test_bad_setting_of_a_service_is_shown(tmp_path: Path) -> None:
    async with running_command("up", "--port", "0", "--data", tmp_path, MATTEBOX_STREAM_WINDOW="many") as up:
        assert await up.process.wait() == 1
    assert "registry cannot start" in up.text
    assert "MATTEBOX_STREAM_WINDOW" in up.text


async def test_bad_option_is_named_with_its_variable(tmp_path: Path) -> None:
    async with running_command("up", "--data", tmp_path, MATTEBOX_WORKERS="lots") as up:
        assert await up.process.wait() == 2
    assert "MATTEBOX_WORKERS" in up.text


def _is_replaced(up: RunningCommand, module: str, killed: psutil.Process) -> bool:
    return bool(up.children().get(module, killed).pid != killed.pid)


async def test_killed_services_come_back(tmp_path: Path) -> None:
    async with running_command("up", "--port", "0", "--data", tmp_path, "--workers", "1") as up:
        await up.says("Ctrl-C stops everything")
        for module in ("mattebox_renderer", "mattebox_registry"):
            killed = up.children()[module]
            killed.kill()
            name = "renderer-1" if module == "mattebox_renderer" else "registry"
            await up.says(f"{name} was ended by SIGKILL; starting it again")
            await wait_until(partial(_is_replaced, up, module, killed), description=f"another {module}")
        token = (tmp_path / "token").read_text().strip()
        async with Client(up.address(), token) as client:
            assert [dataset async for dataset in client.datasets()] == []


async def test_nothing_is_left_when_up_is_killed(tmp_path: Path) -> None:
    async with running_command("up", "--port", "0", "--data", tmp_path, "--workers", "1") as up:
        await up.says("Ctrl-C stops everything")
        family = up.family()
        assert len(family) >= 3
        up.process.kill()
        await up.process.wait()
        await _gone(family)


async def test_renderer_sees_neither_the_token_nor_the_registrys_redis_user(tmp_path: Path) -> None:
    token = "of-the-operator-0123"  # noqa: S105 - made up
    async with running_command("up", "--port", "0", "--data", tmp_path, "--workers", "1", MATTEBOX_TOKEN=token) as up:
        await up.says("as given in MATTEBOX_TOKEN")
        registry, renderer = (up.children()[name].environ() for name in ("mattebox_registry", "mattebox_renderer"))
    assert token not in renderer.values()
    assert registry["MATTEBOX_TOKEN"] == token
    assert "//registry:" in registry["MATTEBOX_REDIS_URL"]
    assert "//renderer:" in renderer["MATTEBOX_REDIS_URL"]
    assert not (tmp_path / "token").exists()
