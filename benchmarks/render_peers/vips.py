"""libvips: shrink on load, the mask by nearest, one lookup, one blend."""

import numpy as np
import pyvips

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import labeller, painted

NAME = "pyvips"


def prepare(job: Job) -> Draw:
    """Give a draw without a cache; how many threads it has is set by VIPS_CONCURRENCY."""
    pyvips.cache_set_max(0)
    labels = labeller(job)
    opacity = np.ones((len(job.ids) + 1, 1), np.uint8)
    opacity[0] = 0
    table = pyvips.Image.new_from_array(np.concatenate([painted(job), opacity], axis=1)[None])

    def draw() -> bytes:
        if job.size is None:
            picture = pyvips.Image.new_from_buffer(job.source, "", access="sequential")
        else:
            picture = pyvips.Image.thumbnail_buffer(job.source, job.size, height=job.size, size="down")
        mask = pyvips.Image.new_from_buffer(job.mask, "", access="sequential")
        factors = picture.width / mask.width, picture.height / mask.height
        if job.is_matte:
            grey = mask if mask.bands == 1 else mask.colourspace("b-w")
            alpha = grey.resize(factors[0], vscale=factors[1])
            return _saved(picture.bandjoin(alpha), job)
        if mask.width != picture.width:
            mask = mask.resize(factors[0], vscale=factors[1], kernel="nearest")
        if mask.bands == 4:
            mask = mask.extract_band(0, n=3)
        # Declared colours are too many for a lookup of its own: NumPy has one.
        found = pyvips.Image.new_from_array(labels(mask.numpy()))
        paint = found.maplut(table)
        blended = picture * (1 - OPACITY) + paint.extract_band(0, n=3) * OPACITY
        return _saved(paint.extract_band(3).ifthenelse(blended.rint().cast("uchar"), picture), job)

    return draw


def _saved(picture: pyvips.Image, job: Job) -> bytes:
    picture = picture.copy(interpretation="srgb")
    if job.format == "jpeg":
        return bytes(picture.jpegsave_buffer(Q=85, keep="none"))
    return bytes(picture.webpsave_buffer(Q=80, effort=0, keep="none"))
