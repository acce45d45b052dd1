"""`python -m benchmarks`: pick one, read its table."""

import importlib
from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, help=__doc__)


class Name(StrEnum):
    """The benchmarks there are; each is a module of this package with a `run() -> Report`."""

    ingest = "ingest"
    queue = "queue"
    serve = "serve"
    latency = "latency"
    lineage = "lineage"
    throughput = "throughput"
    render = "render"
    recolour = "recolour"
    sdk = "sdk"
    validation = "validation"
    video = "video"
    viewer = "viewer"
    viewer_million = "viewer_million"


@app.command()
def main(name: Annotated[Name, typer.Argument(help="What to measure.")]) -> None:
    """Measure one part of Mattebox against its floor, in one run, and print the ratios.

    Absolute figures are of this machine at this hour; the ratios are what the bars in docs/performance.md mean.
    """
    importlib.import_module(f"benchmarks.{name.value}").run().publish()


if __name__ == "__main__":
    app()
