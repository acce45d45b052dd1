"""The drive down a street: one description of the scene, a picture and exact labels of it."""

from collections.abc import Callable
from functools import partial
from math import sin
from random import Random
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_runtime.demo import labels, light
from mattebox_runtime.demo.buildings import draw_houses, draw_skyline
from mattebox_runtime.demo.canvas import paint_codes, paint_picture
from mattebox_runtime.demo.ground import CROSSING_LENGTH, CURB_X, KERB_HEIGHT, crossings, draw_ground
from mattebox_runtime.demo.people import draw_rider, draw_walker
from mattebox_runtime.demo.plants import draw_lamp, draw_sign, draw_traffic_light, draw_tree
from mattebox_runtime.demo.stage import Camera, Stage
from mattebox_runtime.demo.vehicles import PAINTS, Vehicle, draw_vehicle

SIZE = (1280, 720)
SEED = 7
METRES_PER_FRAME = 0.9
FRAMES_PER_SECOND = 10

_REACH = 160.0
_SIDEWALK_X = 7.4

Thing = tuple[float, Callable[[Stage], None]]


class StreetFrame(NamedTuple):
    """One moment of the drive."""

    picture: Image.Image
    """RGB."""
    labels: npt.NDArray[np.uint8]
    """Class id of each pixel, (height, width)."""
    instances: npt.NDArray[np.uint16]
    """Class id · INSTANCES_PER_CLASS + number of each thing that is counted, else 0, (height, width)."""


def draw_street_frame(
    index: int, size: tuple[int, int] = SIZE, *, seed: int = SEED, offset: float = 0.0
) -> StreetFrame:
    """Draw frame `index` of the endless drive, seen `offset` metres to the right of the driver."""
    z = index * METRES_PER_FRAME
    camera = Camera(*size, z=z, x=2.05 + offset, bend=0.00035 * sin(z / 120 + seed))
    ground, houses, things = Stage(camera), Stage(camera), Stage(camera)
    draw_ground(ground)
    draw_skyline(houses, seed)
    draw_houses(houses, seed)
    for _, draw in sorted(_things(camera, index, seed), key=lambda thing: -thing[0]):
        draw(things)
    _draw_bonnet(things)
    upright = houses.shapes + things.shapes
    canvas = light.sky_canvas(camera, seed)
    paint_picture(ground.shapes, canvas)
    light.shade(canvas, houses.shadows + things.shadows, camera)
    paint_picture(upright, canvas)
    codes = paint_codes([*ground.shapes, *upright], size, labels.SKY)
    return StreetFrame(light.develop(canvas, index), *split_codes(codes))


def _draw_bonnet(stage: Stage) -> None:
    """Draw the edge of the car that carries the camera: what every dash camera sees and no label counts."""
    width, height = stage.camera.width, stage.camera.height
    with stage.drawing(labels.VOID):
        for rise, color in ((0.052, (30, 34, 46)), (0.047, (58, 66, 84)), (0.040, (36, 41, 54))):
            arch = [(width * step / 24, height * (1 - rise * (1 - (step / 12 - 1) ** 4))) for step in range(25)]
            stage.flat([(0, height + 2), *arch, (width, height + 2)], color)


def split_codes(codes: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint16]]:
    """Take the painter's codes apart: class ids, and values of instances."""
    classes, numbers = codes & 0xFF, codes >> 8
    values = np.where(numbers > 0, classes * labels.INSTANCES_PER_CLASS + numbers, 0)
    return classes.astype(np.uint8), values.astype(np.uint16)


def _things(camera: Camera, index: int, seed: int) -> list[Thing]:
    time = index / FRAMES_PER_SECOND
    first, last = camera.z, camera.z + _REACH
    open_ground = list(crossings(first, last))

    def stands(z: float, room: float = 2.0) -> bool:
        return first + 0.8 < z < last and not any(s - room <= z <= s + CROSSING_LENGTH + room for s in open_ground)

    things = [*_furniture(first, last, seed, stands), *_traffic(camera, index, seed)]
    things += _parked(first, last, seed, lambda z: stands(z, 6.0))
    things += _walkers(first, last, time, seed, stands)
    return things


