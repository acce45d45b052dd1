"""The findings of the render benchmark: a table of ratios for people, JSON for programs, a picture for both."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.render_chart import draw_chart
from benchmarks.report import RESULTS

_ENGINE = "Mattebox"
_FLOOR = "floor (Pillow's codecs)"

Found = dict[str, Any]


@dataclass(frozen=True)
class RenderReport:
    """What was measured, all in one run."""

    machine: str
    measured_at: str
    load: list[float]
    """Of the machine, before and after."""
    missing: list[str]
    cases: list[Found]
    parts: list[Found]
    memory: list[Found]
    processes: Found

    def publish(self) -> None:
        """Print the tables and write `benchmarks/results/render.json` and `render.svg`."""
        console = Console(width=200)
        for name in self.missing:
            console.print(f"left out: {name} is not installed (pip install -e .\\[bench])")
        console.print(self._ratios("processor_ms", "processor time"))
        console.print(
            self._ratios("least_processor_ms", "least processor time, which a busy machine changes the least")
        )
        console.print(self._ratios("wall_ms", "wall time"))
        console.print(self._fidelity())
        self._print_costs(console)
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "render.json").write_text(json.dumps(asdict(self), indent=2) + "\n")
        (RESULTS / "render.svg").write_text(draw_chart(self.cases))
        console.print(f"written to {RESULTS / 'render.json'} and render.svg")

    def _names(self) -> list[str]:
        return list(dict.fromkeys(name for case in self.cases for name in case["peers"]))

    def _ratios(self, field: str, what: str) -> Table:
        title = f"render: bytes in, preview bytes out, one thread, {what}; others as multiples of Mattebox's"
        load = " to ".join(f"{each:.1f}" for each in self.load)
        table = Table(title=title, title_justify="left", caption=f"{self.machine}, load {load}")
        table.add_column("case", no_wrap=True)
        table.add_column("Mattebox", justify="right")
        table.add_column("Mattebox / floor", justify="right")
        others = [name for name in self._names() if name != _ENGINE]
        for name in others:
            table.add_column(name, justify="right")
        for case in self.cases:
            peers = case["peers"]
            own = peers[_ENGINE][field]
            ratios = [f"{peers[name][field] / own:.2f}x" if name in peers else "" for name in others]
            table.add_row(case["name"], f"{own:.1f} ms", f"{own / peers[_FLOOR][field]:.2f}", *ratios)
        return table

    def _fidelity(self) -> Table:
        title = "the same picture? PSNR against the naive script's, in dB, after encoding (floors draw no mask)"
        table = Table(title=title, title_justify="left")
        table.add_column("case", no_wrap=True)
        names = [name for name in self._names() if not name.startswith("floor")]
        for name in names:
            table.add_column(name, justify="right")
        for case in self.cases:
            found = [case["peers"].get(name) for name in names]
            table.add_row(case["name"], *("" if peer is None else _decibels(peer["psnr_db"]) for peer in found))
        return table

    def _print_costs(self, console: Console) -> None:
        for part in self.parts:
            whole = part["whole_ms"]
            shares = "; ".join(
                f"{name} {part[key]:.1f} ms ({part[key] / whole:.0%})"
                for name, key in (
                    ("exact counts", "counting_ms"),
                    ("their report", "report_ms"),
                    ("smooth edges", "smooth_edges_ms"),
                    ("sampled ones would be", "sampled_edges_ms"),
                )
            )
            console.print(f"{part['name']}: {whole:.1f} ms, of it {shares}")
        for held in self.memory:
            peaks = f"{held['first_mib']:.0f} MiB the first time, {held['later_mib']:.0f} MiB later"
            console.print(f"{held['name']}: peak memory over an idle process {peaks}")
        rates = self.processes
        ratio = rates["many"] / rates["one"]
        console.print(
            f"{rates['name']}: {rates['one']:.1f} draws/s by one process, {rates['many']:.1f} by {rates['processes']}: "
            f"{ratio:.2f}x"
        )


def _decibels(psnr: float | None) -> str:
    return "equal" if psnr is None else f"{psnr:.1f}"
