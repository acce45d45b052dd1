"""Cars and buses: a side view drawn out to the vehicle's width."""

from itertools import pairwise
from math import cos, pi, sin
from typing import NamedTuple

from mattebox_runtime.demo import labels
from mattebox_runtime.demo.labels import RGB
from mattebox_runtime.demo.stage import Point3, Stage, lit, mixed

PAINTS: tuple[RGB, ...] = (
    (186, 48, 44),
    (232, 230, 226),
    (52, 84, 126),
    (58, 62, 70),
    (226, 164, 56),
    (152, 158, 164),
    (64, 116, 104),
    (120, 52, 66),
)
_GLASS: RGB = (52, 62, 78)
_TYRE: RGB = (34, 33, 38)
_SKY_SHEEN: RGB = (206, 196, 190)


class Body(NamedTuple):
    """The side view of a vehicle seen from behind: outline and windows as (metres from the near end, height)."""

    outline: tuple[tuple[float, float], ...]
    windows: tuple[tuple[tuple[float, float], ...], ...]
    near_glass: tuple[tuple[float, float], tuple[float, float]]
    wheels: tuple[float, float]
    width: float
    shoulder: float
    """Height above which the body narrows."""


_SEDAN = Body(
    outline=(
        (0.0, 0.34),
        (0.0, 0.78),
        (0.08, 0.98),
        (0.62, 1.04),
        (1.15, 1.42),
        (2.5, 1.46),
        (3.25, 1.03),
        (4.3, 0.84),
        (4.42, 0.62),
        (4.42, 0.34),
    ),
    windows=(
        ((0.82, 1.04), (1.2, 1.36), (1.75, 1.385), (1.75, 1.02)),
        ((1.84, 1.02), (1.84, 1.385), (2.46, 1.39), (3.0, 1.03)),
    ),
    near_glass=((0.66, 1.07), (1.12, 1.4)),
    wheels=(0.92, 3.5),
    width=1.8,
    shoulder=1.0,
)
_HATCH = Body(
    outline=(
        (0.0, 0.34),
        (0.0, 0.8),
        (0.1, 1.0),
        (0.5, 1.5),
        (2.3, 1.56),
        (3.05, 1.06),
        (3.85, 0.88),
        (3.98, 0.62),
        (3.98, 0.34),
    ),
    windows=(
        ((0.42, 1.06), (0.66, 1.43), (1.4, 1.47), (1.4, 1.05)),
        ((1.49, 1.05), (1.49, 1.47), (2.22, 1.47), (2.8, 1.06)),
    ),
    near_glass=((0.14, 1.05), (0.46, 1.45)),
    wheels=(0.72, 3.15),
    width=1.76,
    shoulder=1.02,
)
_BUS = Body(
    outline=((0.0, 0.4), (0.0, 3.0), (0.1, 3.15), (10.8, 3.15), (11.0, 2.9), (11.0, 0.4)),
    windows=tuple(
        ((0.5 + 1.75 * n, 1.35), (0.5 + 1.75 * n, 2.5), (2.1 + 1.75 * n, 2.5), (2.1 + 1.75 * n, 1.35)) for n in range(6)
    ),
    near_glass=((0.0, 1.2), (0.0, 2.7)),
    wheels=(2.2, 8.4),
    width=2.5,
    shoulder=3.2,
)
BODIES = {"sedan": _SEDAN, "hatch": _HATCH, "bus": _BUS}
_WHEEL_RADIUS = 0.33


class Vehicle(NamedTuple):
    """Where a vehicle is, what it looks like, and which end it turns to the camera."""

    x: float
    z: float
    """Of its near end."""
    body: str
    paint: RGB
    number: int
    is_oncoming: bool = False
    is_braking: bool = False
    is_parked: bool = False


def draw_vehicle(stage: Stage, vehicle: Vehicle) -> None:
    """Draw one vehicle with its shadow."""
    body = _turned(BODIES[vehicle.body]) if vehicle.is_oncoming else BODIES[vehicle.body]
    length = max(along for along, _ in body.outline)
    if vehicle.z + length < stage.camera.z + 1:
        return
    _throw_shadow(stage, vehicle, body.width, length, max(y for _, y in body.outline))
    label = labels.BUS if vehicle.body == "bus" else labels.CAR
    with stage.drawing(label, vehicle.number):
        _draw_wheels_behind(stage, vehicle, body)
        _draw_skin(stage, vehicle, body)
        _draw_side(stage, vehicle, body)
        _draw_end(stage, vehicle, body)


