"""What `mattebox up` and `mattebox demo` show in the terminal."""

import shlex
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from mattebox.answers import PreviewCounts
from mattebox.cli.terminal import state_counts
from mattebox.config import DEFAULT_DATA, DEFAULT_URL
from mattebox_runtime.local.stack import Stack


class Screen:
    """Writes to the terminal; everything that comes from outside is printed as it is, never as markup."""

    def __init__(self, console: Console, *, verbose: bool) -> None:
        self.console = console
        self.verbose = verbose

    def tell(self, sentence: str) -> None:
        """Print a sentence for the operator."""
        self.console.print(f"[dim]·[/dim] {escape(sentence)}", highlight=False, soft_wrap=True)

    def echo(self, name: str, line: str) -> None:
        """Print a line of a service's log."""
        self.console.print(f"[dim]{escape(name):>12} │[/dim] {escape(line)}", highlight=False, soft_wrap=True)

    def fail(self, message: str) -> None:
        """Print why nothing runs."""
        self.console.print(f"[bold red]✗[/bold red] {escape(message)}", highlight=False, soft_wrap=True)

    def show_running(self, stack: Stack) -> None:
        """Print where the stack is and what it consists of."""
        facts = Table.grid(padding=(0, 2))
        facts.add_column(style="dim")
        facts.add_column(overflow="fold")
        facts.add_row("address", f"[bold cyan]{escape(stack.url)}[/bold cyan]")
        facts.add_row("token", escape(_token_place(stack)))
        facts.add_row("data", escape(str(stack.data)))
        facts.add_row("redis", escape(f"{stack.redis.version}, {stack.redis.origin}"))
        facts.add_row("renderers", str(stack.workers))
        self.console.print()
        self.console.print("[bold green]●[/bold green] [bold]Mattebox is running[/bold]")
        self.console.print(Padding(facts, (1, 0, 0, 2)))
        for warning in stack.redis.warnings:
            self.console.print(Padding(f"[yellow]![/yellow] {escape(warning)}", (1, 0, 0, 2)), highlight=False)
        if stack.is_open:
            note = "Other machines can reach this address: give the token only to whom you trust, and put TLS in front."
            self.console.print(Padding(f"[yellow]![/yellow] {note}", (1, 0, 0, 2)), highlight=False)
        self.console.print()

    def show_login(self, stack: Stack, url: str) -> None:
        """Print the link that opens the frame viewer."""
        again = f"works once, for ten minutes; then: {_login_command(stack)}"
        self.console.print(f"  [bold]Look at it[/bold]  [dim]{escape(again)}[/dim]", highlight=False, soft_wrap=True)
        self.console.print(f"    [bold cyan]{escape(url)}[/bold cyan]", highlight=False, soft_wrap=True)
        self.console.print()

    def show_next_steps(self, stack: Stack) -> None:
        """Print how to bring the first frames in."""
        self._show_commands(
            "Next",
            [
                "mattebox import folder IMAGES --masks MASKS --dataset NAME",
                f'curl -H "Authorization: Bearer {_token_for_shell(stack)}" {stack.url}/api/v1/datasets',
            ],
        )
        self.console.print("  [dim]Ctrl-C stops everything.[/dim]\n")

    def show_demo(self, stack: Stack, login_url: str, preview_url: str, counts: PreviewCounts, sheet: Path) -> None:
        """Print what became of the demo's previews and how to look at them."""
        self.console.print()
        self.console.print("  [bold]Demo[/bold]  ", state_counts(counts))
        self.console.print(f"    all previews on one sheet: {escape(str(sheet))}", highlight=False, soft_wrap=True)
        self.console.print()
        self.show_login(stack, login_url)
        self._show_commands(
            "One preview as a file",
            [f"curl -o preview.webp -H \"Authorization: Bearer {_token_for_shell(stack)}\" '{preview_url}?wait=10'"],
        )

    def _show_commands(self, title: str, commands: list[str]) -> None:
        self.console.print(f"  [bold]{title}[/bold]")
        for command in commands:
            self.console.print(f"    {escape(command)}", highlight=False, soft_wrap=True)
        self.console.print()


def _login_command(stack: Stack) -> str:
    words = ["mattebox", "login"]
    if stack.url != DEFAULT_URL:
        words += ["--url", stack.url]
    if stack.token_is_kept and stack.data != Path(DEFAULT_DATA).absolute():
        words += ["--data", str(stack.data)]
    return shlex.join(words)


def _token_place(stack: Stack) -> str:
    return str(stack.token_file) if stack.token_is_kept else "as given in MATTEBOX_TOKEN"


def _token_for_shell(stack: Stack) -> str:
    return f"$(cat '{stack.token_file}')" if stack.token_is_kept else "$MATTEBOX_TOKEN"
