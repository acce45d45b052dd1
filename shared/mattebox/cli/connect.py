"""How a command reaches the registry, and how its errors reach the user."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from msgspec import Struct

from mattebox._protocol import RetryPolicy
from mattebox.cli.terminal import ExitCode, print_error
from mattebox.config import (
    DATA_VARIABLE,
    DEFAULT_DATA,
    DEFAULT_URL,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    Connection,
    from_environment,
)
from mattebox.errors import ConfigurationError, InputError, MatteboxError

if TYPE_CHECKING:
    from mattebox.aio import Client

T = TypeVar("T")

_PANEL = "Connection"

UrlOption = Annotated[
    str,
    typer.Option(
        "--url",
        envvar=URL_VARIABLE,
        help="Address of the registry.",
        show_default=f"that of the configuration file, else {DEFAULT_URL}",
        rich_help_panel=_PANEL,
    ),
]
TokenOption = Annotated[
    str,
    typer.Option(
        "--token",
        envvar=TOKEN_VARIABLE,
        help="Token to show there; a server on this machine keeps its own in DATA/token.",
        rich_help_panel=_PANEL,
    ),
]
DataOption = Annotated[
    Path,
    typer.Option(
        "--data", envvar=DATA_VARIABLE, help="Data directory of a server on this machine.", rich_help_panel=_PANEL
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write the result as JSON, for programs.")]

# Somebody sits in front of it: a server that is not there is told soon.
PATIENCE = RetryPolicy(attempts=4)

URL = ""
TOKEN = ""
DATA = Path(DEFAULT_DATA)


class Server(Struct, frozen=True):
    """Which registry a command talks to."""

    url: str
    token: str
    data: Path

    def connection(self) -> Connection:
        """Find the registry and the token. Raises ConfigurationError, InputError."""
        return from_environment(self.url, self.token, data=self.data)

    def client(self) -> "Client":
        """Make the client, with the data directory's token where none is given and the server is local."""
        # Half of what it takes to show a help page would go into loading it.
        from mattebox.aio import Client  # noqa: PLC0415

        return Client(self.connection(), retry=PATIENCE)

    def token_for_shell(self) -> str:
        """What a shell makes the token of that `client` shows."""
        found = self.connection()
        return f"$(cat '{found.token_file}')" if found.is_token_kept else f"${TOKEN_VARIABLE}"


def run(server: Server, work: "Callable[[Client], Awaitable[T]]") -> T:
    """Do a command's work with a client; an error becomes a message and an exit code."""

    async def connected() -> T:
        async with server.client() as client:
            return await work(client)

    with told_errors():
        return asyncio.run(connected())


class told_errors:  # noqa: N801 - used as a statement: `with told_errors():`
    """Tell errors that are meant for people, and end the command with their exit code."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, MatteboxError):
            print_error(str(error))
            usage = isinstance(error, ConfigurationError | InputError)
            raise typer.Exit(ExitCode.USAGE if usage else ExitCode.REFUSED) from None
