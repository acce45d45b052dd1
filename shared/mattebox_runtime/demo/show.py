"""`mattebox demo` once everything runs: draw, register, wait, and say where to look."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mattebox.aio import Client
from mattebox_runtime.demo.dataset import DemoSet, Extent, generate
from mattebox_runtime.demo.register import files_of, register
from mattebox_runtime.demo.sheet import write_contact_sheet

if TYPE_CHECKING:
    from mattebox_runtime.local.screen import Screen
    from mattebox_runtime.local.stack import Stack


async def show_demo(stack: "Stack", screen: "Screen", *, frames: int) -> bool:
    """Fill a running stack with the demo and show how far it is; tell whether every preview could be drawn.

    Raises:
        MatteboxError: the registry refused.
    """
    directory = stack.data / "demo"
    steps = Extent.of(frames).steps
    async with Client(stack.url, stack.token) as client:
        with _bars(screen) as bars:
            drawing = bars.add_task("drawn", total=steps)
            demo_set = await _draw(directory, frames, lambda: bars.advance(drawing))
            bars.update(drawing, completed=steps)
            uploading = bars.add_task("uploaded", total=len(files_of(demo_set)))
            version_id, added = await register(client, demo_set, lambda: bars.advance(uploading))
            rendering = bars.add_task("rendered", total=len(demo_set.frames))
            counts = await client.wait_for_previews(
                version_id, on_progress=lambda counts: bars.update(rendering, completed=counts.settled)
            )
        for rejected in added.rejected:
            screen.fail(str(rejected))
        sheet = directory / "contact-sheet.png"
        drawn = [frame["id"] for frame in demo_set.frames] if not counts.failed else await _drawn(client, version_id)
        await write_contact_sheet(client, version_id, drawn, sheet)
    shown = f"{stack.url}/api/v1/versions/{version_id}/frames/{demo_set.frames[min(frames, 34) - 1]['id']}/preview"
    login_url = await stack.login_url(f"/versions/{version_id}/frames")
    screen.show_demo(stack, login_url, shown, counts, sheet)
    return not added.rejected and counts.ready == counts.total


class _Stopped(Exception):
    """Ends the drawing thread at its next step: nobody waits for the pictures any more."""


async def _draw(directory: Path, frames: int, progress: Callable[[], None]) -> DemoSet:
    is_stopped = threading.Event()

    def step() -> None:
        if is_stopped.is_set():
            raise _Stopped
        progress()

    try:
        return await asyncio.to_thread(generate, directory, frames, progress=step)
    finally:
        is_stopped.set()


async def _drawn(client: Client, version_id: str) -> list[str]:
    return [frame.id async for frame in client.frames(version_id) if frame.preview.state in ("ready", "partial")]


def _bars(screen: "Screen") -> Progress:
    columns = (TextColumn("  {task.description:<9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=screen.console)
