"""What every `mattebox import` does: say what there is, register it, wait for the previews, tell how it ended."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from mattebox.answers import Version
from mattebox.cli.connect import Server, run, told_errors
from mattebox.cli.import_report import (
    ImportSummary,
    progress_bars,
    show_faults,
    show_next,
    show_plan,
    summary_page,
    write_left_out,
)
from mattebox.cli.terminal import ExitCode, out, print_json, print_note
from mattebox.errors import InputError, MatteboxError
from mattebox.importers.outcome import Progress
from mattebox.importers.plan import ImportPlan, LeftOut

if TYPE_CHECKING:
    from mattebox.aio import Client

DatasetOption = Annotated[str, typer.Option(metavar="NAME", help="Dataset to import into; made if there is none.")]
VersionOption = Annotated[
    str, typer.Option(metavar="NAME", help="Draft version to import into; made if there is none.")
]
UploadOption = Annotated[
    bool,
    typer.Option(help="Upload the files, or else let the renderers read them in place (see --file-root of up)."),
]
WaitOption = Annotated[bool, typer.Option(help="Wait until the previews are drawn.")]
LeftOutOption = Annotated[
    Path, typer.Option(metavar="FILE", help="CSV file to write what was left out and why; none if nothing was.")
]

VERSION = "imported"
LEFT_OUT = Path("mattebox-left-out.csv")


class Target(Struct, frozen=True):
    """Where the frames go and how."""

    dataset: str
    version: str
    upload: bool
    wait: bool
    left_out: Path


def import_planned(make_plan: Callable[[], ImportPlan], target: Target, server: Server, *, json: bool) -> None:
    """Carry out a plan; ends with code 1 when a frame was not stored or not drawn with all its masks."""
    with told_errors():
        plan = _look_through(make_plan)
    show_plan(plan)

    async def work(client: "Client") -> tuple[ImportSummary, list[LeftOut]]:
        return await _import(client, plan, target)

    try:
        summary, left_out = run(server, work)
    except KeyboardInterrupt:
        print_note("interrupted; what was registered stays and is drawn all the same. Run it again to go on.")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    if json:
        print_json(summary)
    else:
        out.print(summary_page(summary))
    with told_errors():
        write_left_out(target.left_out, left_out)
    if not json:
        shown = next(iter(plan.frames)).id
        show_next(summary, server.connection().url, server.token_for_shell(), shown)
    if not summary.complete:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _look_through(make_plan: Callable[[], ImportPlan]) -> ImportPlan:
    try:
        return make_plan()
    except OSError as error:
        raise InputError(f"{str(error.filename)!r} cannot be read: {error.strerror}.") from error


async def _import(client: "Client", plan: ImportPlan, target: Target) -> tuple[ImportSummary, list[LeftOut]]:
    # It loads the network library, which no help page needs.
    from mattebox.importers.register import failures_by_reason, register, uploads_files  # noqa: PLC0415

    version = await _draft(client, target)
    if plan.metadata:
        await client.update_version(version.id, metadata=plan.metadata)
    if plan.labels:
        await client.set_mask_labels(version.id, plan.labels)
    with progress_bars() as bars:
        on_file = bars.add("uploaded", plan.file_count) if uploads_files(plan, upload=target.upload) else None
        on_frames = bars.add("registered", plan.frame_count)
        progress = Progress(lambda: on_file(1) if on_file else None, on_frames)
        try:
            registered = await register(client, version.id, plan, progress, upload=target.upload)
        except MatteboxError:
            print_note("what was registered so far stays; the same command goes on where it ended.")
            raise
        counts = await client.wait_for_previews(version.id, on_progress=bars.add_drawing()) if target.wait else None
    show_faults(registered)
    if counts is None:
        print_note("the previews are being drawn; see how far they are: mattebox status")
    left_out = [*plan.left_out, *registered.faults]
    return ImportSummary(
        target.dataset,
        target.version,
        version.id,
        registered.created,
        registered.updated,
        [str(fault) for fault in registered.faults],
        counts,
        await failures_by_reason(client, version.id) if counts else [],
        len(left_out),
    ), left_out


async def _draft(client: "Client", target: Target) -> Version:
    dataset = await client.ensure_dataset(target.dataset)
    version = await client.ensure_version(dataset.id, target.version)
    if version.status != "draft":
        raise InputError(f"Version {target.version!r} is published and read-only: name another one with --version.")
    return version
