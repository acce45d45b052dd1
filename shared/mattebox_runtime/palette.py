"""Colours for labels: from Glasbey's palette as colorcet publishes it, the same for a label on every machine.

A label's hash picks its slot among the CORE_SLOTS colours that lie farthest apart for normal vision, protanopia and
deuteranopia together; so any two labels differ for most people without a look at the whole version. Only labels that
collide within a version move on: to other core slots, then to the rest of the palette, then to shades of it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import colorcet

from mattebox_runtime.colors import Color

CORE_SLOTS = 64
NEAR = 0.06
"""Distance in Oklab under which two painted areas are taken for the same colour."""

_SHADE_LEVELS = 9
_SHADE_STEP = 4

# Severe protanopia and deuteranopia on linear RGB: Machado, Oliveira, Fernandes 2009, table 1.
_PROTANOPIA = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
_DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))

# Linear RGB to cone response and on to Oklab: Ottosson 2020, "A perceptual color space for image processing".
_TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_OKLAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)

_Vector = tuple[float, float, float]
_Matrix = tuple[_Vector, _Vector, _Vector]


def assign_colors(labels: Iterable[str], taken: Collection[Color] = ()) -> dict[str, Color]:
    """Give each label its own colour, none of them in or near `taken`, whatever the order of the labels.

    A label whose first choice no other label shares always gets it. Beyond the palette, colours are still distinct
    but no longer easy to tell apart.
    """
    choices = sorted((_hash(label), label) for label in set(labels))
    free = _FreeSlots(taken)
    assigned: dict[str, Color] = {}
    for number, label in choices:
        color = free.take_first_choice(number)
        if color is not None:
            assigned[label] = color
    for number, label in choices:
        if label not in assigned:
            assigned[label] = free.take_any(number)
    return assigned


def _hash(label: str) -> int:
    # Labels come from JSON, where a lone surrogate cannot stand; "surrogatepass" keeps other callers from failing.
    return int.from_bytes(blake2b(label.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


class _FreeSlots:
    """The colours nobody has yet, by tier: core, rest of the palette, shades."""

    def __init__(self, taken: Collection[Color]) -> None:
        self._used = set(taken)
        if len(self._used) <= len(palette()):
            # With more colours taken than there are, keeping clear of them would leave none.
            seen = [_oklab(_linear(color)) for color in self._used]
            self._used.update(color for color in palette() if _is_near_any(color, seen))
        self._tiers: list[Callable[[], tuple[Color, ...]]] = [_core, _rest, _shades]

    def take_first_choice(self, number: int) -> Color | None:
        """Take the colour that a hash points to, unless somebody has it."""
        core = _core()
        return self._take(core[number % len(core)])

    def take_any(self, number: int) -> Color:
        """Take the next free colour after the one that a hash points to."""
        while self._tiers:
            for color in _probe(self._tiers[0](), number):
                if self._take(color) is not None:
                    return color
            self._tiers.pop(0)
        msg = "more labels than distinct colours"
        raise ValueError(msg)

    def _take(self, color: Color) -> Color | None:
        if color in self._used:
            return None
        self._used.add(color)
        return color


def _core() -> tuple[Color, ...]:
    return palette()[:CORE_SLOTS]


def _rest() -> tuple[Color, ...]:
    return palette()[CORE_SLOTS:]


def _probe(colors: tuple[Color, ...], number: int) -> Iterator[Color]:
    start = number // CORE_SLOTS
    for step in range(len(colors)):
        yield colors[(start + step) % len(colors)]


@cache
def palette() -> tuple[Color, ...]:
    """Glasbey's colours without dark, pale and grey ones; each of the core as far from those before it as can be."""
    points = [
        _Point(color, tuple(_oklab(_apply(matrix, _linear(color))) for matrix in _VISIONS)) for color in _published()
    ]
    first = points.pop(0)
    ordered = [first]
    distances = [_distance(point, first) for point in points]
    while len(ordered) < CORE_SLOTS:
        # Rounded, so that the last bits of a platform's arithmetic never decide.
        chosen = max(range(len(points)), key=lambda index: (round(distances[index], 8), points[index].color))
        latest = points.pop(chosen)
        distances.pop(chosen)
        ordered.append(latest)
        distances = [min(known, _distance(point, latest)) for point, known in zip(points, distances, strict=True)]
    return tuple(point.color for point in ordered + points)


def _published() -> list[Color]:
    colors: list[Color] = [
        (round(red * 255), round(green * 255), round(blue * 255))
        for red, green, blue in colorcet.glasbey_bw_minc_20_minl_30
    ]
    return [color for color in dict.fromkeys(colors) if _is_vivid(color)]


def _is_vivid(color: Color) -> bool:
    lightness, a, b = _oklab(_linear(color))
    return 0.42 <= lightness <= 0.92 and a * a + b * b >= 0.06**2


@cache
def _shades() -> tuple[Color, ...]:
    steps = [
        (red, green, blue)
        for red in range(_SHADE_LEVELS)
        for green in range(_SHADE_LEVELS)
        for blue in range(_SHADE_LEVELS)
    ]
    shades = (
        (_shift(color[0], red), _shift(color[1], green), _shift(color[2], blue))
        for red, green, blue in steps[1:]
        for color in palette()
    )
    return tuple(dict.fromkeys(shades))


def _shift(channel: int, steps: int) -> int:
    return channel + (steps if channel < 128 else -steps) * _SHADE_STEP


class _Point(NamedTuple):
    color: Color
    seen: tuple[_Vector, ...]
    """Oklab coordinates for each kind of vision."""


def _distance(one: _Point, other: _Point) -> float:
    """Distance for the eye that tells the two apart worst, squared."""
    return min(_squared(a, b) for a, b in zip(one.seen, other.seen, strict=True))


def _squared(one: _Vector, other: _Vector) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2


def _is_near_any(color: Color, others: Collection[_Vector]) -> bool:
    here = _oklab(_linear(color))
    return any(_squared(here, other) < NEAR**2 for other in others)


_IDENTITY: _Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_VISIONS: tuple[_Matrix, ...] = (_IDENTITY, _PROTANOPIA, _DEUTERANOPIA)


def _linear(color: Color) -> _Vector:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (channel / 255 for channel in color)
    )
    return red, green, blue


def _oklab(linear: _Vector) -> _Vector:
    cones = _apply(_TO_CONES, linear)
    # Simulated colours may lie a little outside of sRGB.
    return _apply(
        _TO_OKLAB, (max(cones[0], 0.0) ** (1 / 3), max(cones[1], 0.0) ** (1 / 3), max(cones[2], 0.0) ** (1 / 3))
    )


def _apply(matrix: _Matrix, vector: _Vector) -> _Vector:
    x, y, z = vector
    first, second, third = matrix
    return (
        first[0] * x + first[1] * y + first[2] * z,
        second[0] * x + second[1] * y + second[2] * z,
        third[0] * x + third[1] * y + third[2] * z,
    )
