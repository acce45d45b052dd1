"""Commands that need more than the SDK: found through the entry points of what is installed beside it."""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

import typer

from mattebox.cli.terminal import ExitCode, print_error

GROUP = "mattebox.commands"
PANEL = "On this machine"
EXTRAS = {"PIL": "export", "numpy": "export", "obstore": "remote"}
"""What to install for a module, where that is less than all."""


def add_extra_commands(app: typer.Typer) -> None:
    """Add what is registered as `mattebox.commands`; a command that cannot be imported says how to get it."""
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name, reverse=True):
        try:
            command: Callable[..., Any] = entry.load()
        except ModuleNotFoundError as error:
            if is_fault(error):
                raise
            _add_missing(app, entry.name, error)
        else:
            app.command(entry.name, rich_help_panel=PANEL)(command)


def is_fault(error: ModuleNotFoundError) -> bool:
    """Tell a module of ours that should be there from a package that is not installed."""
    package, _, module = (error.name or "").partition(".")
    return package.startswith("mattebox") and bool(module)


def tell_missing(command: str, error: ModuleNotFoundError, extras: Mapping[str, str] = EXTRAS) -> None:
    """Say how to get what a command needs; `extras` are what brings a module, where that is less than all."""
    extra = extras.get(str(error.name).partition(".")[0], "all")
    print_error(f"`mattebox {command}` needs more than the SDK ({error.name}): pip install 'mattebox[{extra}]'")


def _add_missing(app: typer.Typer, name: str, error: ModuleNotFoundError) -> None:
    @app.command(
        name,
        help=r"Not installed: pip install 'mattebox\[all]'",
        rich_help_panel=PANEL,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def missing() -> None:
        tell_missing(name, error, {})
        raise typer.Exit(ExitCode.USAGE)
