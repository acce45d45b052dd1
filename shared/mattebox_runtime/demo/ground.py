"""The road with its markings, the sidewalks, and where the crossings are."""

from collections.abc import Iterator
from itertools import pairwise

from mattebox_runtime.demo import labels
from mattebox_runtime.demo.labels import RGB
from mattebox_runtime.demo.stage import Stage

CURB_X = 6.5
WALL_X = 11.5
KERB_HEIGHT = 0.15
CROSSING_EVERY = 84.0
CROSSING_LENGTH = 12.0

_ASPHALT: RGB = (99, 97, 104)
_PAVING: RGB = (181, 170, 158)
_KERB: RGB = (206, 196, 184)
_GRASS: RGB = (128, 146, 84)
_PAINT: RGB = (238, 234, 224)
_FAR = 420.0
_NO_LENGTH = 0.02


def crossings(first: float, last: float) -> Iterator[float]:
    """Give where the cross streets between two depths begin."""
    number = int((first - CROSSING_LENGTH) // CROSSING_EVERY)
    while (start := number * CROSSING_EVERY + 42.0) < last:
        if start + CROSSING_LENGTH > first:
            yield start
        number += 1


def draw_ground(stage: Stage) -> None:
    """Draw everything that lies flat, out to the horizon."""
    for near, far in _strips(stage.camera.z):
        _draw_strip(stage, near, far)
    _draw_wear(stage)
    _draw_joints(stage)
    _draw_lines(stage)
    for start in crossings(stage.camera.z, stage.camera.z + _FAR):
        _draw_zebra(stage, start - 3.6)
        _draw_zebra(stage, start + CROSSING_LENGTH + 0.6)


def _strips(camera_z: float) -> list[tuple[float, float]]:
    breaks = {camera_z + 1.2 * 1.16**step for step in range(40)}
    for start in crossings(camera_z, camera_z + _FAR):
        breaks |= {max(start, camera_z + 1.2), start + CROSSING_LENGTH}
    ordered = sorted(breaks, reverse=True)
    return [(near, far) for far, near in pairwise(ordered) if far - near > _NO_LENGTH]


def _draw_strip(stage: Stage, near: float, far: float) -> None:
    middle = (near + far) / 2
    is_crossing = any(start <= middle <= start + CROSSING_LENGTH for start in crossings(near - 1, far + 1))
    reach = 90.0 if is_crossing else CURB_X
    with stage.drawing(labels.TERRAIN):
        stage.face(_flat(-200, 200, near, far, 0), _GRASS)
    with stage.drawing(labels.ROAD):
        stage.face(_flat(-reach, reach, near, far, 0), _ASPHALT)
    if is_crossing:
        return
    with stage.drawing(labels.SIDEWALK):
        for side in (-1, 1):
            stage.face(_flat(side * CURB_X, side * (WALL_X + 6), near, far, KERB_HEIGHT), _PAVING)
            kerb = [(side * CURB_X, y, z) for y, z in ((0, near), (KERB_HEIGHT, near), (KERB_HEIGHT, far), (0, far))]
            stage.face(kerb, _KERB if side > 0 else (150, 142, 140))
            stage.face(_flat(side * CURB_X, side * (CURB_X + 0.25), near, far, KERB_HEIGHT), _KERB)


def _flat(left: float, right: float, near: float, far: float, y: float) -> list[tuple[float, float, float]]:
    return [(left, y, near), (right, y, near), (right, y, far), (left, y, far)]


def _pieces(stage: Stage, length: float, reach: float) -> Iterator[tuple[float, float]]:
    """Cut the way ahead into pieces short enough to follow the bend."""
    start = stage.camera.z + 0.7
    while start < stage.camera.z + reach:
        yield start, start + length
        start += length
        length *= 1.25


def _draw_wear(stage: Stage) -> None:
    for near, far in reversed(list(_pieces(stage, 4.0, 120))):
        for lane in (-2.15, 2.15):
            for wheel in (-0.75, 0.75):
                stage.face(_flat(lane + wheel - 0.3, lane + wheel + 0.3, near, far, 0), (70, 68, 76), opacity=0.16)
            stage.face(_flat(lane - 0.22, lane + 0.22, near, far, 0), (60, 58, 66), opacity=0.12)


def _draw_joints(stage: Stage) -> None:
    first = int(stage.camera.z // 2)
    for row in range(first + 24, first, -1):
        z = row * 2.0
        if any(start - 0.1 <= z <= start + CROSSING_LENGTH for start in crossings(z - 1, z + 1)):
            continue
        for side in (-1, 1):
            joint = _flat(side * (CURB_X + 0.25), side * WALL_X, z, z + 0.05, KERB_HEIGHT)
            stage.face(joint, (120, 108, 100), opacity=0.45)


def _draw_lines(stage: Stage) -> None:
    first = int(stage.camera.z // 8)
    open_stretches = list(crossings(stage.camera.z, stage.camera.z + _FAR))

    def is_free(z: float) -> bool:
        return not any(start - 5 <= z <= start + CROSSING_LENGTH + 4 for start in open_stretches)

    with stage.drawing(labels.MARKING):
        for dash in range(first + 30, first - 1, -1):
            if is_free(dash * 8.0) and is_free(dash * 8.0 + 3.4):
                stage.face(_flat(-0.08, 0.08, dash * 8.0, dash * 8.0 + 3.4, 0), _PAINT)
        for half in range(first * 4 + 70, first * 4 - 1, -1):
            if is_free(half * 2.0) and is_free(half * 2.0 + 2):
                for x in (-4.35, 4.35):
                    stage.face(_flat(x - 0.06, x + 0.06, half * 2.0, half * 2.0 + 2.0, 0), _PAINT)


def _draw_zebra(stage: Stage, start: float) -> None:
    with stage.drawing(labels.MARKING):
        for bar in range(-6, 7):
            stage.face(_flat(bar * 0.95 - 0.27, bar * 0.95 + 0.27, start, start + 3.0, 0), _PAINT)
