"""What `mattebox up` and `mattebox demo` do, from the settings to the last signal."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

import typer
from rich.console import Console

from mattebox.errors import MatteboxError
from mattebox_runtime.local.errors import LocalError
from mattebox_runtime.local.screen import Screen
from mattebox_runtime.local.settings import Settings, check_places
from mattebox_runtime.local.stack import Stack, run_stack
from mattebox_runtime.local.supervisor import Supervisor
from mattebox_runtime.settings import SettingsError, load


def run_up(verbose: bool, **options: Any) -> None:
    """Run a stack until it is told to stop; `options` are settings, None where not given."""
    screen = Screen(Console(), verbose=verbose)

    async def stay(stack: Stack) -> None:
        screen.show_running(stack)
        screen.show_login(stack, await stack.login_url())
        screen.show_next_steps(stack)
        await asyncio.Event().wait()

    _run(screen, _settings(screen, options), stay)


class Show(Protocol):
    """Fills a stack with `frames` frames and shows how far it is; tells whether every preview could be drawn."""

    def __call__(self, stack: Stack, screen: Screen, *, frames: int) -> Awaitable[bool]:
        """Do it."""


def run_demo(verbose: bool, show: Show, *, frames: int, leave: bool, **options: Any) -> None:
    """Run a stack with the demo in it, until it is told to stop or, with `leave`, until all previews are ready."""
    screen = Screen(Console(), verbose=verbose)

    async def fill(stack: Stack) -> None:
        screen.show_running(stack)
        is_complete = await show(stack, screen, frames=frames)
        if leave:
            raise typer.Exit(0 if is_complete else 1)
        screen.show_next_steps(stack)
        await asyncio.Event().wait()

    _run(screen, _settings(screen, options), fill)


def _settings(screen: Screen, options: dict[str, Any]) -> Settings:
    try:
        return check_places(load(Settings, os.environ, **options))  # noqa: TID251 - the composition root of a machine
    except (SettingsError, LocalError) as error:
        screen.fail(str(error))
        raise typer.Exit(2) from None


def _run(screen: Screen, settings: Settings, work: Callable[[Stack], Awaitable[None]]) -> None:
    logs = Path(settings.data) / "logs"
    supervisor = Supervisor(logs, screen.tell, echo=screen.echo if screen.verbose else None)
    stack = run_stack(settings, os.environ, supervisor, work)  # noqa: TID251 - handed on to the services
    try:
        asyncio.run(_until_signalled(stack, screen.tell, supervisor.kill))
    except (LocalError, MatteboxError) as error:
        screen.fail(str(error))
        raise typer.Exit(1) from None


async def _until_signalled(
    work: Coroutine[Any, Any, None], tell: Callable[[str], None], kill: Callable[[], None]
) -> None:
    """Run `work` until it ends; a first SIGINT or SIGTERM cancels it, a second one kills what it started."""
    task = asyncio.create_task(work, name="stack")
    is_stopping = False

    def stop() -> None:
        nonlocal is_stopping
        if is_stopping:
            kill()
            return
        is_stopping = True
        tell("Stopping. Once more to stop without waiting.")
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
