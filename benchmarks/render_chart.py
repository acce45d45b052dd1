"""The render benchmark as a picture: how many times Mattebox's time each other way takes, on a logarithmic scale."""

from math import log10
from typing import Any
from xml.sax.saxutils import escape

_ENGINE = "Mattebox"
_FONT = 'font-family="sans-serif" font-size="13"'
_LEFT, _TOP, _RIGHT = 250, 70, 40
_ROW, _WIDTH = 26, 1000
_LEAST, _MOST = 0.3, 300.0
_TICKS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200)
_COLORS = (
    "#8a8a8a",
    "#b8b8b8",
    "#4477aa",
    "#66ccee",
    "#228833",
    "#ccbb44",
    "#ee6677",
    "#aa3377",
    "#e69f00",
    "#56b4e9",
    "#000000",
)


def draw_chart(cases: list[dict[str, Any]]) -> str:
    """Give an SVG with a row for each case and a dot for each peer, by processor time."""
    names = list(dict.fromkeys(name for case in cases for name in case["peers"] if name != _ENGINE))
    color = {name: _COLORS[i % len(_COLORS)] for i, name in enumerate(names)}
    bottom = _TOP + _ROW * len(cases)
    height = bottom + 40 + 20 * -(-len(names) // 3)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {_FONT}>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        '<text x="20" y="26" font-size="16" font-weight="bold">Time of other ways to draw the same preview</text>',
        '<text x="20" y="46" fill="#555">multiples of Mattebox\'s processor time; right of the line is slower</text>',
    ]
    for tick in _TICKS:
        x = _place(tick)
        stroke = "#333" if tick == 1 else "#ddd"
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 6}" y2="{bottom}" stroke="{stroke}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle" fill="#555">{tick}x</text>')
    for row, case in enumerate(cases):
        parts += _row(case, _TOP + _ROW * row + _ROW // 2, color)
    for i, name in enumerate(names):
        x, y = 30 + i % 3 * 320, bottom + 40 + i // 3 * 20
        parts.append(f'<circle cx="{x}" cy="{y - 4}" r="5" fill="{color[name]}"/>')
        parts.append(f'<text x="{x + 12}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _row(case: dict[str, Any], y: int, color: dict[str, str]) -> list[str]:
    own = case["peers"][_ENGINE]["processor_ms"]
    parts = [f'<text x="{_LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(case["name"])}</text>']
    for name, found in case["peers"].items():
        if name != _ENGINE:
            ratio = found["processor_ms"] / own
            title = f"<title>{escape(name)}: {ratio:.2f}x</title>"
            place = f'cx="{_place(ratio):.1f}" cy="{y}" r="5"'
            parts.append(f'<circle {place} fill="{color[name]}" fill-opacity="0.85">{title}</circle>')
    return parts


def _place(ratio: float) -> float:
    share = log10(min(max(ratio, _LEAST), _MOST) / _LEAST) / log10(_MOST / _LEAST)
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)
