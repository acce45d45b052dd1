"""Child processes under a supervisor."""

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

from mattebox_runtime.local.errors import StartFailed
from mattebox_runtime.local.supervisor import Service, Supervisor, Timing, python_module
from support.wait import wait_until

_QUICK = Timing(settled_s=0.4, first_pause_s=0.05, longest_pause_s=0.1, grace_s=2.0)

_STEADY = """
import os, signal, sys, time
print("pid", os.getpid(), flush=True)
signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), sys.exit(0)))
while True:
    time.sleep(0.05)
"""
_STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
_BROKEN = """
import sys
print("MATTEBOX_PORT: Expected `int`", file=sys.stderr)
sys.exit(2)
"""
_PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("up", flush=True)
time.sleep(60)
"""
_SHOW = """
import os, time
print(sorted(name for name in os.environ if name.startswith("MATTEBOX_")), flush=True)
time.sleep(60)
"""


class Stage:
    """A folder of modules to run, and what the supervisor said about them."""

    def __init__(self, folder: Path, timing: Timing = _QUICK) -> None:
        self.folder = folder
        self.told: list[str] = []
        self.supervisor = Supervisor(folder / "logs", self.told.append, timing=timing)

    def service(self, name: str, code: str, **environment: str) -> Service:
        (self.folder / f"{name}.py").write_text(code)
        return python_module(name, name, {"PYTHONPATH": str(self.folder), "PATH": os.defpath, **environment})

    def log(self, name: str) -> str:
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text() if path.exists() else ""

    async def says(self, name: str, words: str, times: int = 1) -> None:
        await wait_until(lambda: self.log(name).count(words) >= times, description=f"{name} says {words!r}")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


async def test_output_goes_to_a_log_of_its_own(stage: Stage) -> None:
    async with stage.supervisor:
        stage.supervisor.start([stage.service("steady", _STEADY)])
        await stage.says("steady", "pid")


async def test_stop_lets_a_process_finish(stage: Stage) -> None:
    async with stage.supervisor:
        stage.supervisor.start([stage.service("steady", _STEADY)])
        await stage.says("steady", "pid")
    assert "bye" in stage.log("steady")


async def test_process_that_does_not_stop_is_killed_and_named(stage: Stage) -> None:
    async with stage.supervisor:
        stage.supervisor.start([stage.service("stubborn", _STUBBORN)])
        await stage.says("stubborn", "deaf")
        pid = stage.supervisor.processes()["stubborn"]
    assert not psutil.pid_exists(pid)
    assert any("stubborn did not stop" in sentence for sentence in stage.told)


async def test_killed_process_is_started_again(stage: Stage) -> None:
    async with stage.supervisor:
        stage.supervisor.start([stage.service("steady", _STEADY)])
        await stage.says("steady", "pid")
        first = stage.supervisor.processes()["steady"]
        os.kill(first, signal.SIGKILL)
        await stage.says("steady", "pid", times=2)
        assert stage.supervisor.processes()["steady"] != first
    assert any("steady was ended by SIGKILL; starting it again" in sentence for sentence in stage.told)


async def test_process_that_fails_after_a_good_start_is_started_again(stage: Stage) -> None:
    code = "import time\nprint('here', flush=True)\ntime.sleep(0.6)\nraise SystemExit(3)\n"
    async with stage.supervisor:
        stage.supervisor.start([stage.service("flaky", code)])
        await stage.supervisor.watch(stage.says("flaky", "here", times=2))
    assert any("flaky ended with code 3" in sentence for sentence in stage.told)


async def test_process_that_cannot_start_ends_everything_with_its_words(stage: Stage) -> None:
    async with stage.supervisor:
        stage.supervisor.start([stage.service("steady", _STEADY)])
        stage.supervisor.start([stage.service("broken", _BROKEN)])
        with pytest.raises(StartFailed, match="broken cannot start:\nMATTEBOX_PORT: Expected `int`"):
            await stage.supervisor.watch(asyncio.Event().wait())
    assert stage.supervisor.processes() == {}


async def test_process_that_no_longer_starts_is_given_up_after_so_many_tries(tmp_path: Path) -> None:
    """However slow the machine: what ends at once takes less than the two seconds that count as settled."""
    stage = Stage(tmp_path, _QUICK._replace(settled_s=2.0))
    code = (
        "import pathlib, sys, time\n"
        "once = pathlib.Path(__file__).with_suffix('.once')\n"
        "if once.exists():\n    raise SystemExit('no more')\n"
        "once.touch()\ntime.sleep(2.2)\nsys.exit(3)\n"
    )
    async with stage.supervisor:
        stage.supervisor.start([stage.service("tired", code)._replace(failed_starts=3)])
        with pytest.raises(StartFailed, match="tired cannot start:\nno more"):
            await stage.supervisor.watch(asyncio.Event().wait())
    assert sum("starting it again" in sentence for sentence in stage.told) == 3


def test_first_restart_is_at_once_and_later_ones_take_longer_and_longer() -> None:
    timing = Timing(first_pause_s=0.5, longest_pause_s=3.0)
    assert [timing.pause_s(early_ends) for early_ends in (0, 1, 2, 3, 4, 5, 10_000)] == [0, 0, 0.5, 1, 2, 3, 3]


async def test_input_and_descriptors_are_given_at_each_start(stage: Stage, tmp_path: Path) -> None:
    code = "import os, sys, time\nprint(os.fstat(int(sys.stdin.read())).st_ino, flush=True)\ntime.sleep(60)\n"
    with (tmp_path / "kept").open("w") as kept:
        service = stage.service("reader", code)._replace(stdin=str(kept.fileno()).encode(), pass_fds=(kept.fileno(),))
        number = str(os.fstat(kept.fileno()).st_ino)
        async with stage.supervisor:
            stage.supervisor.start([service])
            await stage.says("reader", number)
            os.kill(stage.supervisor.processes()["reader"], signal.SIGKILL)
            await stage.says("reader", number, times=2)


async def test_batches_are_stopped_last_first(stage: Stage) -> None:
    async with stage.supervisor:
        stage.supervisor.start([stage.service("first", _STEADY)])
        stage.supervisor.start([stage.service("second", _STEADY)])
        await stage.says("first", "pid")
        await stage.says("second", "pid")
    first, second = (stage.folder / "logs" / f"{name}.log" for name in ("first", "second"))
    assert second.stat().st_mtime_ns <= first.stat().st_mtime_ns


async def test_kill_does_not_wait(stage: Stage) -> None:
    async with asyncio.timeout(_QUICK.grace_s):
        async with stage.supervisor:
            stage.supervisor.start([stage.service("stubborn", _STUBBORN)])
            await stage.says("stubborn", "deaf")
            stage.supervisor.kill()


async def test_children_of_a_process_go_with_it(stage: Stage) -> None:
    async with stage.supervisor:
        stage.supervisor.start([stage.service("parent", _PARENT)])
        await stage.says("parent", "up")
        (grandchild,) = psutil.Process(stage.supervisor.processes()["parent"]).children()
    await wait_until(lambda: not grandchild.is_running(), description="grandchild gone")


async def test_process_sees_its_own_environment_only(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATTEBOX_TOKEN", "of the operator")
    async with stage.supervisor:
        stage.supervisor.start([stage.service("show", _SHOW, MATTEBOX_DATA="here")])
        await stage.says("show", "['MATTEBOX_DATA']")


async def test_endless_line_does_not_end_the_log(stage: Stage) -> None:
    code = "print('x' * 3_000_000, flush=True)\nprint('after', flush=True)\nimport time\ntime.sleep(60)\n"
    async with stage.supervisor:
        stage.supervisor.start([stage.service("wordy", code)])
        await stage.says("wordy", "after")
