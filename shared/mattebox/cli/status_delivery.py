"""The part of `mattebox status` about the renderers and the two lanes."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mattebox.answers import Delivery, LaneDepth, Renderer


def show_delivery(delivery: Delivery) -> RenderableType:
    """Show each renderer with what it has been at the longest, and each lane with its depths."""
    return Group(_renderers(delivery.renderers), *(_lane(name, depth) for name, depth in delivery.lanes.items()))


def _renderers(renderers: list[Renderer]) -> RenderableType:
    if not renderers:
        return Text.assemble(("No renderer is alive: ", "red"), "previews stay pending until one is started.")
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Renderer", overflow="fold")
    table.add_column("host", overflow="fold")
    for heading in ("processes", "jobs"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("longest", overflow="fold")
    for renderer in renderers:
        jobs = f"{renderer.under_way} of {renderer.slots}"
        table.add_row(Text(renderer.name), Text(renderer.host), str(renderer.children), jobs, _longest(renderer))
    return table


def _longest(renderer: Renderer) -> Text:
    if not renderer.jobs:
        return Text("idle", "dim")
    job = renderer.jobs[0]
    return Text.assemble(f"{job.seconds:.1f} s ", (f"{job.version} / {job.frame}", "dim"))


def _lane(name: str, depth: LaneDepth) -> Text:
    line = Text.assemble((f"{name:<11}", "dim"), f" {depth.waiting:,} waiting, {depth.under_way:,} under way")
    if depth.backlog:
        line.append(f", {depth.backlog:,} not in Redis yet")
    return line
