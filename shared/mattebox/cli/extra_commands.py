"""Commands that need more than the SDK: found through the entry points of what is installed beside it."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer

from mattebox.cli.terminal import ExitCode, print_error

GROUP = "mattebox.commands"
PANEL = "On this machine"


def add_extra_commands(app: typer.Typer) -> None:
    """Add what is registered as `mattebox.commands`; a command that cannot be imported says how to get it."""
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name, reverse=True):
        try:
            command: Callable[..., Any] = entry.load()
        except ModuleNotFoundError:
            _add_missing(app, entry)
        else:
            app.command(entry.name, rich_help_panel=PANEL)(command)


def tell_missing(command: str) -> None:
    """Say how to get what a command needs."""
    print_error(f"`mattebox {command}` needs more than the SDK: pip install 'mattebox[all]'")


def _add_missing(app: typer.Typer, entry: EntryPoint) -> None:
    @app.command(
        entry.name,
        help=r"Not installed: pip install 'mattebox\[all]'",
        rich_help_panel=PANEL,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def missing() -> None:
        tell_missing(entry.name)
        raise typer.Exit(ExitCode.USAGE)
