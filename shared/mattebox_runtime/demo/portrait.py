"""A lion in the wind before a blurred evening, with its exact alpha matte: hair is what mattes are for."""

from collections.abc import Callable
from math import cos, pi, sin
from random import Random
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from mattebox_runtime.demo.canvas import SUPERSAMPLING, Point
from mattebox_runtime.demo.labels import RGB
from mattebox_runtime.demo.stage import lit, mixed

SIZE = (960, 720)

_STRANDS = 5200
_JOINTS = 7
_HEAD = (0.5, 0.52)
_TIP_OPACITY = 120


class _Coat(NamedTuple):
    roots: RGB
    tips: RGB
    face: RGB
    evening: tuple[RGB, RGB]


_COATS = (
    _Coat((112, 52, 22), (232, 164, 76), (222, 166, 100), ((38, 54, 74), (240, 150, 84))),
    _Coat((70, 40, 30), (176, 106, 58), (206, 156, 104), ((44, 62, 52), (236, 206, 132))),
    _Coat((150, 136, 120), (248, 240, 226), (238, 228, 208), ((48, 40, 72), (214, 136, 150))),
)


class Portrait(NamedTuple):
    """A picture and the opacity of its subject."""

    picture: Image.Image
    """RGB."""
    matte: Image.Image
    """L: 255 where only the subject is seen, 0 where only the background is."""


def draw_portrait(index: int, size: tuple[int, int] = SIZE, *, seed: int = 7) -> Portrait:
    """Draw moment `index` of the wind; the coat changes every few moments."""
    coat = _COATS[index // 2 % len(_COATS)]
    lion = _Lion(size, coat, wind=0.5 + 0.5 * sin(index * 1.1), seed=seed)
    lion.draw()
    subject, matte = lion.color.reduce(SUPERSAMPLING), lion.alpha().reduce(SUPERSAMPLING)
    background = _draw_evening(size, coat, seed + index // 2)
    return Portrait(Image.composite(subject, background, matte), matte)


def _draw_evening(size: tuple[int, int], coat: _Coat, seed: int) -> Image.Image:
    width, height = size
    top, bottom = (np.array(color, np.float32) for color in coat.evening)
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None, None] ** 1.4
    gradient = np.broadcast_to(top + (bottom - top) * rows, (height, width, 3))
    evening = Image.fromarray(gradient.astype(np.uint8))
    dice = Random(f"evening {seed}")  # noqa: S311 - a drawing, not a secret
    draw = ImageDraw.Draw(evening, "RGBA")
    for _ in range(34):
        x, y, radius = dice.uniform(0, width), dice.uniform(0.1, 1.0) * height, dice.uniform(0.02, 0.075) * height
        glow = mixed(coat.evening[1], (255, 244, 214), dice.uniform(0.1, 0.7))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), (*glow, dice.randrange(24, 92)))
    return evening.filter(ImageFilter.GaussianBlur(height / 160))


