"""`mattebox import folder`: a folder of images with a folder of masks."""

from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from mattebox.aio import Client
from mattebox.answers import Version
from mattebox.cli.connect import (
    DATA,
    TOKEN,
    URL,
    DataOption,
    JsonOption,
    Server,
    TokenOption,
    UrlOption,
    run,
    told_errors,
)
from mattebox.cli.import_report import ImportSummary, progress_bars, show_faults, show_next, show_plan, summary_page
from mattebox.cli.terminal import ExitCode, out, print_json, print_note
from mattebox.errors import InputError
from mattebox.importers.folder import FolderImport, plan_folder_import
from mattebox.importers.register import Progress, failures_by_reason, register_folder
from mattebox.models import MaskMode

app = typer.Typer(help="Bring a dataset into the registry.", no_args_is_help=True)

_PAIRING = (
    "The mask of the same name (0001.jpg, 0001.png), and masks whose names begin with it (lemur.png, "
    "lemur_alpha.png). Words that only tell an image from a mask do not count (x_leftImg8bit.png, "
    "x_gtFine_labelIds.png). The rest of the name becomes the mask's id. With --recursive, image and mask lie in "
    "the same subfolder."
)
_LABELS = (
    r'One of these as JSON: \[{"value": \[128, 64, 128], "labels": \["road"]}, ...] · such lists by mask id, with '
    r'_all_ for the others · {"road": \[128, 64, 128], ...} · {"7": "road", ...} for grey values.'
)
EPILOG = f"""\
[bold]Examples[/]

[cyan]mattebox import folder camvid/images --masks camvid/masks --labels labels.json --dataset camvid[/]

[cyan]mattebox import folder photos --masks mattes --mode alpha --dataset portraits[/]

[cyan]mattebox import folder leftImg8bit/val --masks gtFine/val --recursive --dataset cityscapes[/]

[bold]Which mask belongs to which image[/]

{_PAIRING}

[bold]Labels[/]

{_LABELS}

[bold]Again[/]

Run it as often as you like: frames are known by their path and files by their content, so nothing doubles.
"""


@app.callback()
def group() -> None:
    """Bring a dataset into the registry."""


class Target(Struct, frozen=True):
    """Where the frames go and how."""

    dataset: str
    version: str
    upload: bool
    wait: bool


@app.command(epilog=EPILOG)
def folder(  # noqa: PLR0913 - each argument is an option of the command
    *,
    images: Annotated[Path, typer.Argument(metavar="IMAGES", help="Folder of the images or videos.")],
    masks: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder of the masks.")],
    dataset: Annotated[str, typer.Option(metavar="NAME", help="Dataset to import into; made if there is none.")],
    labels: Annotated[Path | None, typer.Option(metavar="FILE", help="JSON file that says what values mean.")] = None,
    version: Annotated[
        str, typer.Option(metavar="NAME", help="Draft version to import into; made if there is none.")
    ] = "imported",
    mode: Annotated[MaskMode, typer.Option(help="How the masks apply: auto segments where labels are given.")] = "auto",
    upload: Annotated[
        bool,
        typer.Option(help="Upload the files, or else let the renderers read them in place (see --file-root of up)."),
    ] = True,
    wait: Annotated[bool, typer.Option(help="Wait until the previews are drawn.")] = True,
    recursive: Annotated[bool, typer.Option("--recursive", help="Look into subfolders too.")] = False,
    json: JsonOption = False,
    url: UrlOption = URL,
    token: TokenOption = TOKEN,
    data: DataOption = DATA,
) -> None:
    """Register a folder of images with a folder of masks, and see that every preview is right.

    Ends with code 1 when a frame was not stored or not drawn with all its masks.
    """
    with told_errors():
        plan = plan_folder_import(images, masks, labels=labels, mode=mode, recursive=recursive)
    show_plan(plan)
    target = Target(dataset, version, upload, wait)
    server = Server(url, token, data)

    async def work(client: Client) -> ImportSummary:
        return await _import(client, plan, target)

    try:
        summary = run(server, work)
    except KeyboardInterrupt:
        print_note("interrupted; what was registered stays and is drawn all the same. Run it again to go on.")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    if json:
        print_json(summary)
    else:
        out.print(summary_page(summary))
        shown = plan.pairing.pairs[0].image.as_posix()
        show_next(summary, server.url, server.token_for_shell(), shown)
    if not summary.complete:
        raise typer.Exit(ExitCode.INCOMPLETE)


async def _import(client: Client, plan: FolderImport, target: Target) -> ImportSummary:
    version = await _draft(client, target)
    if plan.labels:
        await client.set_mask_labels(version.id, plan.labels)
    with progress_bars() as bars:
        on_file = bars.add("uploaded", plan.file_count) if target.upload else None
        on_frames = bars.add("registered", len(plan.pairing.pairs))
        progress = Progress(lambda: on_file(1) if on_file else None, on_frames)
        registered = await register_folder(client, version.id, plan, progress, upload=target.upload)
        counts = await client.wait_for_previews(version.id, on_progress=bars.add_drawing()) if target.wait else None
    show_faults(registered)
    if counts is None:
        print_note("the previews are being drawn; see how far they are: mattebox status")
    return ImportSummary(
        target.dataset,
        target.version,
        version.id,
        registered.created,
        registered.updated,
        registered.faults,
        counts,
        await failures_by_reason(client, version.id) if counts else [],
    )


async def _draft(client: Client, target: Target) -> Version:
    dataset = await client.ensure_dataset(target.dataset)
    version = await client.ensure_version(dataset.id, target.version)
    if version.status != "draft":
        raise InputError(f"Version {target.version!r} is published and read-only: name another one with --version.")
    return version
