"""`mattebox login`: a link that signs a browser in."""

import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from mattebox.answers import LoginCode
from mattebox.cli.connect import DATA, TOKEN, URL, DataOption, JsonOption, Server, TokenOption, UrlOption, run
from mattebox.cli.terminal import err, print_json

if TYPE_CHECKING:
    from mattebox.aio import Client


def login(
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in this machine's browser at once.")] = False,
    json: JsonOption = False,
    url: UrlOption = URL,
    token: TokenOption = TOKEN,
    data: DataOption = DATA,
) -> None:
    """Print a link that signs one browser in at the frame viewer. It works once, for ten minutes."""

    async def work(client: "Client") -> tuple[str, LoginCode]:
        return client.url, await client.create_login_code()

    address, code = run(Server(url, token, data), work)
    link = address + code.path
    if json:
        print_json({"url": link, "expires_at": code.expires_at})
    else:
        err.print("[green]✓[/] Open this in your browser; it works once, for ten minutes:")
        typer.echo(link)
    if open_browser:
        webbrowser.open(link)
