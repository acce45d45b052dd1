"""The connection: its thread, its end, and the situations programs put it in."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import mattebox
from mattebox import Client, Dataset, DatasetVersion, SingleFrame
from mattebox.answers import PreviewCounts
from mattebox.client import current_client
from mattebox.errors import ConfigurationError
from mattebox.reports import VersionReport
from support.live_stack import LiveRegistry
from support.registry import ADMIN_TOKEN, running_registry
from support.wait import wait_blocking

HEAVY = "PIL numpy redis aiosqlite msgpack av obstore structlog mattebox_runtime"


def program(code: str, registry: LiveRegistry) -> subprocess.Popen[str]:
    """Start a program of a user, for whom every warning is an error."""
    environment = {"MATTEBOX_URL": registry.url, "MATTEBOX_TOKEN": registry.token, "PATH": os.environ["PATH"]}  # noqa: TID251 - handed on to a child
    environment |= {name: value for name, value in os.environ.items() if name == "PYTHONPATH"}  # noqa: TID251 - the same
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", code]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(code: str, registry: LiveRegistry) -> str:
    """Run a program to its end, which has to be a quiet one."""
    with program(code, registry) as process:
        try:
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert err == ""
    return out


def sdk_threads() -> list[threading.Thread]:
    """The loops that run."""
    return [thread for thread in threading.enumerate() if thread.name == "mattebox"]


async def test_it_works_where_a_loop_runs_already(version: DatasetVersion) -> None:
    """As in a notebook."""
    assert asyncio.get_running_loop().is_running()
    assert version.frame_count == 0


def test_threads_share_it(version: DatasetVersion) -> None:
    """Many at a time, each with its own answer."""
    frames = [SingleFrame(source="http://x/y.png", id=str(n)) for n in range(40)]
    version.add_frames(frames)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda frame: version.get_single_frame(frame.id).id, frames))
    assert found == [str(n) for n in range(40)]


def test_the_last_connection_is_used_until_it_is_closed(connected: Client, registry: LiveRegistry) -> None:
    """Then it is the one before; what is closed says so."""
    before = sdk_threads()
    with mattebox.connect(registry.url, registry.token) as inner:
        assert current_client() is inner
        dataset = Dataset.list()
        (thread,) = (thread for thread in sdk_threads() if thread not in before)
    assert current_client() is connected
    assert not thread.is_alive()
    assert repr(inner) == f"<Client of {registry.url}>"
    with pytest.raises(ConfigurationError, match=r"mattebox\.connect"):
        inner.run(lambda calls: calls.readiness())
    inner.close()
    assert isinstance(dataset, list)


def test_a_connection_that_is_dropped_ends_its_thread(connected: Client, registry: LiveRegistry) -> None:
    """Without a word, and without a warning."""
    before = sdk_threads()
    dropped = Client(registry.url, registry.token)
    dropped.run(lambda calls: calls.readiness())
    (thread,) = (thread for thread in sdk_threads() if thread not in before)
    del dropped
    gc.collect()
    wait_blocking(lambda: not thread.is_alive(), description="the end of the thread")


def test_a_callback_cannot_wait_for_its_own_call(version: DatasetVersion, connected: Client) -> None:
    """It would never come back; it is told instead."""

    def ask_again(_counts: PreviewCounts) -> None:
        version.reload()

    with pytest.raises(RuntimeError, match="after the call has returned"):
        connected.run(lambda calls: calls.wait_for_previews(version.id, on_progress=ask_again))


def test_a_program_may_end_without_closing_and_needs_no_heavy_package(registry: LiveRegistry) -> None:
    """Found by the environment; nothing is left to say at the end."""
    out = run(
        f"""
import sys
from mattebox import DatasetVersion, SingleFrame
version = DatasetVersion.create_version(dataset_name="ends", version_name="first")
frame = SingleFrame(source=sys.executable)
print(version.add_frames([frame], progress=False), version.frame_count, next(iter(version)).id == frame.id)
print(set(sys.modules) & set({HEAVY!r}.split()))
""",
        registry,
    )
    assert out == "[] 1 True\nset()\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize("ending", ["os._exit(0)", "sys.exit(0)"])
def test_a_fork_leaves_both_sides_working(registry: LiveRegistry, ending: str) -> None:
    """The child makes connections of its own; those of the parent answer as before."""
    out = run(
        f"""
import os, sys, warnings
from mattebox import Dataset
warnings.simplefilter("ignore", DeprecationWarning)
Dataset.list()
child = os.fork()
if child == 0:
    print("child", len(Dataset.list()) >= 0, flush=True)
    {ending}
print(os.waitpid(child, 0)[1], len(Dataset.list()) >= 0)
""",
        registry,
    )
    assert out == "child True\n0 True\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_that_never_uses_it_harms_nothing(registry: LiveRegistry) -> None:
    """Data loaders fork with whatever is open, and throw it away."""
    out = run(
        """
import gc, os, sys, warnings
from mattebox import Client
warnings.simplefilter("ignore", DeprecationWarning)
client = Client()
client.run(lambda calls: calls.readiness())
child = os.fork()
if child == 0:
    del client
    gc.collect()
    sys.exit(0)
print(os.waitpid(child, 0)[1], client.run(lambda calls: calls.readiness()).ready)
""",
        registry,
    )
    assert out == "0 True\n"


def test_an_interrupt_ends_the_call_and_nothing_else(registry: LiveRegistry) -> None:
    """Ctrl-C while something takes long; the next call is answered."""
    process = program(
        """
import asyncio, signal
from mattebox import Client
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background processes ignore it
client = Client()
async def for_ever(calls):
    print("waiting", flush=True)
    try:
        await asyncio.sleep(3600)
    finally:
        print("cancelled", flush=True)
try:
    client.run(for_ever)
except KeyboardInterrupt:
    print(client.run(lambda calls: calls.readiness()).ready)
""",
        registry,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (sorted(out.split()), err) == (["True", "cancelled"], "")


async def test_the_same_program_runs_against_an_application_in_this_process(
    tmp_path: Path, redis_url: str, dataset_name: str
) -> None:
    """In a thread beside the loop that serves it."""

    def whole_program(url: str) -> VersionReport:
        with mattebox.connect(url, ADMIN_TOKEN):
            version = DatasetVersion.create_version(dataset_name=dataset_name, version_name="first")
            (tmp_path / "photo.png").write_bytes(b"not read here")
            frames = [SingleFrame(source=tmp_path / "photo.png", id=str(n)) for n in range(3)]
            assert version.add_frames(frames) == []
            assert [frame.id for frame in version] == ["0", "1", "2"]
            return version.report()

    async with running_registry(tmp_path / "data", redis_url) as serving:
        report = await asyncio.to_thread(whole_program, str(serving.make_url("/")))
    assert report.counts.pending == 3
