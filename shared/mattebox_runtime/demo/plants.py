"""Trees, and the furniture of the sidewalk: lamps, signs, traffic lights."""

from itertools import pairwise
from math import cos, pi, sin
from random import Random

from mattebox_runtime.demo import labels
from mattebox_runtime.demo.labels import RGB
from mattebox_runtime.demo.stage import Stage, lit, mixed

_LEAVES: tuple[RGB, ...] = ((96, 132, 62), (120, 140, 58), (150, 140, 52), (84, 122, 70))
_SUNLIT: RGB = (246, 220, 130)
_BARK: RGB = (84, 66, 58)
_METAL: RGB = (70, 72, 80)
# By the crown's radius in pixels; few steps, so that a crown keeps its shape from frame to frame.
_CLUMPS = ((110, 60), (40, 30), (14, 11), (0, 5))
_TONES = ((0.52, (0.14, -0.20), 0.46), (0.78, (0.0, 0.0), 0.38), (1.04, (-0.16, 0.16), 0.26))
_SHADOW_SLOPE = (0.75, -0.95)


def draw_tree(stage: Stage, seed: int, x: float, z: float) -> None:
    """Draw one tree of the row along the kerb."""
    dice = Random(f"tree {seed} {x} {z}")  # noqa: S311 - a drawing, not a secret
    height, spread = 5.4 + 1.8 * dice.random(), 1.6 + 0.5 * dice.random()
    leaf = dice.choice(_LEAVES)
    crown = height - spread * 0.75
    _throw_crown_shadow(stage, x, z, crown, spread)
    with stage.drawing(labels.VEGETATION):
        stage.face([(x - 0.16, 0.1, z), (x + 0.16, 0.1, z), (x + 0.09, crown, z), (x - 0.09, crown, z)], _BARK)
        stage.limb((x, crown - 1.5, z), (x - 0.8, crown, z), 0.06, _BARK)
        stage.limb((x, crown - 1.3, z), (x + 0.8, crown, z), 0.06, _BARK)
        detail = next(count for least, count in _CLUMPS if stage.pixels(spread, z) >= least)
        clumps = [_clump(dice, detail, number) for number in range(detail)]
        tones = _TONES if detail > 5 else _TONES[1:]
        for shade, shift, size in tones:
            for dx, dy, scale in clumps:
                color = mixed(lit(leaf, shade), _SUNLIT, max(0.0, -dx * 0.10 + dy * 0.10) * shade)
                centre = (x + (dx + shift[0]) * spread * 0.78, crown + (dy * 0.86 + shift[1]) * spread, z)
                _leaf_ball(stage, dice, centre, spread * size * scale, color)


def _clump(dice: Random, count: int, number: int) -> tuple[float, float, float]:
    turn = number * 2.39996
    reach = ((number + 0.5) / count) ** 0.5
    size = (8 / count) ** 0.36
    return reach * cos(turn) + 0.12 * dice.uniform(-1, 1), reach * sin(turn) + 0.12 * dice.uniform(-1, 1), size


def _leaf_ball(stage: Stage, dice: Random, centre: tuple[float, float, float], radius: float, color: RGB) -> None:
    x, y, z = centre
    corners = 13 if stage.pixels(radius, centre[2]) > 5 else 7
    points = []
    for corner in range(corners):
        turn = 2 * pi * corner / corners
        reach = radius * dice.uniform(0.82, 1.14)
        points.append((x + reach * cos(turn), y + reach * sin(turn), z))
    stage.face(points, color)


def _throw_crown_shadow(stage: Stage, x: float, z: float, crown: float, spread: float) -> None:
    dx, dz = _SHADOW_SLOPE
    stage.shadow(
        [
            (x - 0.14, 0, z),
            (x + 0.14, 0, z),
            (x + 0.14 + crown * dx, 0, z + crown * dz),
            (x - 0.14 + crown * dx, 0, z + crown * dz),
        ]
    )
    centre_x, centre_z = x + (crown + 0.3) * dx, z + (crown + 0.3) * dz
    turns = (2 * pi * corner / 20 for corner in range(20))
    stage.shadow([(centre_x + spread * cos(turn), 0, centre_z + spread * 1.25 * sin(turn)) for turn in turns])


def throw_pole_shadow(stage: Stage, x: float, z: float, height: float, width: float = 0.07) -> None:
    """Throw the shadow of something upright onto the ground."""
    dx, dz = _SHADOW_SLOPE
    tip = (x + height * dx, z + height * dz)
    stage.shadow([(x - width, 0, z), (x + width, 0, z), (tip[0] + width, 0, tip[1]), (tip[0] - width, 0, tip[1])])


