"""`mattebox import camvid` and its like: the command of a format, made of what its layout says."""

from typing import Annotated

import typer
from rich.markup import escape

from mattebox.cli.connect import DATA, TOKEN, URL, DataOption, JsonOption, Server, TokenOption, UrlOption
from mattebox.cli.import_command import (
    LEFT_OUT,
    VERSION,
    DatasetOption,
    LeftOutOption,
    Target,
    UploadOption,
    VersionOption,
    WaitOption,
    import_planned,
)
from mattebox.importers.layout import Layout
from mattebox.importers.places import place_of


def add_layout(app: typer.Typer, layout: Layout) -> None:
    """Add the command of a format."""

    @app.command(layout.name, help=f"{layout.about}\n\n{_ENDS}", epilog=_epilog(layout))
    def command(  # noqa: PLR0913 - each argument is an option of the command
        *,
        root: Annotated[str, typer.Argument(metavar="PATH", help=f"Folder or URI of {layout.holds}.")],
        dataset: DatasetOption,
        version: VersionOption = VERSION,
        upload: UploadOption = True,
        wait: WaitOption = True,
        left_out: LeftOutOption = LEFT_OUT,
        json: JsonOption = False,
        url: UrlOption = URL,
        token: TokenOption = TOKEN,
        data: DataOption = DATA,
    ) -> None:
        target = Target(dataset, version, upload, wait, left_out)
        import_planned(lambda: layout.plan(place_of(root)), target, Server(url, token, data), json=json)


_ENDS = "Ends with code 1 when a frame was not stored or not drawn with all its masks."


def _epilog(layout: Layout) -> str:
    return f"""\
[bold]Example[/]

[cyan]mattebox import {layout.name} {layout.example} --dataset {layout.name}[/]

[bold]What is read[/]

{escape(layout.reads)}

PATH is a path of this machine, or s3://BUCKET/PREFIX, gs://, az://, or https:// where the server lists its folders.
What lies there is registered where it is.

[bold]Labels[/]

{escape(layout.labels)}

[bold]Again[/]

Run it as often as you like: frames are known by their path or id and files by their content, so nothing doubles.
"""
