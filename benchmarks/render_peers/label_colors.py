"""scikit-image's label2rgb over the picture at full resolution."""

import numpy as np
from PIL import Image
from skimage.color import label2rgb

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import decoded, labeller, mask_array, preview_size, saved

NAME = "scikit-image label2rgb"


def prepare(job: Job) -> Draw | None:
    """Give a draw with the colours of the labels found, in their order; mattes it does not know."""
    if job.is_matte:
        return None
    labels = labeller(job)

    def draw() -> bytes:
        picture = np.asarray(decoded(job.source).convert("RGB"))
        found = labels(mask_array(job))
        present = np.unique(found)
        colors = job.colors[present[present > 0] - 1] / 255
        painted = label2rgb(found, picture, colors=colors, alpha=OPACITY, bg_label=0, bg_color=None, saturation=1)
        out = Image.fromarray(np.rint(painted * 255).astype(np.uint8))
        size = preview_size(job, *out.size)
        return saved(out.resize(size, Image.Resampling.BOX) if out.size != size else out, job)

    return draw
