"""The sandbox as the operating system sees it, and with the real drawing inside."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from mattebox_renderer.child.wire import Request
from mattebox_renderer.fetch import Fetcher, open_fetcher
from mattebox_renderer.outcome import DrawCrashed, Drawn, DrawRefused, DrawTimeout
from mattebox_renderer.sandbox import DrawPool, open_pool
from mattebox_renderer.sandbox.process import ProcessGone, start_process
from mattebox_renderer.settings import Settings
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec
from support.drawing_child import PROGRAM
from support.fetched import fetched
from support.wait import wait_until

PARENT = """
import asyncio, sys
from mattebox_renderer.sandbox import open_pool
from mattebox_renderer.settings import Settings
from mattebox_runtime.spec import RenderSpec, SourceSpec
sys.path.insert(0, sys.argv[1])
from support.drawing_child import PROGRAM
from support.fetched import fetched

async def main():
    async with open_pool(Settings(), program=PROGRAM) as pool:
        print("started", flush=True)
        await pool.draw(RenderSpec(source=SourceSpec(uri="spin")).encode(), fetched(b""), [], {})

asyncio.run(main())
"""


async def test_process_dies_with_its_parent() -> None:
    """A renderer that is killed leaves no process behind that goes on drawing."""
    parent = subprocess.Popen(  # noqa: ASYNC220 - it only starts here
        [sys.executable, "-c", PARENT, str(Path(__file__).parents[1])], stdout=subprocess.PIPE
    )
    try:
        assert parent.stdout is not None
        while b"started" not in await asyncio.to_thread(parent.stdout.readline):
            pass
    finally:
        children = psutil.Process(parent.pid).children()
        parent.kill()
        parent.wait()
        parent.stdout.close()
    assert len(children) == 1
    await wait_until(
        lambda: not children[0].is_running() or children[0].status() == psutil.STATUS_ZOMBIE,
        description="the drawing process is gone",
    )


async def test_processor_time_is_bounded() -> None:
    """Should its parent be stopped and no deadline come, the kernel ends a process that keeps computing."""
    process = start_process(Settings(deadline_s=0.1), PROGRAM)
    try:
        await process.greet()
        request = Request(RenderSpec(source=SourceSpec(uri="spin")).encode(), (1,), (), {})
        with fetched(b"x") as source, pytest.raises(ProcessGone):
            await process.exchange(request, [source.fd])
    finally:
        process.kill()
        words = await process.bury()
    assert words.startswith(f"exit {-signal.SIGXCPU}")
