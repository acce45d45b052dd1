"""What `mattebox import` shows: what it found, how far it is, how it ended, and what was left out."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from msgspec import Struct
from rich.console import Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from mattebox._protocol import path
from mattebox.answers import PreviewCounts
from mattebox.cli.terminal import STATE_STYLES, counted, err, out, print_error, print_note, state_counts
from mattebox.errors import InputError
from mattebox.importers.label_file import label_names
from mattebox.importers.outcome import FailureGroup, Registered
from mattebox.importers.plan import Finding, ImportPlan, LeftOut, some
from mattebox.models import ALL_MASKS
from mattebox.reasons import explain

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
    left_out: int = 0
    """Things of the dataset that are not in the registry, unstored frames too."""

    @property
    def complete(self) -> bool:
        """Every frame was stored and, where that was waited for, drawn with all its masks."""
        return not self.faults and (self.previews is None or self.previews.ready == self.previews.settled)


def show_plan(plan: ImportPlan) -> None:
    """Say what was found, before anything is sent."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", style="bold")
    for finding in (*plan.found, *label_findings(plan)):
        grid.add_row(f"{finding.count:,}", finding.noun, Text(finding.detail, "dim"))
    err.print(grid)
    for note in plan.notes:
        print_note(note)
    show_left_out("left out", plan.left_out)


def show_left_out(what_became: str, left_out: Sequence[LeftOut]) -> None:
    """Tell what was left out, or written otherwise; alike things together."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for left in left_out:
        alike[left.noun, left.why].append(left.what)
    for (noun, why), names in alike.items():
        print_note(f"{what_became}, {counted(len(names), noun)} {why}: {some(names)}")


def label_findings(plan: ImportPlan) -> Iterator[Finding]:
    """Count the version's labels; labels that masks bring themselves are the layout's to tell."""
    names = {name for entries in plan.labels.values() for entry in entries for name in label_names(entry)}
    if names:
        scopes = ["for all masks"] if ALL_MASKS in plan.labels else []
        scopes += [f"for mask {mask}" for mask in plan.labels if mask != ALL_MASKS]
        origin = f", from {plan.label_origin}" if plan.label_origin else ""
        yield Finding(len(names), "labels", ", ".join(scopes) + origin)


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
        print_error(str(fault))
    more = len(registered.faults) - FAULTS_SHOWN
    if more > 0:
        print_error(f"and {counted(more, 'frame')} more were not stored.")


def write_left_out(file: Path, left_out: Sequence[LeftOut]) -> None:
    """Write what was left out and why as CSV; without anything there is no file, nor one of an earlier run.

    Raises:
        InputError: it cannot be written.
    """
    try:
        if not left_out:
            file.unlink(missing_ok=True)
            return
        with file.open("w", newline="", encoding="utf-8") as target:
            rows = csv.writer(target, lineterminator="\n")
            rows.writerow(LeftOut._fields)
            rows.writerows(left_out)
    except OSError as error:
        raise InputError(f"{str(file)!r} cannot be written: {error.strerror}.") from error
    print_note(f"what was left out and why: {file}")


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
    rows = (("version id", summary.version_id), ("look at it", f"{url}/versions/{summary.version_id}"), ("next", step))
    for name, text in rows:
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
