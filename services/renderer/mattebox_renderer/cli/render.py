"""The options of `mattebox render`. What draws is imported late, so that `--help` is quick."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Literal

import typer

from mattebox.cli.connect import told_errors
from mattebox.cli.extra_commands import tell_missing
from mattebox.cli.terminal import ExitCode
from mattebox_renderer.cli.arguments import Arguments

_DRAWING, _OUTPUT = "How it is drawn", "What comes out"


def render(  # noqa: PLR0913 - each argument is an option of the command
    *,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Picture or video: a path, or an http(s) or s3 URI.")],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="OUT", help="File to write: .webp, .jpg or .png.", rich_help_panel=_OUTPUT),
    ],
    mask: Annotated[
        list[str] | None, typer.Option(metavar="FILE[=MODE]", help="Mask, in the order of drawing; repeat.")
    ] = None,
    labels: Annotated[Path | None, typer.Option(metavar="FILE", help="JSON file that says what values mean.")] = None,
    mode: Annotated[str, typer.Option(help="Apply all masks in this way: auto, segmentation or alpha.")] = "auto",
    encoding: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[ID=]ENCODING",
            help="How values are read: auto, rgb, index, panoptic or rgba; repeat.",
        ),
    ] = None,
    timestamp: Annotated[float | None, typer.Option(metavar="MS", help="Milliseconds into videos.")] = None,
    opacity: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[ID=]0..1",
            help="Of all masks, or of one; repeat.",
            show_default="0.6, or 1 of alpha masks",
            rich_help_panel=_DRAWING,
        ),
    ] = None,
    tint: Annotated[
        list[str] | None,
        typer.Option(metavar="[ID=]#RRGGBB", help="Tint what alpha masks keep; repeat.", rich_help_panel=_DRAWING),
    ] = None,
    background: Annotated[
        str, typer.Option(metavar="#RRGGBB", help="Behind alpha masks; or transparent.", rich_help_panel=_DRAWING)
    ] = "#000000",
    hide: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL", help="Label that is counted and not painted; repeat.", rich_help_panel=_DRAWING),
    ] = None,
    unmapped: Annotated[
        str | None,
        typer.Option(metavar="#RRGGBB", help="Paint pixels that no label declares.", rich_help_panel=_DRAWING),
    ] = None,
    outline: Annotated[
        int, typer.Option(metavar="PX", help="Width of label borders in full colour.", rich_help_panel=_DRAWING)
    ] = 0,
    size: Annotated[
        str, typer.Option(metavar="PX", help="Longest side, or full. Never enlarged.", rich_help_panel=_OUTPUT)
    ] = "640",
    report: Annotated[
        Literal["table", "json"] | None,
        typer.Option(help="Print what was found in the masks.", rich_help_panel=_OUTPUT),
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option(
            metavar="PNG",
            help="Write the index map of the one mask too: each pixel the number of its label, 0 for none.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    allow_cidr: Annotated[
        list[str] | None, typer.Option(help="Private range that http:// URIs may reach; repeat.")
    ] = None,
) -> None:
    """Draw one picture with its masks, without any server.

    It is drawn by the renderer's own rules and in its confined process, so a damaged or hostile file does no harm.

    [bold]Examples[/]

    [cyan]mattebox render street.jpg --mask street.png --labels labels.json -o preview.webp[/]   labels over a photo

    [cyan]mattebox render hair.jpg --mask matte.png=alpha --background transparent -o cut.png[/]   a cut-out

    [cyan]mattebox render drive.mp4 --timestamp 1500 --mask masks.mkv --labels labels.json -o at.jpg[/]   of a video

    [cyan]mattebox render a.jpg --mask cars.png --mask road.png --opacity road=0.3 -o b.png[/]   two mattes

    [cyan]mattebox render a.jpg --mask m.png --labels l.json --unmapped '#ff00ff' --report table -o b.png[/]   gaps

    [bold]Masks[/]

    FILE or FILE=MODE. segmentation: values are labels · alpha: brightness is opacity · auto: by what is declared.

    Options of one mask name it by its file name without the ending, as in [cyan]--tint hair=#ff0000[/].

    [bold]Labels[/]

    JSON in any of the forms that [cyan]mattebox import folder --help[/] lists.

    [bold]Exit codes[/]

    0 drawn · 1 drawn, but without a mask that could not be read · 2 arguments or files that cannot be used
    """
    arguments = Arguments(
        source=source, out=out, masks=mask or [], labels=labels, mode=mode, encodings=encoding or [],
        timestamp=timestamp, opacities=opacity or [], tints=tint or [], background=background, hide=hide or [],
        unmapped=unmapped, outline=outline, size=size, report=report, index_map=index, allow_cidrs=allow_cidr or [],
    )  # fmt: skip
    with told_errors():
        try:
            complete = import_module("mattebox_renderer.cli.drawing").render_by_hand(arguments)
        except ModuleNotFoundError as error:
            tell_missing("render", error)
            raise typer.Exit(ExitCode.USAGE) from None
    if not complete:
        raise typer.Exit(ExitCode.INCOMPLETE)
