"""The options of `mattebox up` and `mattebox demo`. What they run is imported late, so that `--help` is quick."""

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from mattebox.cli.extra_commands import tell_missing
from mattebox.cli.terminal import ExitCode

_RUNNING = "mattebox_runtime.local.running"

Host = Annotated[
    str | None,
    typer.Option(help="Address to listen on; 0.0.0.0 for all.", show_default="127.0.0.1", rich_help_panel="Where"),
]
Port = Annotated[
    int | None,
    typer.Option(help="Port to listen on; 0 takes a free one.", show_default="8750", rich_help_panel="Where"),
]
Data = Annotated[
    Path | None,
    typer.Option(help="Directory that everything is kept in.", show_default="mattebox-data", rich_help_panel="Where"),
]
Workers = Annotated[
    int | None,
    typer.Option(help="Renderers to start.", show_default="one per core, up to 4", rich_help_panel="What"),
]
FileRoots = Annotated[
    list[Path] | None,
    typer.Option("--file-root", help="Directory that file:// URIs may read; repeat.", rich_help_panel="What"),
]
AllowCidrs = Annotated[
    list[str] | None,
    typer.Option("--allow-cidr", help="Private range that http:// URIs may reach; repeat.", rich_help_panel="What"),
]
RedisUrl = Annotated[
    str | None, typer.Option(help="Redis to use.", show_default="one is started", rich_help_panel="What")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the services' logs here too.")]


def up(  # noqa: PLR0913, PLR0917 - one parameter for each option
    host: Host = None,
    port: Port = None,
    data: Data = None,
    workers: Workers = None,
    file_root: FileRoots = None,
    allow_cidr: AllowCidrs = None,
    redis_url: RedisUrl = None,
    verbose: Verbose = False,
) -> None:
    """Run everything on this machine: Redis, the registry and its renderers. Ctrl-C stops it.

    Every option is also an environment variable, e.g. MATTEBOX_PORT or MATTEBOX_FILE_ROOTS (with commas in between);
    MATTEBOX_TOKEN sets the admin token.
    """
    _imported("up", _RUNNING).run_up(
        verbose,
        host=host,
        port=port,
        data=_text(data),
        workers=workers,
        file_roots=[str(root) for root in file_root or ()] or None,
        allow_cidrs=allow_cidr or None,
        redis_url=redis_url,
    )


def demo(  # noqa: PLR0913, PLR0917 - one parameter for each option
    host: Host = None,
    port: Port = None,
    data: Data = None,
    workers: Workers = None,
    redis_url: RedisUrl = None,
    frames: Annotated[int, typer.Option(min=1, max=10_000, help="Frames of the street drive.")] = 40,
    leave: Annotated[bool, typer.Option("--exit", help="Stop when all previews are ready.")] = False,
    verbose: Verbose = False,
) -> None:
    """Run everything as `mattebox up` does, with a small dataset to look at.

    It is drawn here and registered through the public API: a street drive with label masks, portraits with alpha
    mattes, stereo pairs and a video clip. Running it again adds nothing twice.
    """
    show = _imported("demo", "mattebox_runtime.demo.show").show_demo
    _imported("demo", _RUNNING).run_demo(
        verbose,
        show,
        frames=frames,
        leave=leave,
        host=host,
        port=port,
        data=_text(data),
        workers=workers,
        redis_url=redis_url,
    )


def _imported(command: str, module: str) -> ModuleType:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        tell_missing(command, error, {})
        raise typer.Exit(ExitCode.USAGE) from None


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
