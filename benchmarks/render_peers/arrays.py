"""What every script of this kind has: bytes to arrays, values to label numbers, arrays to bytes; Pillow and NumPy."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.render_inputs import Job

Array = npt.NDArray[Any]


def decoded(data: bytes) -> Image.Image:
    """Give the decoded image."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def mask_array(job: Job) -> Array:
    """Decode the mask: (h, w) numbers, or (h, w, 3) colours."""
    image = decoded(job.mask)
    return np.asarray(image.convert("RGB") if job.has_colors else image)


def labeller(job: Job) -> Callable[[Array], Array]:
    """Give what turns mask pixels into label numbers, the place in `job.ids` plus 1, 0 for none, by one lookup."""
    table = np.zeros(1 << (24 if job.has_colors else 16), np.uint8)
    table[job.ids] = np.arange(1, len(job.ids) + 1)
    shifts = np.array([1, 1 << 8, 1 << 16], np.uint32)

    def labels(pixels: Array) -> Array:
        if pixels.ndim == 3:
            pixels = (pixels * shifts).sum(axis=2, dtype=np.uint32)
        found: Array = table[pixels]
        return found

    return labels


def painted(job: Job) -> Array:
    """Give the (labels + 1, 3) colours by label number."""
    return np.concatenate([np.zeros((1, 3), np.uint8), job.colors])


def preview_size(job: Job, width: int, height: int) -> tuple[int, int]:
    """Give the size of the preview."""
    scale = 1.0 if job.size is None else min(1.0, job.size / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def saved(image: Image.Image, job: Job) -> bytes:
    """Encode a preview with the settings that all of these scripts share with Mattebox."""
    out = io.BytesIO()
    if job.format == "jpeg":
        image.save(out, "JPEG", quality=85)
    else:
        image.save(out, "WEBP", quality=80, method=0)
    return out.getvalue()
