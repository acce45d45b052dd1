"""Sky, sun, shade and grain: what NumPy does to the picture and no mask shows."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from mattebox_runtime.demo.canvas import SUPERSAMPLING, Point
from mattebox_runtime.demo.stage import Camera

FloatArray = npt.NDArray[np.float32]

SUN = (0.485, 0.345)
_DISC = 0.026
_ZENITH, _MIDDLE, _HORIZON = (96, 146, 196), (190, 205, 205), (255, 221, 176)
_GLOW = (255, 206, 138)
_SHADE = (0.50, 0.49, 0.62)
_GRAIN = 2.2


@lru_cache(maxsize=4)
def _sky(size: tuple[int, int], horizon: float, seed: int) -> Image.Image:
    width, height = size
    rows = np.clip(np.arange(height, dtype=np.float32) / horizon, 0, 1)
    columns = np.stack(
        [np.interp(rows, (0, 0.55, 1), stops) for stops in zip(_ZENITH, _MIDDLE, _HORIZON, strict=True)], axis=1
    )
    sky = np.repeat(columns[:, None, :].astype(np.float32), width, axis=1)
    clouds = _clouds(size, horizon, seed)[..., None]
    sky += (np.array((255, 238, 222), np.float32) - sky) * clouds
    sky += (np.array((255, 248, 226), np.float32) - sky) * np.clip((_DISC - _from_sun(size)) * height, 0, 1)[..., None]
    return Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8)).resize(
        (width * SUPERSAMPLING, height * SUPERSAMPLING)
    )


def _clouds(size: tuple[int, int], horizon: float, seed: int) -> FloatArray:
    """Layered noise, stretched sideways and thinner towards the zenith."""
    width, height = size
    dice = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    for octave, weight in ((4, 0.5), (8, 0.27), (16, 0.15), (32, 0.08)):
        noise = Image.fromarray(dice.random((octave * 3, octave), dtype=np.float32))
        total += weight * np.asarray(noise.resize(size, Image.Resampling.BICUBIC))
    rows = np.clip(np.arange(height, dtype=np.float32) / horizon, 0, 1)[:, None]
    cover = np.clip((total - 0.5) * 4.0, 0, 1) * np.interp(rows, (0, 0.35, 0.8, 1), (0.25, 0.8, 0.7, 0.2))
    return np.asarray(cover * 0.75, dtype=np.float32)


def sky_canvas(camera: Camera, seed: int) -> Image.Image:
    """Give a canvas of SUPERSAMPLING times the frame's size with the sky on it."""
    return _sky((camera.width, camera.height), camera.horizon, seed).copy()


def shade(canvas: Image.Image, shadows: list[list[Point]], camera: Camera) -> None:
    """Darken the canvas where shadows lie, with soft edges."""
    layer = Image.new("L", (camera.width, camera.height), 0)
    draw = ImageDraw.Draw(layer)
    for points in shadows:
        draw.polygon(points, 255)
    top = int(camera.horizon)
    softened = layer.filter(ImageFilter.GaussianBlur(camera.height / 500)).crop((0, top, camera.width, camera.height))
    box = (0, top * SUPERSAMPLING, *canvas.size)
    ground = canvas.crop(box)
    dark = Image.merge(
        "RGB", [band.point([round(v * k) for v in range(256)]) for band, k in zip(ground.split(), _SHADE, strict=True)]
    )
    canvas.paste(Image.composite(dark, ground, softened.resize(ground.size, Image.Resampling.BILINEAR)), box[:2])


def _from_sun(size: tuple[int, int]) -> FloatArray:
    """Give each pixel's distance from the sun, in heights of the picture."""
    width, height = size
    x = np.arange(width, dtype=np.float32)[None, :] / width
    y = np.arange(height, dtype=np.float32)[:, None] / height
    return np.hypot((x - SUN[0]) * (width / height), y - SUN[1]).astype(np.float32)


@lru_cache(maxsize=4)
def _air(size: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Give what sunlight in the air adds to each pixel and what it leaves of it, darker corners included."""
    width, height = size
    far = _from_sun(size)
    glow = 0.45 * np.exp(-far / 0.05) + 0.46 * np.exp(-far / 0.17) + 0.10 * np.exp(-far / 0.6)
    # Screened, as light scattered in front of the scene adds up.
    light = np.clip(glow, 0, 1)[..., None] * (np.array(_GLOW, np.float32) / 255)
    x, y = np.arange(width)[None, :] / width, np.arange(height)[:, None] / height
    corner = 1 - 0.16 * np.clip((2 * x - 1) ** 2 + (2 * y - 1) ** 2 - 0.35, 0, 2)[..., None]
    return (255 * light * corner).astype(np.float32), ((1 - light) * corner).astype(np.float32)


def develop(canvas: Image.Image, grain_seed: int) -> Image.Image:
    """Reduce the canvas to the frame's size, with sunlight in the air, darker corners and a little grain."""
    picture = np.asarray(canvas.reduce(SUPERSAMPLING), dtype=np.float32)
    height, width, _ = picture.shape
    added, kept = _air((width, height))
    picture *= kept
    picture += added
    grain = np.random.default_rng(grain_seed).standard_normal((height, width, 1), dtype=np.float32)
    picture += grain * np.float32(_GRAIN)
    return Image.fromarray(np.clip(picture, 0, 255, out=picture).astype(np.uint8))
