"""What `mattebox import folder` shows: what it found, how far it is, how it ended."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from time import monotonic

from msgspec import Struct
from rich.console import Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from mattebox._protocol import path
from mattebox.answers import PreviewCounts
from mattebox.cli.terminal import STATE_STYLES, counted, err, out, print_error, print_note, state_counts
from mattebox.importers.folder import FolderImport
from mattebox.importers.register import FailureGroup, Registered
from mattebox.models import ALL_MASKS
from mattebox.reasons import explain

NAMES_SHOWN = 5
FAULTS_SHOWN = 10
QUIET_S = 15.0
"""Without a new preview for this long, somebody should look whether a renderer runs."""


class ImportSummary(Struct):
    """How an import ended."""

    dataset: str
    version: str
    version_id: str
    created: int
    updated: int
    faults: list[str]
    previews: PreviewCounts | None = None
    failures: list[FailureGroup] = []

    @property
    def complete(self) -> bool:
        """Every frame was stored and, where that was waited for, drawn with all its masks."""
        return not self.faults and (self.previews is None or self.previews.ready == self.previews.settled)


def show_plan(plan: FolderImport) -> None:
    """Say what was found, before anything is sent."""
    pairing = plan.pairing
    masks = sum(len(pair.masks) for pair in pairing.pairs)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", style="bold")
    grid.add_row(f"{len(pairing.pairs) + len(pairing.images_alone):,}", "images", Text(str(plan.images), "dim"))
    grid.add_row(f"{masks + len(pairing.masks_alone):,}", "masks", Text(str(plan.masks), "dim"))
    grid.add_row(f"{len(pairing.pairs):,}", "pairs", Text(_mask_ids(plan), "dim"))
    if plan.labels or plan.own_labels:
        grid.add_row(f"{_label_count(plan):,}", "labels", Text(_label_scope(plan), "dim"))
    err.print(grid)
    if plan.merged_labels:
        print_note(_merging(plan))
    _show_left_out(counted(len(pairing.images_alone), "image") + " without a mask", pairing.images_alone)
    _show_left_out(counted(len(pairing.masks_alone), "mask") + " without an image", pairing.masks_alone)
    if plan.unused_labels:
        print_note(f"no mask has these names, so their labels are not used: {_some(plan.unused_labels)}")


def _merging(plan: FolderImport) -> str:
    text = (
        f"{counted(plan.merged_labels, 'repeated value')} in the labels: each value is taken once, with all its labels"
    )
    if plan.recolored_labels:
        text += f"; {plan.recolored_labels:,} asked for another colour than the first, which counts"
    return f"{text}."


def _mask_ids(plan: FolderImport) -> str:
    ids = sorted({mask.id for pair in plan.pairing.pairs for mask in pair.masks})
    return f"mask ids: {_some(ids)}" if len(ids) > 1 else f"mask id: {ids[0]}"


def _label_count(plan: FolderImport) -> int:
    return len({name for entries in plan.all_label_lists() for entry in entries for name in entry.labels})


def _label_scope(plan: FolderImport) -> str:
    scopes = ["for all masks"] if ALL_MASKS in plan.labels else []
    scopes += [f"for mask {mask}" for mask in plan.labels if mask != ALL_MASKS]
    if plan.own_labels:
        scopes.append(f"for {counted(len(plan.own_labels), 'mask file')}")
    return ", ".join(scopes)


def _show_left_out(what: str, paths: Sequence[PurePosixPath]) -> None:
    if paths:
        print_note(f"left out, {what}: {_some([path.as_posix() for path in paths])}")


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


class Bars:
    """Progress bars of an import."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._quiet_since = monotonic()
        self._settled = -1

    def add(self, what: str, total: int) -> Callable[[int], None]:
        """Show a bar, give what moves it on."""
        task = self._progress.add_task(what, total=total, note="")
        return lambda count: self._progress.advance(task, count)

    def add_drawing(self) -> Callable[[PreviewCounts], None]:
        """Show the bar of the previews, give what sets it."""
        task = self._progress.add_task("drawn", total=None, note="")
        return lambda counts: self._set(task, counts)

    def _set(self, task: TaskID, counts: PreviewCounts) -> None:
        if counts.settled != self._settled:
            self._settled = counts.settled
            self._quiet_since = monotonic()
        quiet = counts.pending and monotonic() - self._quiet_since > QUIET_S
        note = f"nothing new for {QUIET_S:.0f} s: does a renderer run?" if quiet else ""
        self._progress.update(task, total=counts.total, completed=counts.settled, note=note)


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Show progress bars on a terminal."""
    columns = (
        TextColumn("{task.description:>10}"),
        BarColumn(bar_width=32, complete_style="cyan", finished_style="green"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[yellow]{task.fields[note]}"),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        yield Bars(progress)


def show_faults(registered: Registered) -> None:
    """List frames that were not stored."""
    for fault in registered.faults[:FAULTS_SHOWN]:
        print_error(fault)
    more = len(registered.faults) - FAULTS_SHOWN
    if more > 0:
        print_error(f"and {counted(more, 'frame')} more were not stored.")


def summary_page(summary: ImportSummary) -> RenderableType:
    """Say how it ended."""
    mark = ("✓ ", "green") if summary.complete else ("✗ ", "red")
    where = (f"{summary.dataset} / {summary.version}", "bold")
    first = Text.assemble(mark, where, f"  {summary.created:,} new, {summary.updated:,} known already")
    if summary.faults:
        first.append(f", {len(summary.faults):,} not stored", style="red")
    parts: list[RenderableType] = [first]
    if summary.previews is not None:
        parts.append(Text("  ") + state_counts(summary.previews))
    if summary.failures:
        parts += ["", _failures(summary.failures)]
    return Group(*parts)


def show_next(summary: ImportSummary, url: str, token: str, frame_id: str) -> None:
    """Print the version's id and what to do next; `token` is what the shell makes the token of."""
    if summary.faults:
        step = "run the same command again when the files are right: nothing doubles"
    elif summary.previews is None:
        step = "mattebox status"
    else:
        place = url + path("versions", summary.version_id, "frames", frame_id, "preview")
        step = f"curl -o preview.webp -H \"Authorization: Bearer {token}\" '{place}?wait=10'"
    out.print()
    for name, text in (("version id", summary.version_id), ("next", step)):
        # Lines that are to be copied are not broken.
        out.print(Text.assemble((f"  {name:<12}", "dim"), text), soft_wrap=True)


def _failures(failures: Sequence[FailureGroup]) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 2))
    table.add_column("frames", justify="right")
    table.add_column("reason", no_wrap=True)
    table.add_column("what it means")
    table.add_column("for example")
    for group in failures:
        reason = Text(group.code, STATE_STYLES[group.state])
        table.add_row(f"{group.count:,}", reason, explain(group.code), Text(", ".join(group.examples), "dim"))
    return table
