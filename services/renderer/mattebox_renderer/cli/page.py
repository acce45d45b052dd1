"""How `mattebox render` tells what it drew."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mattebox.cli.terminal import counted, out, print_error, print_json, print_note
from mattebox.reasons import explain
from mattebox_renderer.by_hand import Legend
from mattebox_renderer.outcome import MAX_UNMAPPED_VALUES, Drawn

_SHOWN_VALUES = 5


class Told(NamedTuple):
    """What there is to tell."""

    file: Path
    drawn: Drawn
    legend: Legend | None


def tell(told: Told, report: Literal["table", "json"] | None) -> None:
    """Print the report, and what needs attention."""
    masks = told.drawn.report["masks"]
    if report == "json":
        print_json(_document(told))
    elif report == "table":
        out.print(_page(told))
    else:
        out.print(_headline(told))
    for mask in masks:
        if "error" in mask:
            print_error(f"mask {mask['id']}: {explain(mask['error'])} It was left out.")
        elif report is None:
            for warning in mask.get("warnings", ()):
                print_note(f"mask {mask['id']}: {warning['message']}")


def _document(told: Told) -> dict[str, Any]:
    drawn = told.drawn
    document: dict[str, Any] = {
        "preview": {
            "file": str(told.file),
            "state": drawn.state,
            "content_type": drawn.content_type,
            "width": drawn.width,
            "height": drawn.height,
            "bytes": len(drawn.body),
        },
        "report": drawn.report,
    }
    if told.legend is not None:
        document["index"] = msgspec.to_builtins(told.legend._asdict())
    return document


def _headline(told: Told) -> Text:
    drawn = told.drawn
    kind = drawn.content_type.removeprefix("image/")
    return Text.assemble((str(told.file), "bold"), f"  {drawn.width}x{drawn.height} {kind}, {len(drawn.body):,} bytes")


def _page(told: Told) -> Group:
    source = told.drawn.report["source"]
    lines: list[RenderableType] = [
        _headline(told),
        Text(f"source  {source['width']}x{source['height']} {source['format']} {source['mode']}"),
    ]
    for mask in told.drawn.report["masks"]:
        lines += _mask(mask)
    return Group(*lines)


def _mask(mask: Mapping[str, Any]) -> list[RenderableType]:
    title = Text.assemble("\nmask  ", (mask["id"], "bold"), f"  {mask['mode']}")
    if "error" in mask:
        return [title.append(f"  {mask['error']}", "red")]
    title.append(f", {mask['width']}x{mask['height']} {mask['format']}")
    lines: list[RenderableType] = [title]
    if mask["mode"] == "segmentation":
        title.append(f", values read as {mask['encoding']}")
        lines.append(_labels(mask))
    return [*lines, *(Text(warning["message"], style="yellow") for warning in mask.get("warnings", ()))]


def _labels(mask: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("", "label", "value"):
        table.add_column(heading, overflow="fold")
    for heading in ("pixels", "share"):
        table.add_column(heading, justify="right")
    for entry in mask["labels"]:
        swatch = Text("  ", style=f"on {entry['color']}") if entry["color"] else Text("")
        table.add_row(swatch, Text(", ".join(entry["labels"]) or "-"), *_count(entry))
    for entry in mask["ignored"]["values"]:
        name = ", ".join([*entry["labels"], "ignored"])
        table.add_row("", Text(name, style="dim"), *_count(entry))
    unmapped = mask["unmapped"]
    if unmapped["pixels"]:
        table.add_row("", Text("unmapped", style="yellow"), *_count({**unmapped, "value": _most(unmapped["values"])}))
    return table


def _most(values: Sequence[Mapping[str, Any]]) -> str:
    shown = ", ".join(_spell(value["value"]) for value in values[:_SHOWN_VALUES])
    more = len(values) - _SHOWN_VALUES
    if more <= 0:
        return shown
    return f"{shown} and {'many others' if len(values) == MAX_UNMAPPED_VALUES else counted(more, 'other')}"


def _count(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return _spell(entry["value"]), f"{entry['pixels']:,}", f"{entry['share']:.2%}"


def _spell(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
