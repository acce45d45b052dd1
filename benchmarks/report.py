"""A benchmark's outcome: one table for people, one JSON file for programs."""

import json
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One measured way of doing the same work."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    """Against the floor or the plain way of the same run; what it means is in `against`."""
    against: str = ""
    bar: str = ""
    note: str = ""


@dataclass(frozen=True)
class Report:
    """A benchmark's rows, with the machine they were measured on."""

    name: str
    what: str
    rows: Sequence[Row]
    machine: str = field(default_factory=lambda: f"{platform.machine()}, Python {platform.python_version()}")
    measured_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def publish(self) -> None:
        """Print the table and write `benchmarks/results/<name>.json`."""
        console = Console(width=120)
        table = Table(title=f"{self.name}: {self.what}", title_justify="left", caption=self.machine)
        table.add_column("way")
        table.add_column("measured", justify="right")
        table.add_column("ratio", justify="right")
        table.add_column("against")
        table.add_column("bar")
        table.add_column("note")
        for row in self.rows:
            ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
            table.add_row(row.name, f"{row.value:,.2f} {row.unit}", ratio, row.against, row.bar, row.note)
        console.print(table)
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{self.name}.json"
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")
        console.print(f"written to {path}")


def median(samples: Sequence[float]) -> float:
    """The middle of the samples: what a shared machine lets one trust."""
    return statistics.median(samples)
