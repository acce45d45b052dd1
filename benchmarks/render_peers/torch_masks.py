"""torchvision's draw_segmentation_masks: one boolean mask per label at full resolution."""

import numpy as np
import torch
from PIL import Image
from torchvision.utils import draw_segmentation_masks

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import decoded, labeller, mask_array, preview_size, saved

NAME = "torchvision"


def prepare(job: Job) -> Draw | None:
    """Give a draw on one thread; mattes it does not know."""
    if job.is_matte:
        return None
    torch.set_num_threads(1)
    labels = labeller(job)

    def draw() -> bytes:
        picture = torch.from_numpy(np.array(decoded(job.source).convert("RGB"))).permute(2, 0, 1)
        found = torch.from_numpy(labels(mask_array(job)))
        present = torch.unique(found)
        present = present[present > 0]
        colors = [tuple(job.colors[i - 1].tolist()) for i in present.tolist()]
        painted = draw_segmentation_masks(picture, found == present[:, None, None], alpha=OPACITY, colors=colors)
        out = Image.fromarray(painted.permute(1, 2, 0).contiguous().numpy())
        size = preview_size(job, *out.size)
        return saved(out.resize(size, Image.Resampling.BOX) if out.size != size else out, job)

    return draw