def draw_lamp(stage: Stage, x: float, z: float) -> None:
    """Draw a street lamp whose arm reaches over the road."""
    side = 1 if x > 0 else -1
    throw_pole_shadow(stage, x, z, 6.4)
    with stage.drawing(labels.POLE):
        stage.face([(x - 0.09, 0, z), (x + 0.09, 0, z), (x + 0.05, 6.2, z), (x - 0.05, 6.2, z)], _METAL)
        bow = [(x - side * 1.7 * step / 6, 6.2 + 0.75 * sin(pi / 2 * step / 6), z) for step in range(7)]
        for start, end in pairwise(bow):
            stage.limb(start, end, 0.05, _METAL)
        head = x - side * 1.95
        stage.limb((head - 0.3, 6.93, z), (head + 0.3, 6.93, z), 0.09, lit(_METAL, 0.85))
    stage.limb((head - 0.24, 6.87, z), (head + 0.24, 6.87, z), 0.04, (255, 240, 200), detail=True)


def draw_traffic_light(stage: Stage, x: float, z: float, *, is_green: bool) -> None:
    """Draw a traffic light at the kerb, with a second one on an arm over the road."""
    side = 1 if x > 0 else -1
    throw_pole_shadow(stage, x, z, 5.4)
    hanging = x - side * 3.6
    with stage.drawing(labels.POLE):
        stage.face([(x - 0.1, 0, z), (x + 0.1, 0, z), (x + 0.07, 5.6, z), (x - 0.07, 5.6, z)], _METAL)
        stage.limb((x, 5.45, z), (hanging, 5.6, z), 0.06, _METAL)
    for cx, top in ((x - side * 0.28, 3.4), (hanging, 5.75)):
        _draw_signal(stage, cx, top, z, is_green=is_green)


def _draw_signal(stage: Stage, x: float, top: float, z: float, *, is_green: bool) -> None:
    with stage.drawing(labels.TRAFFIC_LIGHT):
        stage.face(
            [(x - 0.2, top - 1.1, z), (x + 0.2, top - 1.1, z), (x + 0.2, top, z), (x - 0.2, top, z)], (38, 38, 44)
        )
    lamps: tuple[tuple[RGB, bool], ...] = (
        ((255, 62, 48), not is_green),
        ((255, 190, 40), False),
        ((60, 240, 150), is_green),
    )
    for number, (color, is_on) in enumerate(lamps):
        centre = (x, top - 0.2 - number * 0.35, z)
        if is_on:
            stage.disc(centre, 0.34, color, opacity=0.28)
        stage.disc(centre, 0.13, color if is_on else lit(color, 0.28), detail=True)


def draw_sign(stage: Stage, x: float, z: float, kind: int) -> None:
    """Draw a traffic sign on its post: 0 a speed limit, 1 a warning, 2 parking."""
    throw_pole_shadow(stage, x, z, 2.6, 0.04)
    with stage.drawing(labels.POLE):
        stage.face([(x - 0.04, 0, z), (x + 0.04, 0, z), (x + 0.04, 2.3, z), (x - 0.04, 2.3, z)], (128, 130, 138))
    with stage.drawing(labels.TRAFFIC_SIGN):
        if kind == 0:
            stage.disc((x, 2.55, z), 0.4, (200, 38, 42))
            stage.disc((x, 2.55, z), 0.3, (246, 244, 238), detail=True)
            for dx in (-0.1, 0.11):
                stage.disc((x + dx, 2.55, z), 0.085, (40, 40, 44), detail=True)
                stage.disc((x + dx, 2.55, z), 0.04, (246, 244, 238), detail=True)
        elif kind == 1:
            stage.face([(x - 0.46, 2.2, z), (x + 0.46, 2.2, z), (x, 3.0, z)], (206, 44, 44))
            stage.face([(x - 0.31, 2.29, z), (x + 0.31, 2.29, z), (x, 2.83, z)], (250, 238, 200), detail=True)
            stage.limb((x, 2.45, z), (x, 2.62, z), 0.035, (40, 40, 44), detail=True)
        else:
            stage.face(
                [(x - 0.36, 2.2, z), (x + 0.36, 2.2, z), (x + 0.36, 2.95, z), (x - 0.36, 2.95, z)], (42, 92, 168)
            )
            stage.limb((x - 0.1, 2.35, z), (x - 0.1, 2.8, z), 0.045, (244, 244, 244), detail=True)
            stage.disc((x + 0.02, 2.7, z), 0.12, (244, 244, 244), detail=True)
            stage.disc((x + 0.02, 2.7, z), 0.05, (42, 92, 168), detail=True)