class _Lion:
    def __init__(self, size: tuple[int, int], coat: _Coat, *, wind: float, seed: int) -> None:
        width, height = (side * SUPERSAMPLING for side in size)
        self.color = Image.new("RGB", (width, height), mixed(coat.roots, coat.tips, 0.7))
        self._solid = Image.new("L", (width, height), 0)
        self._tips = Image.new("L", (width, height), 0)
        self._paint, self._cover, self._thin = (ImageDraw.Draw(i) for i in (self.color, self._solid, self._tips))
        self._coat, self._wind = coat, wind
        self._dice = Random(f"lion {seed}")  # noqa: S311 - a drawing, not a secret
        self._centre = (_HEAD[0] * width, _HEAD[1] * height)
        self._unit = height / 100

    def alpha(self) -> Image.Image:
        return ImageChops.lighter(self._solid, self._tips)

    def draw(self) -> None:
        self._draw_chest()
        for strand in range(_STRANDS):
            self._draw_strand(1 - strand / _STRANDS)
        self._draw_ears()
        self._draw_face()
        for strand in range(_STRANDS // 3):
            self._draw_brow_hair(strand / (_STRANDS / 3))
        self._draw_features()

    def _at(self, x: float, y: float) -> Point:
        return self._centre[0] + x * self._unit, self._centre[1] + y * self._unit

    def _blob(self, x: float, y: float, rx: float, ry: float, color: RGB) -> None:
        points = [self._at(x + rx * cos(2 * pi * k / 48), y + ry * sin(2 * pi * k / 48)) for k in range(48)]
        self._paint.polygon(points, color)
        self._cover.polygon(points, 255)

    def _draw_chest(self) -> None:
        self._blob(0, 40, 19, 34, self._coat.roots)
        self._blob(0, 4, 26, 27, self._coat.roots)

    def _draw_strand(self, depth: float) -> None:
        """Draw one hair of the mane; `depth` 1 is the outermost and hindmost."""
        dice = self._dice
        turn = dice.uniform(0, 2 * pi)
        start = 13 + 13 * depth * dice.uniform(0.6, 1.0)
        length = dice.uniform(7, 15) + 7 * depth + 9 * max(0.0, sin(turn)) * dice.random()
        curl, sway = dice.gauss(0, 0.35), self._wind * (4 + 5 * depth) * dice.uniform(0.4, 1.2)
        droop = 3.0 + 3 * dice.random()
        path = []
        for joint in range(_JOINTS):
            share = joint / (_JOINTS - 1)
            reach = start + length * share
            angle = turn + curl * share * share
            x = reach * cos(angle) * 1.02 + sway * share**2
            y = reach * sin(angle) * (0.98 + 0.3 * max(0.0, sin(turn)) ** 2) + droop * share**2
            path.append(self._at(x, y + 2))
        # The sun is low on the right: hair on that side is bright, and its tips most of all.
        side = 0.5 + 0.5 * cos(turn + 0.6)
        shine = 0.72 + 0.36 * side + dice.gauss(0, 0.10)
        body, tip = path[: _JOINTS - 2], path[_JOINTS - 3 :]
        thick = max(1, round(0.34 * self._unit * dice.uniform(0.5, 1.1)))
        for step in range(len(body) - 1):
            share = (step / _JOINTS) * (0.55 + 0.45 * depth) + 0.25 * (1 - depth)
            self._paint.line(body[step : step + 2], lit(mixed(self._coat.roots, self._coat.tips, share), shine), thick)
        self._cover.line(body, 255, thick)
        thin = max(1, thick // 2)
        self._paint.line(tip, lit(mixed(self._coat.roots, self._coat.tips, 0.55 + 0.45 * depth), shine * 1.12), thin)
        self._thin.line(tip[:2], 200, thin)
        self._thin.line(tip[1:], _TIP_OPACITY, thin)

    def _draw_ears(self) -> None:
        for side in (-1, 1):
            self._blob(side * 15.5, -17, 6.2, 6.4, lit(self._coat.face, 0.78 if side < 0 else 0.95))
            self._blob(side * 15.2, -16.2, 4.0, 4.3, mixed(self._coat.roots, (60, 34, 34), 0.4))
            self._tuft(side * 15, -14.5, side)

    def _tuft(self, x: float, y: float, side: int) -> None:
        for _ in range(60):
            dx, dy = self._dice.gauss(0, 1.6), self._dice.gauss(0, 1.2)
            start, end = self._at(x + dx, y + dy + 2), self._at(x + dx * 1.6 - side, y + dy - 3 * self._dice.random())
            self._paint.line([start, end], lit(self._coat.face, self._dice.uniform(0.85, 1.15)), 2)

    def _draw_face(self) -> None:
        face = self._coat.face
        outline: list[Point] = []
        for step in range(64):
            turn = 2 * pi * step / 64
            narrow = 1 - 0.20 * max(0.0, sin(turn)) ** 2
            outline.append(self._at(16.5 * cos(turn) * narrow, 1.5 + 20.5 * sin(turn)))
        self._paint.polygon(outline, lit(face, 0.92))
        self._fur((0.0, 0.0), (16, 19), lambda x: lit(face, 0.90 + 0.010 * x), 2600)

    def _fur(self, centre: Point, radii: Point, tone: Callable[[float], RGB], count: int) -> None:
        for _ in range(count):
            turn, share = self._dice.uniform(0, 2 * pi), self._dice.random() ** 0.5
            x, y = centre[0] + radii[0] * share * cos(turn), centre[1] + radii[1] * share * sin(turn)
            away = (x * 0.10, y * 0.10 + 0.5)
            color = lit(tone(x), self._dice.uniform(0.92, 1.08))
            self._paint.line([self._at(x, y), self._at(x + away[0], y + away[1])], color, 2)

    def _draw_brow_hair(self, share: float) -> None:
        """Draw the short hair that parts the face from the mane."""
        turn = self._dice.uniform(0, 2 * pi)
        reach = 15.5 + 3.5 * self._dice.random()
        length = 3 + 4.5 * self._dice.random()
        lean = self._wind * 1.5
        start = self._at(reach * cos(turn) * 0.98, 1.5 + (reach + 2.6) * sin(turn))
        end = self._at((reach + length) * cos(turn) + lean, 1.5 + (reach + 2.6 + length) * sin(turn) + 1)
        shine = 0.74 + 0.34 * (0.5 + 0.5 * cos(turn + 0.6)) + self._dice.gauss(0, 0.08)
        self._paint.line([start, end], lit(mixed(self._coat.face, self._coat.roots, 0.25 + 0.4 * share), shine), 3)

    def _draw_features(self) -> None:
        face, dark = self._coat.face, (44, 28, 26)
        pale = mixed(face, (255, 248, 236), 0.62)
        self._fur((0, -2), (4.6, 9), lambda _x: lit(face, 1.06), 700)
        for side in (-1, 1):
            self._blob(side * 4.3, 11.6, 5.6, 5.0, lit(pale, 0.96 if side < 0 else 1.02))
        self._blob(0, 16.6, 4.6, 3.8, lit(pale, 0.93))
        self._shape([(-4.4, 4.9), (4.4, 4.9), (2.6, 7.6), (0.6, 9.2), (-0.6, 9.2), (-2.6, 7.6)], (92, 50, 46))
        self._shape([(-3.6, 5.2), (3.6, 5.2), (2.8, 6.0), (-2.8, 6.0)], (140, 88, 80))
        self._stroke([(0, 9), (0, 12.4)], dark, 0.5)
        for side in (-1, 1):
            smile = [(side * 5.6 * k / 8, 12.4 + 1.7 * sin(pi * k / 8 * 0.8)) for k in range(9)]
            self._stroke(smile, dark, 0.5)
            self._draw_eye(side)
            for row in range(3):
                for column in range(3):
                    self._blob(side * (3.2 + 1.5 * column), 10.4 + 1.4 * row, 0.24, 0.24, mixed(pale, dark, 0.6))
            for row in range(4):
                lift = row * 1.6 - 3.2
                whisker = [(side * (5 + 13 * k / 6), 11 + lift * k / 6 + 2.0 * (k / 6) ** 2) for k in range(7)]
                self._stroke(whisker, (250, 246, 238), 0.14)

    def _draw_eye(self, side: int) -> None:
        x, y = side * 8.0, -3.6
        lid = [(x + 3.5 * cos(pi * k / 10), y - 2.1 * sin(pi * k / 10)) for k in range(11)]
        low = [(x - 3.5 * cos(pi * k / 10), y + 1.5 * sin(pi * k / 10)) for k in range(11)]
        self._shape([(px, py + (px - x) * side * -0.16) for px, py in lid + low], (40, 26, 24))
        self._blob(x, y - 0.2, 1.75, 1.75, (214, 150, 50))
        self._blob(x, y - 0.2, 1.2, 1.5, (240, 188, 88))
        self._blob(x, y - 0.3, 0.8, 0.85, (24, 18, 20))
        self._blob(x + 0.65, y - 0.95, 0.36, 0.36, (255, 252, 244))
        brow = [(x + side * (-3.4 + 7 * k / 6), y - 3.6 - 0.9 * sin(pi * k / 6)) for k in range(7)]
        self._stroke(brow, lit(self._coat.face, 0.72), 0.7)

    def _shape(self, points: list[Point], color: RGB) -> None:
        self._paint.polygon([self._at(x, y) for x, y in points], color)

    def _stroke(self, points: list[Point], color: RGB, width: float) -> None:
        flat = [self._at(x, y) for x, y in points]
        thickness = max(1, round(width * self._unit))
        self._paint.line(flat, color, thickness, joint="curve")
