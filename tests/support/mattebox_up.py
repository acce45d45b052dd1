"""`mattebox up` and `mattebox demo` as a user starts them: a process of its own with a terminal's output."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from support.wait import wait_until

_ADDRESS = re.compile(r"address\s+(http://\S+)")


class RunningCommand:
    """A started command: what it printed so far, and the processes below it."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._printed: list[str] = []

    @property
    def text(self) -> str:
        """Everything printed so far."""
        return "".join(self._printed)

    async def read(self) -> None:
        """Collect the output until it ends."""
        assert self.process.stdout is not None
        while chunk := await self.process.stdout.read(4096):
            self._printed.append(chunk.decode("utf-8", "replace"))

    async def says(self, words: str, timeout_s: float = 60.0) -> None:
        """Wait until it has printed something."""
        await wait_until(
            lambda: words in self.text or self.process.returncode is not None, description=words, timeout_s=timeout_s
        )
        assert words in self.text, self.text

    def address(self) -> str:
        """Give the address it printed."""
        found = _ADDRESS.search(self.text)
        assert found, self.text
        return found[1]

    def children(self) -> dict[str, psutil.Process]:
        """Give its own processes by what they run: `redis`, `mattebox_registry`, `mattebox_renderer`."""
        named = {}
        for child in psutil.Process(self.process.pid).children():
            try:
                words = child.cmdline()
            except psutil.NoSuchProcess:  # it has just ended
                continue
            if words:  # a process that is ending has no words any more
                named["redis" if "redis" in words[0] or "valkey" in words[0] else words[-1]] = child
        return named

    def family(self) -> list[psutil.Process]:
        """Give all processes below it, at any depth."""
        below: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return below


@asynccontextmanager
async def running_command(*arguments: str | Path, **environment: str) -> AsyncIterator[RunningCommand]:
    """Start `mattebox ...`, and stop it if it still runs at the end."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MATTEBOX_")}  # noqa: TID251
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from mattebox.cli import main; main()",
        *map(str, arguments),
        env=inherited | {"COLUMNS": "200"} | environment,
        stdout=PIPE,
        stderr=STDOUT,
    )
    command = RunningCommand(process)
    reading = asyncio.create_task(command.read(), name="read the command's output")
    try:
        yield command
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()
        await reading
