"""`mattebox token`: who may use a registry."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from mattebox.answers import NewToken, Token
from mattebox.cli.connect import DATA, TOKEN, URL, DataOption, JsonOption, Server, TokenOption, UrlOption, run
from mattebox.cli.terminal import day_of, err, out, print_json

if TYPE_CHECKING:
    from mattebox.aio import Client


class ScopeName(StrEnum):
    """The scopes, in the form that typer takes in lists."""

    READ = "read"
    INGEST = "ingest"
    ADMIN = "admin"


app = typer.Typer(help="Create, list and revoke API tokens.", no_args_is_help=True)


@app.command(
    epilog="Example: [bold cyan]mattebox token create nightly-import --scope read --scope ingest[/]",
)
def create(
    name: Annotated[str, typer.Argument(help="What the token is for, to know it again in the list.")],
    scope: Annotated[
        list[ScopeName], typer.Option(help="What it allows; give it once for each. admin allows everything.")
    ] = [ScopeName.READ],  # noqa: B006 - never changed
    json: JsonOption = False,
    url: UrlOption = URL,
    token: TokenOption = TOKEN,
    data: DataOption = DATA,
) -> None:
    """Create a token and print it. It is shown this once: the registry keeps only a digest."""

    async def work(client: "Client") -> NewToken:
        return await client.create_token(name, [one.value for one in scope])

    created = run(Server(url, token, data), work)
    if json:
        print_json(created)
        return
    err.print(f"[green]✓[/] A token for [bold]{created.name}[/] ({', '.join(created.scopes)}); it is not shown again:")
    typer.echo(created.token)


@app.command("list")
def list_tokens(
    json: JsonOption = False, url: UrlOption = URL, token: TokenOption = TOKEN, data: DataOption = DATA
) -> None:
    """List all tokens, without their secrets."""

    async def work(client: "Client") -> list[Token]:
        return [token async for token in client.tokens()]

    tokens = run(Server(url, token, data), work)
    if json:
        print_json(tokens)
    else:
        out.print(_table(tokens))


@app.command(epilog="The id is the first column of [bold cyan]mattebox token list[/].")
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the token, as the list shows it.")],
    url: UrlOption = URL,
    token: TokenOption = TOKEN,
    data: DataOption = DATA,
) -> None:
    """Make a token worthless from now on."""

    async def work(client: "Client") -> Token:
        return await client.revoke_token(token_id)

    revoked = run(Server(url, token, data), work)
    err.print(f"[green]✓[/] The token for [bold]{revoked.name}[/] is revoked.")


def _table(tokens: list[Token]) -> Table:
    table = Table("Id", "Name", "Scopes", "Created", "State", box=None, header_style="dim", pad_edge=False)
    for token in tokens:
        state = f"[dim]revoked {day_of(token.revoked_at)}[/]" if token.revoked_at else "[green]valid[/]"
        table.add_row(token.id, token.name, ", ".join(token.scopes), day_of(token.created_at), state)
    return table
