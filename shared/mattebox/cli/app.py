"""The commands of `mattebox`, put together."""

import sys
from typing import Annotated

import typer

from mattebox import __version__
from mattebox.cli import export, import_folder, token
from mattebox.cli.extra_commands import add_extra_commands, is_fault, tell_missing
from mattebox.cli.login import login
from mattebox.cli.status import status
from mattebox.cli.terminal import ExitCode

PANEL = "With a running registry"

EPILOG = """\
[bold]First steps[/]

[cyan]mattebox demo[/]   a server with a small dataset to look at

[cyan]mattebox up[/]   a server for your own

[cyan]mattebox import folder IMAGES --masks MASKS --dataset NAME[/]   your images and masks, drawn
"""


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"mattebox {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line."""
    try:
        make_app()()
    except ModuleNotFoundError as error:
        # A command that needs more than the SDK may import it only when it is run.
        if is_fault(error):
            raise
        tell_missing(" ".join(sys.argv[1:2]), error)
        sys.exit(ExitCode.USAGE)


def make_app() -> typer.Typer:
    """Put the commands together."""
    app = typer.Typer(
        name="mattebox",
        help="Mattebox keeps the masks of image and video datasets, and shows them.",
        epilog=EPILOG,
        rich_markup_mode="rich",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    add_extra_commands(app)
    app.add_typer(import_folder.app, name="import", rich_help_panel=PANEL)
    app.command(rich_help_panel=PANEL, epilog=export.EPILOG)(export.export)
    app.command(rich_help_panel=PANEL)(status)
    app.command(rich_help_panel=PANEL)(login)
    app.add_typer(token.app, name="token", rich_help_panel=PANEL)
    return app


def _root(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help="Show the version."),
    ] = False,
) -> None:
    pass
