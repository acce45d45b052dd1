"""How things show themselves at the end of a notebook's cell. Whatever comes from outside is escaped."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from mattebox.models import COLOR_PATTERN, MaskLabel

_CELL = "text-align:left;padding:2px 10px"


class Markup(str):
    """HTML that is safe to show as it is."""

    __slots__ = ()


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]], caption: str = "") -> Markup:
    """Build a table; cells that are no `Markup` are escaped."""
    head = "".join(f'<th style="{_CELL}">{escape(heading)}</th>' for heading in headings)
    body = "".join("<tr>" + "".join(_cell(value) for value in row) + "</tr>" for row in rows)
    title = f'<caption style="text-align:left"><b>{escape(caption)}</b></caption>' if caption else ""
    return Markup(f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def bar(what: str, done: int, total: int | None, seconds: float) -> Markup:
    """Build a progress bar; without a total it tells that something goes on."""
    share = "" if total is None else f' value="{done}" max="{max(total, 1)}"'
    counts = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    return Markup(f"<div>{escape(what)} <progress{share}></progress> {counts} · {seconds:.0f} s</div>")


def swatch(color: str | None) -> Markup:
    """Show a colour beside its name; nothing where there is none."""
    if not color or not re.match(COLOR_PATTERN, color):
        return Markup(escape(color or ""))
    box = f'<span style="display:inline-block;width:1em;height:1em;border:1px solid #888;background:{color}"></span>'
    return Markup(f"{box} <code>{color}</code>")


def label_table(entries: Iterable[MaskLabel], caption: str) -> Markup:
    """Show a mapping with its colours."""
    rows = [
        (spell_value(entry.value), ", ".join(names(entry.labels)), swatch(entry.color), _opacity(entry))
        for entry in entries
    ]
    return table(("value", "labels", "colour", "opacity"), rows, caption)


def names(labels: list[str] | str) -> list[str]:
    """Give labels as a list, where one may stand alone."""
    return [labels] if isinstance(labels, str) else list(labels)


def spell_value(value: list[int] | int) -> str:
    """Write the value of a mask's pixel: `(1, 1, 1)`, or a number."""
    return str(value) if isinstance(value, int) else str(tuple(value))


def _opacity(entry: MaskLabel) -> str:
    return "ignored" if entry.ignore else "" if entry.opacity is None else f"{entry.opacity:g}"


def _cell(value: Any) -> str:
    shown = value if isinstance(value, Markup) else escape(str(value))
    return f'<td style="{_CELL}">{shown}</td>'
