"""A bar for what takes long, where somebody looks at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

Advance = Callable[[int], None]


@contextmanager
def progress_bar(what: str, total: int | None, *, wanted: bool) -> Iterator[Advance]:
    """Show on standard error how far something is, if that is a terminal or a notebook that can draw it."""
    if not wanted:
        yield lambda _done: None
        return
    # Loaded when it is shown: describing frames needs no terminal library.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    seen = find_spec("ipywidgets") is not None if console.is_jupyter else console.is_terminal
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not seen) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, advance=done)
