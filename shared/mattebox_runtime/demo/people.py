"""Walkers and riders, drawn from bars with round ends."""

from collections.abc import Callable
from math import pi, sin
from random import Random

from mattebox_runtime.demo import labels
from mattebox_runtime.demo.labels import RGB
from mattebox_runtime.demo.plants import throw_pole_shadow
from mattebox_runtime.demo.stage import Point3, Stage, lit

_Place = Callable[[float, float], Point3]
"""Gives the point so far to the right of somebody's middle, and so far above the ground."""

_SKIN: tuple[RGB, ...] = ((236, 188, 156), (198, 142, 106), (142, 94, 68), (96, 64, 50))
_HAIR: tuple[RGB, ...] = ((48, 38, 36), (96, 62, 40), (184, 138, 82), (150, 150, 152))
_COATS: tuple[RGB, ...] = ((206, 78, 62), (52, 96, 128), (232, 180, 74), (96, 120, 88), (230, 222, 210), (110, 66, 96))
_TROUSERS: tuple[RGB, ...] = ((52, 58, 78), (76, 66, 60), (40, 40, 46), (126, 116, 100))


class _Looks:
    def __init__(self, name: str) -> None:
        dice = Random(name)  # noqa: S311 - a drawing, not a secret
        self.skin, self.hair = dice.choice(_SKIN), dice.choice(_HAIR)
        self.coat, self.trousers = dice.choice(_COATS), dice.choice(_TROUSERS)
        self.size = dice.uniform(0.9, 1.07)
        self.has_bag, self.has_long_hair = dice.random() < 0.45, dice.random() < 0.4
        self.phase = dice.random()


def draw_walker(
    stage: Stage, place: tuple[float, float], ground: float, step: float, number: int, *, sideways: bool
) -> None:
    """Draw somebody at `place` (x, z), `step` strides into the walk, seen from the side or from behind."""
    x, z = place
    looks = _Looks(f"walker {number}")
    swing = sin(2 * pi * (step + looks.phase))
    s = looks.size
    throw_pole_shadow(stage, x, z, 1.7 * s, 0.2)
    reach = 0.34 if sideways else 0.07

    def at(dx: float, y: float) -> tuple[float, float, float]:
        return (x + dx * s, ground + y * s, z)

    with stage.drawing(labels.PERSON, number):
        for leg, shade in ((-1, 0.8), (1, 1.0)):
            foot = leg * swing * reach + (0.0 if sideways else leg * 0.1)
            lift = max(0.0, leg * swing) * 0.07
            hip = 0.02 * leg if sideways else 0.09 * leg
            knee = (hip + foot) / 2 + (0.05 if sideways else 0.0)
            color = lit(looks.trousers, shade)
            stage.limb(at(hip, 0.86), at(knee, 0.47), 0.088 * s, color)
            stage.limb(at(knee, 0.47), at(foot, 0.1 + lift), 0.07 * s, color)
            stage.limb(
                at(foot - 0.02, 0.05 + lift),
                at(foot + (0.12 if sideways else 0.0), 0.05 + lift),
                0.055 * s,
                (36, 32, 34),
            )
        _draw_arm(stage, at, looks, -swing * (0.24 if sideways else 0.05), -0.04 if sideways else -0.235, 0.78)
        wide = 0.15 if sideways else 0.2
        torso = [
            at(-wide * 0.92, 0.8),
            at(wide * 0.92, 0.8),
            at(wide * 1.05, 1.36),
            at(wide * 0.6, 1.46),
            at(-wide * 0.6, 1.46),
            at(-wide * 1.05, 1.36),
        ]
        stage.face(torso, looks.coat)
        stage.face(
            [torso[0], at(-wide * 0.35, 0.8), at(-wide * 0.3, 1.44), torso[4], torso[5]],
            lit(looks.coat, 1.16),
            detail=True,
        )
        _draw_arm(stage, at, looks, swing * (0.24 if sideways else 0.05), 0.03 if sideways else 0.235, 0.95)
        if looks.has_bag:
            stage.limb(at(-0.06, 1.3), at(-0.06, 1.06), 0.13 * s, lit(looks.trousers, 1.2), detail=True)
        _draw_head(stage, at(0.0, 1.6), 0.125 * s, looks, sideways=sideways)


def _draw_arm(stage: Stage, at: _Place, looks: _Looks, swing: float, shoulder: float, shade: float) -> None:
    color = lit(looks.coat, shade)
    stage.limb(at(shoulder, 1.36), at(shoulder + swing * 0.5, 1.1), 0.06 * looks.size, color)
    stage.limb(at(shoulder + swing * 0.5, 1.1), at(shoulder + swing, 0.88), 0.05 * looks.size, color)
    stage.disc(at(shoulder + swing, 0.83), 0.05 * looks.size, looks.skin)


def _draw_head(
    stage: Stage, centre: tuple[float, float, float], radius: float, looks: _Looks, *, sideways: bool
) -> None:
    x, y, z = centre
    stage.limb((x, y - radius * 1.6, z), (x, y - radius * 0.5, z), radius * 0.45, lit(looks.skin, 0.85))
    stage.disc((x, y, z), radius, looks.skin)
    back = -0.28 * radius if sideways else 0.0
    stage.disc((x + back, y + radius * 0.22, z), radius * 1.02, looks.hair, detail=False)
    if looks.has_long_hair:
        stage.limb((x + back, y, z), (x + back * 1.4, y - radius * 1.3, z), radius * 0.72, looks.hair)


def draw_rider(stage: Stage, x: float, z: float, turn: float, number: int) -> None:
    """Draw a cyclist from behind, `turn` turns of the pedals into the ride."""
    looks = _Looks(f"rider {number}")
    throw_pole_shadow(stage, x, z, 1.6, 0.2)
    swing = sin(2 * pi * turn)

    def at(dx: float, y: float) -> tuple[float, float, float]:
        return (x + dx, y, z)

    with stage.drawing(labels.BICYCLE, number):
        stage.limb(at(0, 0.05), at(0, 0.68), 0.045, (30, 30, 34))
        stage.limb(at(0, 0.5), at(0, 0.92), 0.03, (196, 60, 50))
        stage.limb(at(-0.27, 1.02), at(0.27, 1.02), 0.025, (50, 50, 56))
    with stage.drawing(labels.RIDER, number):
        for leg in (-1, 1):
            knee, foot = 0.62 + leg * swing * 0.12, 0.28 + leg * swing * 0.16
            stage.limb(at(leg * 0.1, 0.92), at(leg * 0.17, knee), 0.09, looks.trousers)
            stage.limb(at(leg * 0.17, knee), at(leg * 0.12, foot), 0.07, lit(looks.trousers, 0.85))
        for arm in (-1, 1):
            stage.limb(at(arm * 0.2, 1.36), at(arm * 0.3, 1.05), 0.055, lit(looks.coat, 0.85))
        stage.face(
            [at(-0.17, 0.88), at(0.17, 0.88), at(0.23, 1.36), at(0.12, 1.47), at(-0.12, 1.47), at(-0.23, 1.36)],
            looks.coat,
        )
        stage.face(
            [at(-0.17, 0.88), at(-0.06, 0.88), at(-0.08, 1.45), at(-0.12, 1.47), at(-0.23, 1.36)],
            lit(looks.coat, 1.15),
            detail=True,
        )
        stage.disc(at(0, 1.6), 0.12, looks.skin)
        stage.disc(at(0, 1.65), 0.135, (240, 236, 226))
    with stage.drawing(labels.BICYCLE, number):
        stage.limb(at(0, 0.74), at(0, 0.78), 0.05, (255, 60, 48))
