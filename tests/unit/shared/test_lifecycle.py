"""Supervised loops outlive faults, tasks end with their block, signals are handed back."""

import asyncio
import os
import signal

import pytest
from structlog.testing import capture_logs

from mattebox_runtime.lifecycle import Pulse, cancel_on_exit, on_stop, supervise
from support.wait import wait_until


async def test_a_loop_outlives_faults_and_logs_expected_ones_once() -> None:
    faults: list[Exception] = [OSError("down"), OSError("down"), ValueError("bug")]
    steps = 0

    async def step() -> None:
        nonlocal steps
        if faults:
            raise faults.pop(0)
        steps += 1
        await asyncio.sleep(0)

    with capture_logs() as logs:
        async with cancel_on_exit(supervise("test", step, expected=(OSError,)), name="loop"):
            await wait_until(lambda: steps > 2, description="steps after the faults")
    assert [entry["event"] for entry in logs] == ["loop interrupted", "loop failed", "loop resumed"]


async def test_a_task_ends_with_its_block() -> None:
    async with cancel_on_exit(asyncio.Event().wait(), name="endless") as task:
        assert task.get_name() == "endless"
    assert task.cancelled()


async def test_what_a_task_raised_is_raised_where_its_block_ends() -> None:
    async def fail() -> None:
        raise ValueError("of the task")

    with pytest.raises(ValueError, match="of the task"):
        async with cancel_on_exit(fail(), name="failing") as task:
            await asyncio.wait([task])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_once_and_its_handler_is_put_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    stopped = asyncio.Event()
    with on_stop(stopped.set):
        assert signal.getsignal(number) != before
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stopped.wait(), 5)
        assert signal.getsignal(number) == before
    assert signal.getsignal(number) == before


async def test_handlers_are_put_back_without_a_signal_too() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with on_stop(lambda: None):
        pass
    assert signal.getsignal(signal.SIGTERM) == before


async def test_a_pulse_is_felt_while_rounds_succeed() -> None:
    """Not while they fail, nor while one hangs."""
    pulse = Pulse(longest_s=3600.0)
    pulse._beat_at -= 7200.0
    assert not pulse.is_felt()
    works = asyncio.Event()

    async def step() -> None:
        if not works.is_set():
            raise OSError("down")
        await asyncio.sleep(0.01)

    async with cancel_on_exit(supervise("test", step, expected=(OSError,), pulse=pulse), name="loop"):
        await asyncio.sleep(0)
        assert not pulse.is_felt()
        works.set()
        await wait_until(pulse.is_felt, description="a round that ended well")