def _furniture(first: float, last: float, seed: int, stands: Callable[[float], bool]) -> list[Thing]:
    things: list[Thing] = []
    for cell in range(int(first // 9) - 1, int(last // 9) + 1):
        for side in (-1, 1):
            z = cell * 9.0 + (4.5 if side > 0 else 0.0)
            if not stands(z):
                continue
            x = side * _SIDEWALK_X
            kind = cell % 4
            if kind == 3:
                things.append((z, partial(draw_lamp, x=x * 0.945, z=z)))
            else:
                things.append((z, partial(draw_tree, seed=seed, x=x, z=z)))
            if kind == 1 and stands(z + 4):
                things.append((z + 4, partial(draw_sign, x=x * 0.95, z=z + 4, kind=(cell // 4 + side) % 3)))
    for start in crossings(first, last):
        is_green = int(first // 30) % 2 == 0
        for x, z in ((7.0, start - 1.0), (-7.0, start + CROSSING_LENGTH + 1.0)):
            if first + 0.8 < z < last:
                things.append((z, partial(draw_traffic_light, x=x, z=z, is_green=is_green)))
    return things


def _parked(first: float, last: float, seed: int, stands: Callable[[float], bool]) -> list[Thing]:
    things: list[Thing] = []
    for cell in range(int(first // 6.4) - 2, int(last // 6.4)):
        for side in (-1, 1):
            dice = Random(f"parked {seed} {side} {cell}")  # noqa: S311 - a drawing, not a secret
            z = cell * 6.4 + dice.uniform(0, 1.2)
            if dice.random() < 0.62 and (stands(z) or first - 6 < z <= first + 0.8):
                body = dice.choice(("sedan", "hatch", "sedan"))
                car = Vehicle(
                    side * 5.45,
                    z,
                    body,
                    dice.choice(PAINTS),
                    1 + (cell * 2 + (side > 0)) % 400,
                    side < 0,
                    is_parked=True,
                )
                things.append((z, partial(draw_vehicle, vehicle=car)))
    return things


def _traffic(camera: Camera, index: int, seed: int) -> list[Thing]:
    ahead = camera.z + 17 + 5 * sin(index / 14)
    vehicles = [
        Vehicle(2.1, ahead, "hatch", PAINTS[0], 900, is_braking=sin(index / 7) > 0.4),
        Vehicle(2.2, ahead + 26 + 3 * sin(index / 9), "sedan", PAINTS[5], 901),
    ]
    spacing = 34.0
    travelled = -index * METRES_PER_FRAME * 1.15
    first = int((camera.z - travelled) // spacing)
    for number in range(first - 1, first + 6):
        dice = Random(f"oncoming {seed} {number}")  # noqa: S311 - a drawing, not a secret
        z = number * spacing + travelled + dice.uniform(0, 12)
        if camera.z - 5 < z < camera.z + _REACH:
            body = "bus" if number % 4 == 2 else dice.choice(("sedan", "hatch"))
            paint = (214, 170, 62) if body == "bus" else dice.choice(PAINTS)
            vehicles.append(Vehicle(-2.2, z, body, paint, 500 + number % 300, is_oncoming=True))
    things: list[Thing] = [(car.z, partial(draw_vehicle, vehicle=car)) for car in vehicles]
    rider_z = camera.z + 11 + 4 * sin(index / 18 + 2)
    things.append((rider_z, partial(draw_rider, x=3.75, z=rider_z, turn=index * 0.13, number=1)))
    return things


def _walkers(first: float, last: float, time: float, seed: int, stands: Callable[[float], bool]) -> list[Thing]:
    things: list[Thing] = []
    for cell in range(int(first // 7) - 2, int(last // 7) + 2):
        for side in (-1, 1):
            dice = Random(f"walker {seed} {side} {cell}")  # noqa: S311 - a drawing, not a secret
            way = dice.choice((-1, 1))
            z = cell * 7.0 + dice.uniform(0, 5) + way * 1.3 * time
            x = side * dice.uniform(CURB_X + 1.6, CURB_X + 3.6)
            if dice.random() < 0.6 and stands(z):
                number = 1 + (cell * 2 + (side > 0)) % 600
                things.append((z, _walker((x, z), KERB_HEIGHT, time * 0.9, number, sideways=False)))
    for number, start in enumerate(crossings(first, last)):
        for walker in range(3):
            dice = Random(f"crossing {seed} {start} {walker}")  # noqa: S311 - a drawing, not a secret
            x = ((dice.uniform(-8, 8) + 1.3 * time + 8) % 16) - 8
            z = start - 2.1 + dice.uniform(-0.9, 0.9)
            if first + 4 < z:
                things.append((z, _walker((x, z), 0.0, time * 0.9, 700 + number * 8 + walker, sideways=True)))
    return things


def _walker(
    place: tuple[float, float], ground: float, step: float, number: int, *, sideways: bool
) -> Callable[[Stage], None]:
    return partial(draw_walker, place=place, ground=ground, step=step, number=number, sideways=sideways)
