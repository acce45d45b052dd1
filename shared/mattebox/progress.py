"""A bar for what takes long, where somebody looks at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from time import monotonic

from mattebox.notebook import bar

Advance = Callable[[int], None]

NOTEBOOK_PAUSE_S = 0.2
"""Between two looks of a notebook's bar: each is a message that the browser has to draw."""


@contextmanager
def progress_bar(what: str, total: int | None, *, wanted: bool) -> Iterator[Advance]:
    """Show how far something is: in the notebook's cell, or on standard error if that is a terminal."""
    if not wanted:
        yield lambda _done: None
        return
    # Loaded when it is shown: describing frames needs no terminal library.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    if console.is_jupyter:
        shown = _NotebookBar(what, total)
        try:
            yield shown.advance
        finally:
            shown.show()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(what, total=total)
        yield lambda done: bars.update(task, advance=done)


class _NotebookBar:
    """One output of a cell that changes; unlike widgets it needs no package, and stays when the notebook is saved."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._began = self._shown = monotonic()
        # Whoever draws in a notebook has it.
        self._html = import_module("IPython.display").HTML
        self._place = import_module("IPython.display").display(self._now(), display_id=True)

    def advance(self, done: int) -> None:
        self._done += done
        if monotonic() - self._shown >= NOTEBOOK_PAUSE_S:
            self.show()

    def show(self) -> None:
        self._shown = monotonic()
        self._place.update(self._now())

    def _now(self) -> object:
        return self._html(bar(self._what, self._done, self._total, monotonic() - self._began))
