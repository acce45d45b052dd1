"""`mattebox token`: who may use a registry."""

from typing import Annotated

import typer

from mattebox.aio import Client
from mattebox.answers import NewToken, Scope
from mattebox.cli.connect import DATA, TOKEN, URL, DataOption, JsonOption, Server, TokenOption, UrlOption, run
from mattebox.cli.terminal import err, print_json

app = typer.Typer(help="Create, list and revoke API tokens.", no_args_is_help=True)

SCOPES: tuple[Scope, ...] = ("read", "ingest", "admin")


@app.command(
    epilog="Example: [bold]mattebox token create nightly-import --scope ingest[/]",
)
def create(
    name: Annotated[str, typer.Argument(help="What the token is for, to know it again in the list.")],
    scope: Annotated[
        list[Scope], typer.Option(help="What it allows: read; ingest, which includes read; admin, which allows all.")
    ] = ["read"],  # noqa: B006 - typer copies defaults
    json: JsonOption = False,
    url: UrlOption = URL,
    token: TokenOption = TOKEN,
    data: DataOption = DATA,
) -> None:
    """Create a token and print it. It is shown this once: the registry keeps only a digest."""

    async def work(client: Client) -> NewToken:
        return await client.create_token(name, scope)

    created = run(Server(url, token, data), work)
    if json:
        print_json(created)
        return
    err.print(f"[green]✓[/] Token [bold]{created.name}[/] ({', '.join(created.scopes)}). It is not shown again:")
    print(created.token)
