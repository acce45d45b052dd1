"""`mattebox export`: a version in files."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct
from rich.text import Text

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
from mattebox.cli.import_report import progress_bars, show_left_out, write_left_out
from mattebox.cli.terminal import ExitCode, counted, out, print_json, print_note
from mattebox.errors import InputError, NotFound
from mattebox.exporters.outcome import Exported

if TYPE_CHECKING:
    from mattebox.aio import Client


class Format(StrEnum):
    """What to write."""

    FRAMES_JSON = "frames-json"
    PNGS = "pngs"
    VOC = "voc"
    COCO_PANOPTIC = "coco-panoptic"


Exporter = Callable[["Client", Version, Path, Callable[[int], None]], Awaitable[Exported]]

ONE_MASK = (Format.VOC, Format.COCO_PANOPTIC)
"""Formats that hold one segmentation of each picture."""

EPILOG = """\
[bold]Examples[/]

[cyan]mattebox export camvid/imported backup --format frames-json[/]

[cyan]mattebox export camvid/imported pictures --format pngs[/]

[cyan]mattebox export cityscapes/imported voc --format voc --mask gtFine[/]

[bold]Formats[/]

frames-json: frames.ndjson with the frames as they were registered, version.json with the metadata, blobs/ with the
uploads. `mattebox import frames-json` takes it back identically, into any registry.

pngs: previews/ and masks/MASK/ with pictures of the size and the names of their sources; files.csv says which frame
each is of. A pixel of a mask is the number of its label in labels.json beside it, 0 where it has none; the maps of
alpha masks are their opacity. `mattebox import folder` reads both.

voc: JPEGImages/ with the pictures as they were registered, SegmentationClass/ with the palette of PASCAL VOC,
labelmap.txt, ImageSets/Segmentation/; SegmentationObject/ where objects are told apart: by a mask "object", or by a
panoptic one.

coco-panoptic: SPLIT/ with the pictures, annotations/panoptic_SPLIT/ with segment ids as colours and
annotations/panoptic_SPLIT.json. The split is the first folder of a frame's name, else "all".

Both read every mask pixel by pixel, whatever its encoding, and hold one segmentation of each picture: --mask, else
the first with labels. What they cannot say (undeclared and ignored values, several labels of one value, regions, ...)
is told, and listed in left-out.csv.

[bold]Again[/]

Run it again to bring the folder up to date; uploads that are there already are not fetched twice.
"""


class ExportSummary(Struct):
    """How an export ended."""

    version_id: str
    folder: str
    frames: int
    files: int
    left_out: int
    reduced: int
    """Things that are written, but say less than they did."""


def export(  # noqa: PLR0913 - each argument is an option of the command
    *,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Its id, or DATASET/VERSION by their names.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to; made if there is none.")],
    format: Annotated[Format, typer.Option(help="What to write.")],  # noqa: A002 - the name of the option
    mask: Annotated[
        str | None, typer.Option(metavar="ID", help="For voc and coco-panoptic: the mask to write of several.")
    ] = None,
    left_out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV file for what was left out; else DIR/left-out.csv.")
    ] = None,
    json: JsonOption = False,
    url: UrlOption = URL,
    token: TokenOption = TOKEN,
    data: DataOption = DATA,
) -> None:
    """Write a version to files.

    Ends with code 1 when something of it could not be written.
    """
    with told_errors():
        exporter = _exporter(format, mask)

    async def work(client: "Client") -> tuple[Version, Exported]:
        found = await _find(client, version)
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            with progress_bars() as bars:
                return found, await exporter(client, found, folder, bars.add("exported", found.frame_count))
        except OSError as error:
            raise InputError(f"{error.filename or str(folder)!r} cannot be written: {error.strerror}.") from error

    try:
        found, exported = run(Server(url, token, data), work)
    except KeyboardInterrupt:
        print_note("interrupted; what was written stays. Run it again to go on.")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    with told_errors():
        show_left_out("left out", exported.left_out)
        show_left_out("changed", exported.reduced)
        write_left_out(left_out or folder / "left-out.csv", [*exported.left_out, *exported.reduced])
    summary = ExportSummary(
        found.id, str(folder), exported.frames, exported.files, len(exported.left_out), len(exported.reduced)
    )
    if json:
        print_json(summary)
    else:
        mark = ("✗ ", "red") if exported.left_out else ("✓ ", "green")
        wrote = f"  {counted(exported.frames, 'frame')}, {counted(exported.files, 'file')}"
        out.print(Text.assemble(mark, (str(folder), "bold"), wrote))
    if exported.left_out:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _exporter(format: Format, mask: str | None) -> Exporter:  # noqa: A002 - the name of the option
    if format not in ONE_MASK:
        if mask is not None:
            raise InputError(f"--mask is for {' and '.join(ONE_MASK)}: {format} writes all masks.")
        from mattebox.exporters.frames_json import export_frames_json  # noqa: PLC0415
        from mattebox.exporters.pngs import export_pngs  # noqa: PLC0415

        return export_pngs if format is Format.PNGS else export_frames_json
    # They need Pillow and NumPy.
    if format is Format.VOC:
        from mattebox.exporters.voc import export_voc  # noqa: PLC0415

        return partial(export_voc, mask=mask)
    from mattebox.exporters.coco_panoptic import export_coco_panoptic  # noqa: PLC0415

    return partial(export_coco_panoptic, mask=mask)


async def _find(client: "Client", named: str) -> Version:
    """Find a version by id, or by the names of its dataset and itself, which may have slashes of their own."""
    for position in (place for place, letter in enumerate(named) if letter == "/"):
        async for dataset in client.datasets(name=named[:position]):
            async for version in client.versions(dataset.id, name=named[position + 1 :]):
                return version
    if "/" in named:
        raise InputError(f"There is no version {named!r}: see them with `mattebox status`.")
    try:
        return await client.version(named)
    except NotFound as error:
        message = f"There is no version {named!r}: name one as DATASET/VERSION, see them with `mattebox status`."
        raise InputError(message) from error
