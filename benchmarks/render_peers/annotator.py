"""supervision's MaskAnnotator: one boolean mask per label at full resolution."""

import numpy as np
import supervision as sv
from PIL import Image

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import decoded, labeller, mask_array, preview_size, saved

NAME = "supervision MaskAnnotator"


def prepare(job: Job) -> Draw | None:
    """Give a draw with its own blending; mattes it does not know."""
    if job.is_matte:
        return None
    labels = labeller(job)
    palette = sv.ColorPalette([sv.Color(*color) for color in job.colors[:, ::-1].tolist()])
    annotator = sv.MaskAnnotator(color=palette, opacity=OPACITY, color_lookup=sv.ColorLookup.CLASS)

    def draw() -> bytes:
        picture = np.array(decoded(job.source).convert("RGB"))
        found = labels(mask_array(job))
        present = np.unique(found)
        present = present[present > 0]
        masks = found == present[:, None, None]
        boxes = np.tile(np.array([0, 0, *found.shape[::-1]], np.float32), (len(present), 1))
        detections = sv.Detections(xyxy=boxes, mask=masks, class_id=present.astype(int) - 1)
        out = Image.fromarray(annotator.annotate(picture, detections))
        size = preview_size(job, *out.size)
        return saved(out.resize(size, Image.Resampling.BOX) if out.size != size else out, job)

    return draw
