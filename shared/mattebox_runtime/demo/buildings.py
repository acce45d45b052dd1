"""House fronts along the street, and the skyline at its end."""

from random import Random

from mattebox_runtime.demo import labels
from mattebox_runtime.demo.ground import CROSSING_LENGTH, KERB_HEIGHT, WALL_X, crossings
from mattebox_runtime.demo.labels import RGB
from mattebox_runtime.demo.stage import Stage, lit, mixed

CELL = 14.0
_VISIBLE_CELLS = 15
_WALLS: tuple[RGB, ...] = (
    (214, 138, 104),
    (226, 190, 140),
    (176, 98, 84),
    (200, 168, 150),
    (150, 158, 166),
    (232, 212, 180),
    (140, 118, 122),
    (196, 120, 92),
)
_AWNINGS: tuple[RGB, ...] = ((178, 58, 52), (46, 104, 112), (214, 150, 52), (74, 92, 64))
_GLASS: RGB = (88, 112, 138)
_LAMPLIGHT: RGB = (255, 208, 132)
_TRIM: RGB = (240, 228, 208)
# The sun stands ahead on the left: it falls on the fronts of the right side.
_LIGHT = {-1: 0.60, 1: 1.04}
_FLOOR = 3.3
_SHADOW_SHIFT = (0.55, -0.42)


class House:
    """One house: where it stands and what it looks like, the same in each frame."""

    def __init__(self, seed: int, side: int, cell: int) -> None:
        dice = Random(f"house {seed} {side} {cell}")  # noqa: S311 - a drawing, not a secret
        self.side = side
        self.near = cell * CELL
        self.far = self.near + CELL - (dice.choice((0.0, 0.0, 0.0, 2.2)))
        self.floors = dice.choice((3, 4, 4, 5, 5, 6, 7))
        self.height = self.floors * _FLOOR + 1.2
        self.wall = dice.choice(_WALLS)
        self.awning = dice.choice(_AWNINGS)
        self.columns = dice.choice((4, 5, 6))
        self.wall_x = side * (WALL_X + dice.choice((0.0, 0.0, 0.35)))
        self.has_balconies = dice.random() < 0.35
        self.dice_state = dice.getstate()


