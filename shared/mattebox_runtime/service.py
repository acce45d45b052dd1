"""The command line of one service: every setting an option, a `health` command for containers, errors in one line."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec
import typer

from mattebox_runtime.logs import configure_logs
from mattebox_runtime.settings import Setting, SettingsError, describe, load

S = TypeVar("S", bound=msgspec.Struct)


def service_cli(
    kind: type[S],
    about: str,
    environment: Mapping[str, str],
    *,
    serve: Callable[[S], Awaitable[None]],
    is_well: Callable[[S], Awaitable[bool]],
    fatal: tuple[type[Exception], ...],
) -> typer.Typer:
    """Build a service's command line from its settings, which options set over the environment.

    Without a command it runs `serve`; a `fatal` error ends it with the error's message and exit code 1. `is_well` is
    asked by the `health` command. `about` becomes the help text.
    """
    cli = typer.Typer(add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False)

    def run(context: typer.Context, **options: str | None) -> None:
        try:
            settings = load(kind, environment, **options)
        except SettingsError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from None
        context.obj = settings
        if context.invoked_subcommand is None:
            configure_logs(settings.log_level)  # type: ignore[attr-defined]  # every service has one
            try:
                run_loop(serve(settings))
            except fatal as error:
                typer.echo(str(error) or type(error).__name__, err=True)
                raise typer.Exit(1) from None

    run.__doc__ = about
    _take_options(run, describe(kind))
    cli.callback(invoke_without_command=True)(run)

    @cli.command()
    def health(context: typer.Context) -> None:
        """Exit with 0 if the service of these settings is well, else with 1: for a container's health check."""
        if not asyncio.run(_answer(is_well(context.obj))):
            typer.echo("not well", err=True)
            raise typer.Exit(1)

    return cli


def run_loop(main: Awaitable[Any]) -> Any:
    """Run a service on uvloop where it is installed, else on asyncio's own loop."""
    try:
        import uvloop  # noqa: PLC0415 - optional
    except ImportError:
        factory = None
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(_answer(main))


async def _answer(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _take_options(command: Callable[..., None], settings: list[Setting]) -> None:
    """Give a command that takes `**options` one option for each setting; values are read by `load`."""
    options = [
        inspect.Parameter(
            setting.variable.partition("_")[2].lower(),
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None,
                typer.Option(
                    help=f"{setting.help} ({setting.variable})",
                    metavar=f"<{setting.metavar}>",
                    show_default=_shown(setting.default),
                ),
            ],
        )
        for setting in settings
    ]
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    parameters = [context, *options]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}


def _shown(default: Any) -> str | bool:
    if default in (None, ()):
        return False
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
