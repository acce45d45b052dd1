"""A street in metres, seen by a camera: x to the right, y up, z ahead along the road."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import cos, exp, hypot, pi, sin
from typing import NamedTuple

from mattebox_runtime.demo.canvas import Point, Shape
from mattebox_runtime.demo.labels import RGB

Point3 = tuple[float, float, float]

HAZE: RGB = (250, 219, 184)
_HAZE_M = 210.0
_NEAR_M = 0.6
_HORIZON = 0.47
_FOCAL = 0.80


class Camera(NamedTuple):
    """Where the frame is seen from, and its size in pixels."""

    width: int
    height: int
    z: float = 0.0
    x: float = 2.0
    y: float = 1.55
    bend: float = 0.0
    """How far the road swings to the right, in metres per squared metre ahead."""

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        return _FOCAL * max(self.width, self.height * 16 / 9)

    @property
    def horizon(self) -> float:
        """Row of the horizon."""
        return _HORIZON * self.height


def mixed(color: RGB, other: RGB, share: float) -> RGB:
    """Mix `share` of another colour into one."""
    rest = 1 - share
    return (
        int(color[0] * rest + other[0] * share + 0.5),
        int(color[1] * rest + other[1] * share + 0.5),
        int(color[2] * rest + other[2] * share + 0.5),
    )


def lit(color: RGB, light: float) -> RGB:
    """Scale a colour by the light that falls on it."""
    return (
        min(255, int(color[0] * light + 0.5)),
        min(255, int(color[1] * light + 0.5)),
        min(255, int(color[2] * light + 0.5)),
    )


class Stage:
    """Collects the shapes of one frame, far ones first."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.shapes: list[Shape] = []
        self.shadows: list[list[Point]] = []
        self._code: int | None = None
        self._focal = camera.focal

    @contextmanager
    def drawing(self, label: int, instance: int = 0) -> Iterator[None]:
        """Give what is drawn inside a label and, for things that are counted, a number."""
        self._code = label | instance << 8
        try:
            yield
        finally:
            self._code = None

    def face(self, points: Sequence[Point3], color: RGB, *, detail: bool = False, opacity: float = 1.0) -> None:
        """Draw a polygon of the world; one that lies behind the camera is left out, one that crosses it is cut."""
        visible = _clipped(points, self.camera.z + _NEAR_M)
        if len(visible) < 3:
            return
        flat = self._projected(visible)
        if self._is_beside(flat):
            return
        middle = (visible[0][2] + visible[-1][2] + visible[len(visible) // 2][2]) / 3
        self.flat(flat, self.hazed(color, middle), detail=detail, opacity=opacity)

    def flat(self, points: list[Point], color: RGB, *, detail: bool = False, opacity: float = 1.0) -> None:
        """Draw a polygon of the picture plane in exactly this colour."""
        fill = color if opacity >= 1 else (*color, round(255 * opacity))
        self.shapes.append(Shape(points, fill, None if detail or opacity < 1 else self._code))

    def shadow(self, points: Sequence[Point3]) -> None:
        """Darken a polygon of the ground."""
        visible = _clipped(points, self.camera.z + _NEAR_M)
        if len(visible) >= 3:
            self.shadows.append(self._projected(visible))

    def _projected(self, points: Sequence[Point3]) -> list[Point]:
        width, height, camera_z, camera_x, camera_y, bend = self.camera
        centre, horizon, focal = width / 2, _HORIZON * height, self._focal
        flat = []
        for x, y, z in points:
            ahead = z - camera_z
            scale = focal / ahead
            flat.append((centre + (x - camera_x + bend * ahead * ahead) * scale, horizon - (y - camera_y) * scale))
        return flat

    def _is_beside(self, points: list[Point]) -> bool:
        across = [x for x, _ in points]
        if min(across) > self.camera.width or max(across) < 0:
            return True
        down = [y for _, y in points]
        return min(down) > self.camera.height or max(down) < 0

    def disc(self, centre: Point3, radius: float, color: RGB, *, detail: bool = False, opacity: float = 1.0) -> None:
        """Draw a disc that faces the camera."""
        x, y, z = centre
        corners = 24 if self.pixels(radius, z) > 6 else 10
        turns = (2 * pi * corner / corners for corner in range(corners))
        points = [(x + radius * cos(turn), y + radius * sin(turn), z) for turn in turns]
        self.face(points, color, detail=detail, opacity=opacity)

    def limb(self, start: Point3, end: Point3, radius: float, color: RGB, *, detail: bool = False) -> None:
        """Draw a bar with round ends between two points of the same depth."""
        (x0, y0, z), (x1, y1, _) = start, end
        length = hypot(x1 - x0, y1 - y0) or 1.0
        across = ((y1 - y0) / length * radius, -(x1 - x0) / length * radius)
        along = ((x1 - x0) / length * radius, (y1 - y0) / length * radius)
        points = []
        for cx, cy, turn0 in ((x1, y1, 0.0), (x0, y0, pi)):
            for step in range(7):
                turn = turn0 + pi * step / 6
                points.append(
                    (
                        cx + across[0] * cos(turn) + along[0] * sin(turn),
                        cy + across[1] * cos(turn) + along[1] * sin(turn),
                        z,
                    )
                )
        self.face(points, color, detail=detail)

    def hazed(self, color: RGB, z: float) -> RGB:
        """Give a colour as it looks through the air between here and `z`."""
        return mixed(color, HAZE, 1 - exp(-max(0.0, z - self.camera.z) / _HAZE_M))

    def pixels(self, metres: float, z: float) -> float:
        """Give how long something at `z` looks; infinite for what is not ahead."""
        ahead = z - self.camera.z
        return self._focal * metres / ahead if ahead > 0 else float("inf")


def _clipped(points: Sequence[Point3], near: float) -> list[Point3]:
    if min(point[2] for point in points) >= near:
        return list(points)
    kept: list[Point3] = []
    for before, here in zip([points[-1], *points[:-1]], points, strict=True):
        if (before[2] >= near) != (here[2] >= near):
            share = (near - before[2]) / (here[2] - before[2])
            kept.append((before[0] + (here[0] - before[0]) * share, before[1] + (here[1] - before[1]) * share, near))
        if here[2] >= near:
            kept.append(here)
    return kept