def draw_houses(stage: Stage, seed: int) -> None:
    """Draw both sides of the street, far houses first, and the shade they throw on it."""
    first = int(stage.camera.z // CELL)
    for cell in range(first + _VISIBLE_CELLS, first - 2, -1):
        for side in (-1, 1):
            house = House(seed, side, cell)
            if not any(_is_in_the_way(house, start) for start in crossings(house.near - 14, house.far + 14)):
                _draw_house(stage, house)


def _is_in_the_way(house: House, start: float) -> bool:
    return house.far > start - 1 and house.near < start + CROSSING_LENGTH + 1


def _draw_house(stage: Stage, house: House) -> None:
    x, near, far, top = house.wall_x, house.near, house.far, house.height
    light = _LIGHT[house.side]
    outer = x + house.side * 12
    if house.side < 0:
        dx, dz = _SHADOW_SHIFT[0] * top, _SHADOW_SHIFT[1] * top
        stage.shadow([(x, 0, near), (x, 0, far), (x + dx, 0, far + dz), (x + dx, 0, near + dz)])
    with stage.drawing(labels.BUILDING):
        gable = [(x, 0, near), (outer, 0, near), (outer, top, near), (x, top, near)]
        stage.face(gable, lit(mixed(house.wall, (96, 104, 140), 0.35), 0.62))
        front = [(x, 0.0, near), (x, 0.0, far), (x, top, far), (x, top, near)]
        stage.face(front, lit(house.wall, light))
        ledge = x - house.side * 0.35
        stage.face([(x, top, near), (ledge, top, near), (ledge, top, far), (x, top, far)], lit(_TRIM, light * 0.7))
        stage.face(
            [(ledge, top - 0.5, near), (ledge, top, near), (ledge, top, far), (ledge, top - 0.5, far)],
            lit(_TRIM, light * 0.95),
        )
        stage.face(
            [(x, top - 0.5, near), (ledge, top - 0.5, near), (ledge, top, near), (x, top, near)], lit(_TRIM, 0.6)
        )
    if stage.pixels(1.2, far) > 7:
        _draw_gable_windows(stage, house)
        _draw_windows(stage, house)
        _draw_shop(stage, house)


def _draw_gable_windows(stage: Stage, house: House) -> None:
    if stage.pixels(1.3, house.near) < 3:
        return
    for floor in range(1, house.floors):
        y = floor * _FLOOR + 0.9
        for column in range(3):
            left = house.wall_x + house.side * (1.6 + column * 3.4)
            right = left + house.side * 1.3
            pane = [
                (left, y, house.near),
                (right, y, house.near),
                (right, y + 1.7, house.near),
                (left, y + 1.7, house.near),
            ]
            stage.face(pane, lit(_GLASS, 0.62), detail=True)


def _draw_windows(stage: Stage, house: House) -> None:
    dice = Random()  # noqa: S311 - a drawing, not a secret
    dice.setstate(house.dice_state)
    light = _LIGHT[house.side]
    x = house.wall_x - house.side * 0.02
    pitch = (house.far - house.near) / house.columns
    for floor in range(1, house.floors):
        low, high = floor * _FLOOR + 0.75, floor * _FLOOR + 2.6
        for column in range(house.columns):
            near = house.near + (column + 0.26) * pitch
            far = near + pitch * 0.48
            is_lamplit = dice.random() < (0.20 if house.side < 0 else 0.05)
            sheen = 0.75 + 0.5 * dice.random()
            glass = (
                _LAMPLIGHT
                if is_lamplit
                else lit(mixed(_GLASS, (255, 214, 170), 0.25 if house.side > 0 else 0.08), sheen * light)
            )
            if stage.pixels(0.14, near) > 0.6:
                _pane(stage, x, (near - 0.14, far + 0.14), (low - 0.14, high + 0.14), lit(_TRIM, light * 0.92))
            _pane(stage, x, (near, far), (low, high), glass)
            if not is_lamplit and stage.pixels(0.5, near) > 2:
                _pane(stage, x, (near, far), (high - 0.5, high), lit(glass, 0.72))
            if stage.pixels(0.08, near) > 0.8:
                middle = (near + far) / 2
                _pane(stage, x, (middle - 0.04, middle + 0.04), (low, high), lit(_TRIM, light * 0.85))
                _pane(stage, x, (near - 0.2, far + 0.2), (low - 0.26, low - 0.12), lit(_TRIM, light))
        if house.has_balconies and floor % 2 == 0:
            _draw_balcony(stage, house, floor * _FLOOR + 0.35, pitch)


def _pane(stage: Stage, x: float, z: tuple[float, float], y: tuple[float, float], color: RGB) -> None:
    stage.face([(x, y[0], z[0]), (x, y[0], z[1]), (x, y[1], z[1]), (x, y[1], z[0])], color, detail=True)


def _draw_balcony(stage: Stage, house: House, y: float, pitch: float) -> None:
    light = _LIGHT[house.side]
    rim = house.wall_x - house.side * 0.9
    near, far = house.near + pitch * 1.05, house.near + pitch * 2.95
    with stage.drawing(labels.BUILDING):
        stage.face([(house.wall_x, y, near), (rim, y, near), (rim, y, far), (house.wall_x, y, far)], lit(_TRIM, 0.5))
        stage.face(
            [(rim, y, near), (rim, y + 0.95, near), (rim, y + 0.95, far), (rim, y, far)], lit((92, 84, 88), light)
        )
        stage.face(
            [(house.wall_x, y, near), (rim, y, near), (rim, y + 0.95, near), (house.wall_x, y + 0.95, near)],
            (74, 70, 78),
        )


def _draw_shop(stage: Stage, house: House) -> None:
    light = _LIGHT[house.side]
    x = house.wall_x - house.side * 0.03
    _pane(stage, x, (house.near, house.far), (0, 3.15), lit(mixed(house.wall, (60, 52, 56), 0.62), light))
    bays = max(2, house.columns - 2)
    pitch = (house.far - house.near) / bays
    for bay in range(bays):
        near, far = house.near + (bay + 0.1) * pitch, house.near + (bay + 0.9) * pitch
        is_door = bay == bays // 2
        inside = mixed(_LAMPLIGHT, (120, 92, 76), 0.35 if not is_door else 0.7)
        _pane(stage, x, (near, far), (KERB_HEIGHT + (0.1 if is_door else 0.6), 2.5), lit(inside, 0.92))
        _pane(stage, x, (near, far), (1.9, 2.5), lit(inside, 0.7))
    out = house.wall_x - house.side * 1.25
    stripes = bays * 6 if stage.pixels(1.0, house.near) > 12 else 1
    width = (house.far - house.near - 0.6) / stripes
    with stage.drawing(labels.BUILDING):
        for stripe in range(stripes - 1, -1, -1):
            near = house.near + 0.3 + stripe * width
            color = house.awning if stripe % 2 or stripes == 1 else _TRIM
            slope = [
                (house.wall_x, 3.1, near),
                (house.wall_x, 3.1, near + width),
                (out, 2.55, near + width),
                (out, 2.55, near),
            ]
            stage.face(slope, lit(color, light * 1.02))
            hem = [(out, 2.55, near), (out, 2.55, near + width), (out, 2.3, near + width), (out, 2.3, near)]
            stage.face(hem, lit(color, light * 0.86))
        end = house.near + 0.3
        stage.face(
            [(house.wall_x, 3.1, end), (out, 2.55, end), (out, 2.3, end), (house.wall_x, 2.3, end)],
            lit(house.awning, 0.5),
        )


def draw_skyline(stage: Stage, seed: int) -> None:
    """Draw hills and towers so far away that they hardly move."""
    camera = stage.camera
    dice = Random(f"skyline {seed}")  # noqa: S311 - a drawing, not a secret
    width, horizon, unit = camera.width, camera.horizon, camera.height / 720
    shift = -camera.bend * 90_000 * unit
    with stage.drawing(labels.TERRAIN):
        ridge = [
            (step / 40 * 1.4 * width - 0.2 * width, horizon - unit * (26 + 12 * dice.random())) for step in range(41)
        ]
        stage.flat([(-0.2 * width, horizon + 4), *ridge, (1.2 * width, horizon + 4)], (222, 196, 176))
    for layer, tone in ((0, (226, 194, 170)), (1, (208, 176, 160))):
        with stage.drawing(labels.BUILDING):
            for _ in range(26):
                left = (dice.random() * 1.4 - 0.2) * width + shift
                wide, tall = unit * (14 + 30 * dice.random()), unit * (30 + (95 - 40 * layer) * dice.random() ** 2)
                stage.flat(
                    [
                        (left, horizon + 4),
                        (left, horizon - tall),
                        (left + wide, horizon - tall),
                        (left + wide, horizon + 4),
                    ],
                    mixed(tone, (180, 150, 150), 0.2 * dice.random()),
                )
