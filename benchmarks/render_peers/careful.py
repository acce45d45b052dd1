"""A careful NumPy script: one lookup for all labels, float32, full resolution, then reduced."""

import numpy as np
from PIL import Image

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import decoded, labeller, mask_array, painted, preview_size, saved

NAME = "careful NumPy"


def prepare(job: Job) -> Draw:
    """Give a draw with a table of colours and one of opacities."""
    labels = labeller(job)
    colors = painted(job).astype(np.float32)
    opacities = np.where(np.arange(len(colors)) > 0, np.float32(OPACITY), np.float32(0))[:, None]

    def draw() -> bytes:
        picture = decoded(job.source).convert("RGB")
        if job.is_matte:
            picture.putalpha(decoded(job.mask).convert("L"))
        else:
            found = labels(mask_array(job))
            out = np.asarray(picture).astype(np.float32)
            out += (colors[found] - out) * opacities[found]
            picture = Image.fromarray(np.rint(out).astype(np.uint8))
        size = preview_size(job, *picture.size)
        return saved(picture.resize(size, Image.Resampling.BOX) if picture.size != size else picture, job)

    return draw
