"""The leanest script that Pillow allows: reduced decode, the mask by nearest, a palette, one paste.

Hard edges, thin things broken, nothing counted: what Mattebox does beyond it is the price of smooth edges and the
report.
"""

from io import BytesIO

import numpy as np
from PIL import Image

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import decoded, labeller, painted, preview_size, saved

NAME = "leanest Pillow, nearest"


def prepare(job: Job) -> Draw:
    """Give a draw by Pillow's own blending."""
    labels = labeller(job)
    opacity = np.full((len(job.ids) + 1, 1), round(255 * OPACITY), np.uint8)
    opacity[0] = 0
    palette = np.concatenate([painted(job), opacity], axis=1).tobytes()

    def draw() -> bytes:
        picture = Image.open(BytesIO(job.source))
        size = preview_size(job, *picture.size)
        picture.draft("RGB", size)
        picture = picture.convert("RGB")
        if picture.size != size:
            picture = picture.resize(size, Image.Resampling.BOX)
        if job.is_matte:
            picture.putalpha(decoded(job.mask).resize(size, Image.Resampling.BOX).convert("L"))
            return saved(picture, job)
        image = decoded(job.mask)
        small = image if image.size == size else image.resize(size, Image.Resampling.NEAREST)
        overlay = Image.fromarray(labels(np.asarray(small.convert("RGB") if job.has_colors else small)))
        overlay.putpalette(palette, "RGBA")
        overlay = overlay.convert("RGBA")
        picture.paste(overlay, mask=overlay)
        return saved(picture, job)

    return draw
