"""The script that everybody writes first: one comparison per label at full resolution, float64, a good thumbnail."""

import numpy as np
from PIL import Image

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import decoded, preview_size, saved

NAME = "naive Pillow + NumPy"


def prepare(job: Job) -> Draw:
    """Give a draw as tutorials have it."""

    def draw() -> bytes:
        picture = np.array(decoded(job.source).convert("RGB")).astype(np.float64)
        mask = decoded(job.mask)
        if job.is_matte:
            alpha = np.array(mask.convert("L"))
            out = Image.fromarray(np.dstack([picture, alpha]).astype(np.uint8))
        else:
            _paint(picture, mask, job)
            out = Image.fromarray(np.rint(picture).astype(np.uint8))
        size = preview_size(job, *out.size)
        return saved(out.resize(size, Image.Resampling.LANCZOS) if out.size != size else out, job)

    return draw


def _paint(picture: np.ndarray, mask: Image.Image, job: Job) -> None:
    pixels = np.array(mask if job.kind == "16-bit" else mask.convert("RGB"))
    for number, color in zip(job.ids.tolist(), job.colors, strict=True):
        if job.kind == "16-bit":
            here = pixels == number
        else:
            value = [number & 255, number >> 8 & 255, number >> 16] if job.has_colors else [number] * 3
            here = (pixels == value).all(axis=-1)
        picture[here] = picture[here] * (1 - OPACITY) + color * OPACITY
