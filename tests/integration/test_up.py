"""`mattebox up`: everything on one machine, started and stopped as a user does it."""

import signal
import socket
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from aiohttp import ClientSession
from PIL import Image

from mattebox import Frame, Mask, Source
from mattebox.aio import Client
from mattebox.errors import MatteboxError
from support.mattebox_up import RunningCommand, running_command
from support.wait import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

_TOKEN = "of-the-operator-0123"  # noqa: S105 - made up


async def _is_ready(command: RunningCommand) -> bool:
    async with Client(command.address()) as client:
        return (await client.readiness()).ready


async def _gone(family: list[psutil.Process]) -> None:
    await wait_until(
        lambda: not [process for process in family if process.is_running()], description="every process gone"
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of `running`."""
    return tmp_path_factory.mktemp("up")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(data: Path) -> AsyncIterator[RunningCommand]:
    """One that is only looked at."""
    async with running_command("up", "--port", "0", "--data", data, "--workers", "1") as up:
        await up.says("Ctrl-C stops everything")
        yield up


async def test_up_prints_where_it_is(running: RunningCommand, data: Path) -> None:
    assert await _is_ready(running)
    assert f"{data}/token" in running.text
    assert (data / "token").stat().st_mode & 0o777 == 0o600
    async with Client(running.address(), (data / "token").read_text().strip()) as client:
        assert (await client.create_dataset("first")).name == "first"


async def test_up_prints_a_link_that_signs_one_browser_in(running: RunningCommand, data: Path) -> None:
    url, _, code = next(word for word in running.text.split() if "/login#" in word).partition("/login#")
    assert url == running.address()
    async with ClientSession(url, headers={"Origin": url}) as session:
        statuses = [(await session.post("/api/v1/session", json={"code": code})).status for _ in range(2)]
    assert statuses == [201, 401]
    logs = "".join(path.read_text() for path in (data / "logs").iterdir())
    assert code not in logs
    assert f"mattebox login --url {url} --data {data}" in running.text


async def test_second_up_on_the_same_data_says_so(running: RunningCommand, data: Path) -> None:
    async with running_command("up", "--port", "0", "--data", data) as second:
        assert await second.process.wait() == 1
    assert f"already running on {data} (process {running.process.pid})" in second.text
    assert "--data" in second.text


async def test_renderer_sees_neither_the_token_nor_the_registrys_redis_user(tmp_path: Path) -> None:
    async with running_command("up", "--port", "0", "--data", tmp_path, "--workers", "1", MATTEBOX_TOKEN=_TOKEN) as up:
        await up.says("as given in MATTEBOX_TOKEN")
        registry, renderer = (up.children()[name].environ() for name in ("mattebox_registry", "mattebox_renderer"))
    assert _TOKEN not in renderer.values()
    assert registry["MATTEBOX_TOKEN"] == _TOKEN
    assert "//registry:" in registry["MATTEBOX_REDIS_URL"]
    assert "//renderer:" in renderer["MATTEBOX_REDIS_URL"]
    assert not (tmp_path / "token").exists()


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


async def test_unusable_data_directory_is_one_line() -> None:
    async with running_command("up", "--data", "/proc/x") as up:
        assert await up.process.wait() == 2
    assert len(up.text.splitlines()) == 1
    assert "--data /proc/x: cannot be the data directory" in up.text


async def test_bad_option_is_named_with_its_variable(tmp_path: Path) -> None:
    async with running_command("up", "--data", tmp_path, MATTEBOX_WORKERS="lots") as up:
        assert await up.process.wait() == 2
    assert "MATTEBOX_WORKERS" in up.text


def _is_replaced(up: RunningCommand, module: str, killed: psutil.Process) -> bool:
    return bool(up.children().get(module, killed).pid != killed.pid)


async def _register_frames(client: Client, folder: Path, count: int) -> str:
    """Register frames of one picture and one mask, each a picture of its own by its timestamp."""
    Image.linear_gradient("L").convert("RGB").save(folder / "picture.png")
    Image.new("L", (256, 256), 7).save(folder / "mask.png")
    picture, mask = [(await client.upload(folder / name)).uri for name in ("picture.png", "mask.png")]
    dataset = await client.ensure_dataset("restarts")
    version = await client.ensure_version(dataset.id, "draft")
    sources = [Source(picture, timestamp=number, masks=[Mask(mask)]) for number in range(count)]
    await client.add_frames(version.id, [Frame(id=f"f{n:04}", sources=[one]) for n, one in enumerate(sources)])
    return version.id


async def _begun(client: Client, version_id: str) -> bool:
    return (await client.preview_counts(version_id)).ready > 0


async def _drawn_all(client: Client, version_id: str, count: int) -> bool:
    try:
        return (await client.preview_counts(version_id)).ready == count
    except MatteboxError:  # the registry is being started again
        return False


async def test_everything_killed_one_after_the_other_loses_no_preview_and_stops_cleanly(tmp_path: Path) -> None:
    soon = {"MATTEBOX_LEASE_S": "4", "MATTEBOX_SWEEP_S": "2"}
    async with running_command("up", "--port", "0", "--data", tmp_path / "data", "--workers", "2", **soon) as up:
        await up.says("Ctrl-C stops everything")
        token = (tmp_path / "data" / "token").read_text().strip()
        async with Client(up.address(), token) as client:
            version = await _register_frames(client, tmp_path, 400)
            await wait_until(partial(_begun, client, version), description="the first preview")
            for module in ("mattebox_registry", "mattebox_renderer", "redis"):
                killed = up.children()[module]
                killed.kill()
                await wait_until(partial(_is_replaced, up, module, killed), description=f"another {module}")
            await wait_until(partial(_drawn_all, client, version, 400), description="all previews", timeout_s=90)
            assert await _is_ready(up)
        family = up.family()
        up.process.send_signal(signal.SIGINT)
        assert await up.process.wait() == 0
        await _gone(family)
    assert up.text.count("was ended by SIGKILL; starting it again") == 3
    assert "Traceback" not in up.text


async def test_nothing_is_left_when_up_is_killed(tmp_path: Path) -> None:
    async with running_command("up", "--port", "0", "--data", tmp_path, "--workers", "1") as up:
        await up.says("Ctrl-C stops everything")
        family = up.family()
        assert len(family) >= 3
        up.process.kill()
        await up.process.wait()
        await _gone(family)
