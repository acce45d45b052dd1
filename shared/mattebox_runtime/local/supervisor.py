"""Keeps child processes running: restarts what dies, gives up on what cannot start, leaves nothing behind."""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import NamedTuple, Self, TypeVar

from mattebox_runtime.local.errors import StartFailed
from mattebox_runtime.local.lifeline import die_with_parent

_LOG_BYTES = 10 * 2**20
_LONGEST_LINE_BYTES = 2**20
_LAST_WORDS = 25
_USAGE = 2
"""Exit code of a command whose settings are wrong: they do not get better by trying again."""
_LEFTOVER_OUTPUT_S = 0.5

T = TypeVar("T")


class Service(NamedTuple):
    """A program to run as a process of its own."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    """Its whole environment: what is not in here, it does not see."""
    stdin: bytes = b""
    pass_fds: tuple[int, ...] = ()
    """Descriptors of this process that each start of it inherits."""
    orphan_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends it when this process is gone."""
    failed_starts: int | None = None
    """After so many starts in a row that soon ended with an error it is given up; None: never, once it could start."""


def python_module(name: str, module: str, environment: Mapping[str, str]) -> Service:
    """Give the service that runs a Python module."""
    # -P: nothing that lies in the current directory is imported in place of a library.
    return Service(name, (sys.executable, "-P", "-m", module), environment)


class Timing(NamedTuple):
    """How patient a supervisor is, in seconds."""

    settled_s: float = 10.0
    """A process that lived this long could start; one that fails earlier, the first time, never will."""
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    grace_s: float = 15.0
    """From the request to stop until the kill; longer than a renderer needs to finish what it has begun."""

    def pause_s(self, early_ends: int) -> float:
        """Give the pause before the next start: none after a first end, then twice as long each time."""
        if early_ends <= 1:
            return 0.0
        return min(self.first_pause_s * 2.0 ** min(early_ends - 2, 32), self.longest_pause_s)


DEFAULT_TIMING = Timing()


class Supervisor:
    """Runs services until the block is left: `async with Supervisor(logs, tell) as supervisor: ...`.

    `tell` gets sentences for the operator; `echo`, if given, each line that a service writes. Start it from the main
    thread, see `die_with_parent`.
    """

    def __init__(
        self,
        logs: Path,
        tell: Callable[[str], None],
        *,
        echo: Callable[[str, str], None] | None = None,
        timing: Timing = DEFAULT_TIMING,
    ) -> None:
        self._logs = logs
        self._tell = tell
        self._echo = echo
        self._timing = timing
        self._batches: list[dict[asyncio.Task[None], _Child]] = []

    async def __aenter__(self) -> Self:
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for batch in reversed(self._batches):
            await self._stop(batch)

    def start(self, services: Sequence[Service]) -> None:
        """Start services together; a later batch is stopped before an earlier one."""
        batch = {}
        for service in services:
            child = _Child(service, self._logs, self._tell, self._echo, self._timing)
            batch[asyncio.create_task(child.keep_running(), name=f"keep {service.name}")] = child
        self._batches.append(batch)

    async def watch(self, work: Awaitable[T]) -> T:
        """Await `work` for as long as the services run.

        Raises:
            StartFailed: a service cannot start; `work` is cancelled.
        """
        task = asyncio.ensure_future(work)
        keepers = [keeper for batch in self._batches for keeper in batch]
        try:
            done, _ = await asyncio.wait([task, *keepers], return_when=asyncio.FIRST_COMPLETED)
            for keeper in done - {task}:
                keeper.result()
            return await task
        finally:
            task.cancel()
            await asyncio.wait([task])

    def kill(self) -> None:
        """End every service at once, without waiting for what it has begun."""
        for batch in self._batches:
            for child in batch.values():
                child.kill()

    def processes(self) -> dict[str, int]:
        """Give the process ids of the services that run, by name."""
        children = (child for batch in self._batches for child in batch.values())
        return {child.service.name: child.process.pid for child in children if child.process is not None}

    async def _stop(self, batch: dict[asyncio.Task[None], "_Child"]) -> None:
        if not batch:
            return
        for child in batch.values():
            child.ask_to_stop()
        _, late = await asyncio.wait(batch, timeout=self._timing.grace_s)
        for keeper in late:
            self._tell(f"{batch[keeper].service.name} did not stop within {self._timing.grace_s:g} s and was killed.")
            batch[keeper].kill()
        # Failures were told by `watch`; here only the ends are awaited.
        await asyncio.gather(*batch, return_exceptions=True)


