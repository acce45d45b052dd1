"""A pool of drawing processes: hands each draw to one of them, and replaces those that do not come back."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from logging import INFO, WARNING

import structlog
from tenacity import AsyncRetrying, RetryCallState, wait_exponential

from mattebox.reasons import EXPLANATIONS
from mattebox_renderer.child.wire import Answer, Request
from mattebox_renderer.fetch import Fetched
from mattebox_renderer.outcome import NOTHING_ELSE, DrawCrashed, Drawn, DrawRefused, DrawTimeout, Wish
from mattebox_renderer.sandbox.places import place_of
from mattebox_renderer.sandbox.process import (
    DRAWING_PROGRAM,
    DrawingProcess,
    NeverStarted,
    ProcessGone,
    Program,
    start_process,
)
from mattebox_renderer.sandbox.queue import Queue
from mattebox_renderer.settings import Settings
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import CONTENT_TYPES

log = structlog.get_logger()

# Further processes found dead in a row are no accident.
_MAX_DEAD = 3

MAX_DRAWS = 5_000
"""Draws of one process. Whatever creeps up in its memory ends with it, and whoever took it over does not stay; a start
takes as long as some dozen draws."""


class DrawPool:
    """Draws in `settings.children` processes at a time, urgent draws first; made by `open_pool`."""

    def __init__(self, settings: Settings, program: Program, max_draws: int) -> None:
        self._settings = settings
        self._max_draws = max_draws
        self._program = program
        self._idle = Queue[DrawingProcess]()
        self._alive: set[DrawingProcess] = set()
        self._replacements: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many draws wait for a process."""
        return self._idle.takers

    async def draw(
        self,
        spec: bytes,
        source: Fetched,
        masks: Sequence[Fetched | Failure],
        tables: Mapping[bytes, bytes],
        *,
        urgent: bool = False,
        wish: Wish = NOTHING_ELSE,
    ) -> Drawn:
        """Draw an encoded spec, an urgent one before those that wait; the files stay open and belong to the caller.

        Raises:
            DrawRefused: it cannot be drawn.
            DrawTimeout: it was not drawn within `deadline_s` of its start.
            DrawCrashed: the process died while drawing it.
        """
        files = [source, *(mask for mask in masks if isinstance(mask, Fetched))]
        request = Request(
            spec=spec,
            sizes=tuple(file.size for file in files),
            failures=tuple(mask if isinstance(mask, Failure) else None for mask in masks),
            tables=dict(tables),
            wish=wish,
        )
        answer = await self._exchange(request, [file.fd for file in files], urgent)
        if answer.drawn is None:
            assert answer.refusal is not None  # noqa: S101 - _check saw to it
            raise DrawRefused(answer.refusal.code, state=answer.refusal.state)
        return answer.drawn

    async def _exchange(self, request: Request, files: Sequence[int], urgent: bool) -> Answer:
        """Have a live process draw: one that died while idle, killed by the system say, is nobody's fault."""
        for _ in range(_MAX_DEAD):
            with suppress(NeverStarted):
                return await self._exchange_once(request, files, urgent)
        raise DrawCrashed

    async def _exchange_once(self, request: Request, files: Sequence[int], urgent: bool) -> Answer:
        place = place_of(request.spec)
        process = await self._idle.take(place, urgent=urgent)
        if place is not None:
            process.note(place)
        try:
            async with asyncio.timeout(self._settings.deadline_s):
                answer = await process.exchange(request, files)
            _check(answer)
        except NeverStarted:
            self._replace(process, "idle drawing process died")
            raise
        except TimeoutError as error:
            self._replace(process, "drawing process passed its deadline")
            raise DrawTimeout from error
        except ProcessGone as error:
            self._replace(process, "drawing process died")
            raise DrawCrashed from error
        except BaseException:
            # Cancelled: the answer is still to come, and must not meet the next request.
            self._replace(process, "draw was given up")
            raise
        if answer.refusal is not None and answer.refusal.spent:
            self._replace(process, "drawing process ran out of memory")
        elif process.draws >= self._max_draws:
            self._replace(process, "drawing process served its time", fault=False)
        else:
            self._idle.give(process)
        return answer

    def _replace(self, process: DrawingProcess, event: str, *, fault: bool = True) -> None:
        process.kill()
        task = asyncio.create_task(self._bury_and_start(process, event, fault), name="replace drawing process")
        self._replacements.add(task)
        task.add_done_callback(self._replacements.discard)

    async def _bury_and_start(self, process: DrawingProcess, event: str, fault: bool) -> None:
        last_words = await process.bury()
        self._alive.discard(process)
        log.log(WARNING if fault else INFO, event, pid=process.pid, draws=process.draws, last_words=last_words)
        async for attempt in AsyncRetrying(wait=wait_exponential(multiplier=0.1, max=5.0), before_sleep=_log_failure):
            with attempt:
                await self._add()

    async def _add(self) -> None:
        self._idle.give(await self._start())

    async def _start(self) -> DrawingProcess:
        process = start_process(self._settings, self._program)
        self._alive.add(process)
        try:
            await process.greet()
        except BaseException as error:
            process.kill()
            last_words = await process.bury()
            self._alive.discard(process)
            if isinstance(error, ProcessGone):
                raise ProcessGone(f"{error}; {last_words}") from error
            raise
        return process

    async def open(self) -> None:
        """Start the processes side by side. Raises ProcessGone if one does not start."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._settings.children):
                    group.create_task(self._add(), name="start drawing process")
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        confinement = next(iter(self._alive)).confinement
        log.info("drawing processes started", children=len(self._alive), **confinement._asdict())

    async def close(self) -> None:
        """Kill and reap every process."""
        for task in self._replacements:
            task.cancel()
        await asyncio.gather(*self._replacements, return_exceptions=True)
        for process in self._alive:
            process.kill()
        for process in self._alive:
            await process.bury()
        self._alive.clear()


def _check(answer: Answer) -> None:
    """Refuse what a process that was taken over might say: it reaches caches and browsers. Raises ProcessGone."""
    match answer:
        case Answer(drawn=Drawn(content_type=content_type), refusal=None):
            if content_type in CONTENT_TYPES.values():
                return
        case Answer(drawn=None, refusal=refusal) if refusal is not None:
            if refusal.code.removeprefix("source_").removeprefix("mask_") in EXPLANATIONS:
                return
    raise ProcessGone("the answer is not one of a sound process")


def _log_failure(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.error("drawing process did not start", error=str(error), attempt=state.attempt_number)


@asynccontextmanager
async def open_pool(
    settings: Settings, *, program: Program = DRAWING_PROGRAM, max_draws: int = MAX_DRAWS
) -> AsyncGenerator[DrawPool, None]:
    """Start the drawing processes and end them on the way out; `program` is another one in tests.

    Raises:
        ProcessGone: they do not start.
    """
    pool = DrawPool(settings, program, max_draws)
    try:
        await pool.open()
        yield pool
    finally:
        await pool.close()
