"""`mattebox status`: who draws, what a registry holds, and how its previews stand."""

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mattebox.answers import Dataset, Delivery, PreviewCounts, Readiness, Version
from mattebox.cli.connect import DATA, TOKEN, URL, DataOption, JsonOption, Server, TokenOption, UrlOption, run
from mattebox.cli.status_delivery import show_delivery
from mattebox.cli.terminal import STATE_STYLES, ExitCode, out, print_json

if TYPE_CHECKING:
    from mattebox.aio import Client


class VersionStatus(Struct):
    """A version with its dataset and counts."""

    dataset: Dataset
    version: Version
    previews: PreviewCounts


class RegistryStatus(Struct):
    """All that `mattebox status` tells."""

    url: str
    ready: bool
    checks: dict[str, str]
    delivery: Delivery | None
    """None where Redis is down."""
    versions: list[VersionStatus]
    empty_datasets: list[Dataset]


def status(
    *,
    ids: Annotated[bool, typer.Option("--ids", help="Show the versions' ids, which the API goes by.")] = False,
    json: JsonOption = False,
    url: UrlOption = URL,
    token: TokenOption = TOKEN,
    data: DataOption = DATA,
) -> None:
    """Show whether the registry is well, which renderers are alive, and every version with its frames by preview state.

    Ends with code 1 when the registry answers but cannot do its work.
    """
    found = run(Server(url, token, data), _look)
    if json:
        print_json(found)
    else:
        out.print(_page(found, ids))
    if not found.ready:
        raise typer.Exit(ExitCode.INCOMPLETE)


async def _look(client: "Client") -> RegistryStatus:
    readiness: Readiness = await client.readiness()
    delivery = await client.delivery() if readiness.checks.get("redis") == "ok" else None
    found = RegistryStatus(client.url, readiness.ready, readiness.checks, delivery, [], [])
    async for dataset in client.datasets():
        versions = [version async for version in client.versions(dataset.id)]
        if not versions:
            found.empty_datasets.append(dataset)
        for version in versions:
            counts = await client.preview_counts(version.id)
            found.versions.append(VersionStatus(dataset, version, counts))
    return found


def _page(found: RegistryStatus, ids: bool) -> RenderableType:
    parts: list[RenderableType] = [_health(found)]
    if found.delivery is not None:
        parts += ["", show_delivery(found.delivery)]
    return Group(*parts, "", _versions(found, ids))


def _health(found: RegistryStatus) -> Text:
    text = Text.assemble(("● ", "green" if found.ready else "red"), (found.url, "bold"))
    text.append("  ready" if found.ready else "  not ready", style="green" if found.ready else "red")
    for part, state in found.checks.items():
        text.append(f"  {part} {state}", style="dim" if state == "ok" else "red")
    return text


def _versions(found: RegistryStatus, ids: bool) -> RenderableType:
    if not found.versions and not found.empty_datasets:
        return Text.assemble(
            "No datasets yet. Bring one in: ",
            ("mattebox import folder IMAGES --masks MASKS --dataset NAME", "bold cyan"),
        )
    states = [state for state in STATE_STYLES if any(row.previews.by_state()[state] for row in found.versions)]
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Dataset", "Version"):
        # A name that is cut off cannot be copied.
        table.add_column(heading, overflow="fold")
    table.add_column("", no_wrap=True)
    for heading in ("frames", *states):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in found.versions:
        counts = row.previews.by_state()
        cells = [_count(counts[state], STATE_STYLES[state]) for state in states]
        status = Text(row.version.status, "dim")
        table.add_row(Text(row.dataset.name), Text(row.version.name), status, f"{row.previews.total:,}", *cells)
    for dataset in found.empty_datasets:
        table.add_row(Text(dataset.name), Text("no versions", "dim"))
    return Group(table, "", _ids(found)) if ids and found.versions else table


def _ids(found: RegistryStatus) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Version id", no_wrap=True)
    table.add_column("", overflow="fold")
    for row in found.versions:
        table.add_row(row.version.id, Text(f"{row.dataset.name} / {row.version.name}", "dim"))
    return table


def _count(count: int, style: str) -> Text:
    return Text(f"{count:,}", style) if count else Text("0", "dim")