class _Child:
    def __init__(
        self,
        service: Service,
        logs: Path,
        tell: Callable[[str], None],
        echo: Callable[[str, str], None] | None,
        timing: Timing,
    ) -> None:
        self.service = service
        self.process: Process | None = None
        self._log = logs / f"{service.name}.log"
        self._tell = tell
        self._echo = echo
        self._timing = timing
        self._stop_asked = asyncio.Event()
        self._last_words: deque[str] = deque(maxlen=_LAST_WORDS)

    def ask_to_stop(self) -> None:
        self._stop_asked.set()
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._stop_asked.set()
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)

    async def keep_running(self) -> None:
        could_start = False
        early_ends = 0
        while not self._stop_asked.is_set():
            begin = monotonic()
            code = await self._run_once()
            if self._stop_asked.is_set():
                return
            settled = monotonic() - begin >= self._timing.settled_s
            could_start |= settled
            early_ends = 0 if settled else early_ends + 1
            if self._is_hopeless(code, could_start, early_ends):
                words = "\n".join(self._last_words) or "(it said nothing)"
                msg = f"{self.service.name} cannot start:\n{words}"
                raise StartFailed(msg)
            pause_s = self._timing.pause_s(early_ends)
            when = f" in {pause_s:g} s" if pause_s else ""
            self._tell(f"{self.service.name} {_ending(code)}; starting it again{when}. Its log: {self._log}")
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._stop_asked.wait()

    def _is_hopeless(self, code: int, could_start: bool, early_ends: int) -> bool:
        limit = self.service.failed_starts
        is_given_up = limit is not None and early_ends >= limit
        return code == _USAGE or (code > 0 and (is_given_up or not could_start))

    async def _run_once(self) -> int:
        self._last_words.clear()
        # A pipe of our own: asyncio's would have `wait` wait for everybody who inherited it, not for the process alone.
        ours, theirs = os.pipe()
        reading = asyncio.create_task(self._keep_output(ours), name=f"read {self.service.name}")
        try:
            process = await self._spawn(theirs)
        finally:
            os.close(theirs)
        try:
            return await process.wait()
        finally:
            self.process = None
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.wait([reading], timeout=_LEFTOVER_OUTPUT_S)
            reading.cancel()
            await asyncio.wait([reading])

    async def _spawn(self, output: int) -> Process:
        self.process = await asyncio.create_subprocess_exec(
            *self.service.command,
            env=self.service.environment,
            stdin=PIPE if self.service.stdin else DEVNULL,
            stdout=output,
            stderr=STDOUT,
            # Ctrl-C is for the supervisor alone, which stops its children in their order.
            start_new_session=True,
            pass_fds=self.service.pass_fds,
            preexec_fn=die_with_parent(self.service.orphan_signal),
        )
        if self.process.stdin is not None:
            self.process.stdin.write(self.service.stdin)
            self.process.stdin.close()
        if self._stop_asked.is_set():  # asked for while it was being started
            self._signal(signal.SIGTERM)
        return self.process

    async def _keep_output(self, pipe: int) -> None:
        log = RotatingFileHandler(self._log, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
        lines = asyncio.StreamReader(limit=_LONGEST_LINE_BYTES)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), os.fdopen(pipe, "rb", 0)
        )
        try:
            while line := await self._next_line(lines):
                text = line.decode("utf-8", "replace").rstrip("\n")
                self._last_words.append(text)
                log.emit(logging.makeLogRecord({"msg": "%s", "args": (text,)}))
                if self._echo:
                    self._echo(self.service.name, text)
        finally:
            transport.close()
            log.close()

    async def _next_line(self, output: asyncio.StreamReader) -> bytes:
        try:
            return await output.readline()
        except ValueError:
            return b"(a line too long to be kept)\n"


def _ending(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