def _turned(body: Body) -> Body:
    length = max(along for along, _ in body.outline)

    def turn(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        return tuple((length - along, y) for along, y in reversed(points))

    outline = turn(body.outline)
    glass = next(
        ((a, b) for a, b in pairwise(outline) if b[1] - a[1] > 0.3 and a[1] > 0.8),
        ((0.0, 1.2), (0.0, 2.7)),
    )
    return body._replace(
        outline=outline,
        windows=tuple(turn(window) for window in body.windows),
        near_glass=glass,
        wheels=(length - body.wheels[1], length - body.wheels[0]),
    )


def _half(body: Body, y: float) -> float:
    return body.width / 2 - max(0.0, y - body.shoulder) * 0.42


def _throw_shadow(stage: Stage, vehicle: Vehicle, width: float, length: float, height: float) -> None:
    half = width / 2
    x, near, far = vehicle.x, vehicle.z, vehicle.z + length
    dx, dz = 0.75 * height, -0.55 * height
    stage.shadow(
        [
            (x - half - 0.1, 0, near - 0.15),
            (x + half + 0.1, 0, near - 0.15),
            (x + half + 0.1, 0, far),
            (x - half - 0.1, 0, far),
        ]
    )
    stage.shadow(
        [
            (x - half, 0, near),
            (x - half * 0.6 + dx, 0, near + dz),
            (x + half * 0.8 + dx, 0, near + dz),
            (x + half * 0.8 + dx, 0, far + dz),
            (x + half, 0, far),
        ]
    )


def _draw_wheels_behind(stage: Stage, vehicle: Vehicle, body: Body) -> None:
    for side in (-1, 1):
        outer, inner = vehicle.x + side * (body.width / 2 - 0.04), vehicle.x + side * (body.width / 2 - 0.28)
        z = vehicle.z + body.wheels[0] - _WHEEL_RADIUS
        stage.face([(outer, 0, z), (inner, 0, z), (inner, 0.5, z), (outer, 0.5, z)], _TYRE)


def _draw_skin(stage: Stage, vehicle: Vehicle, body: Body) -> None:
    edges = sorted(pairwise(body.outline), key=lambda edge: -(edge[0][0] + edge[1][0]))
    for (a0, y0), (a1, y1) in edges:
        steepness = abs(y1 - y0) / (abs(a1 - a0) + abs(y1 - y0))
        if a1 > a0 and y1 < y0 and min(y0, y1) < 1.2 and a0 > 2:
            steepness = 1.0
        tone = mixed(lit(vehicle.paint, 0.66), mixed(vehicle.paint, _SKY_SHEEN, 0.55), 1 - steepness)
        stage.face(_across(vehicle, body, (a0, y0), (a1, y1)), tone)


def _across(
    vehicle: Vehicle, body: Body, start: tuple[float, float], end: tuple[float, float], inset: float = 0.0
) -> list[Point3]:
    (a0, y0), (a1, y1) = start, end
    h0, h1 = _half(body, y0) - inset, _half(body, y1) - inset
    x, z = vehicle.x, vehicle.z
    return [(x - h0, y0, z + a0), (x + h0, y0, z + a0), (x + h1, y1, z + a1), (x - h1, y1, z + a1)]


def _draw_side(stage: Stage, vehicle: Vehicle, body: Body) -> None:
    side = -1 if vehicle.x > stage.camera.x else 1
    # The low sun stands on the left: sides that look left are bright.
    light = 1.12 if side < 0 else 0.74

    def on_side(points: tuple[tuple[float, float], ...]) -> list[Point3]:
        return [(vehicle.x + side * _half(body, y), y, vehicle.z + along) for along, y in points]

    stage.face(on_side(body.outline), lit(vehicle.paint, light))
    length = max(along for along, _ in body.outline)
    stage.face(
        on_side(((0.0, 0.34), (0.0, 0.5), (length, 0.5), (length, 0.34))), lit(vehicle.paint, light * 0.6), detail=True
    )
    for window in body.windows:
        stage.face(on_side(window), mixed(_GLASS, _SKY_SHEEN, 0.42 if side < 0 else 0.1), detail=True)
    for along in body.wheels:
        _draw_wheel(stage, vehicle.x + side * body.width / 2, vehicle.z + along)


def _draw_wheel(stage: Stage, x: float, z: float) -> None:
    for radius, color in ((0.38, (26, 26, 30)), (_WHEEL_RADIUS, _TYRE), (0.2, (150, 150, 156)), (0.07, (90, 90, 98))):
        turns = [2 * pi * corner / 20 for corner in range(20)]
        disc = [(x, max(0.0, 0.33 + radius * sin(turn)), z + radius * cos(turn)) for turn in turns]
        stage.face(disc, color, detail=radius < 0.3)


def _draw_end(stage: Stage, vehicle: Vehicle, body: Body) -> None:
    x, z = vehicle.x, vehicle.z - 0.01
    stage.face(_across(vehicle, body, *body.near_glass, inset=0.1), mixed(_GLASS, _SKY_SHEEN, 0.18), detail=True)
    half = body.width / 2

    def plate(left: float, right: float, low: float, high: float, color: RGB) -> None:
        stage.face(
            [(x + left, low, z), (x + right, low, z), (x + right, high, z), (x + left, high, z)], color, detail=True
        )

    plate(-half, half, 0.34, 0.52, lit(vehicle.paint, 0.42))
    plate(-0.26, 0.26, 0.54, 0.65, (240, 238, 228))
    for side in (-1, 1):
        if vehicle.is_oncoming:
            centre = (x + side * (half - 0.3), 0.68, z)
            if not vehicle.is_parked:
                stage.disc(centre, 0.26, (255, 244, 214), opacity=0.35)
            stage.disc(centre, 0.12, (206, 204, 196) if vehicle.is_parked else (255, 250, 232), detail=True)
        else:
            inner, outer = side * (half - 0.42), side * (half - 0.04)
            plate(
                min(inner, outer), max(inner, outer), 0.7, 0.86, (255, 58, 44) if vehicle.is_braking else (176, 28, 30)
            )
    if vehicle.is_braking:
        for side in (-1, 1):
            stage.disc((x + side * (half - 0.22), 0.78, z), 0.34, (255, 70, 50), opacity=0.22)
