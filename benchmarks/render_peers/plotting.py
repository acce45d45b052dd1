"""matplotlib without a screen: the picture, the mask over it with alpha, the figure saved at the preview's size."""

from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from PIL import Image

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import decoded, labeller, mask_array, painted, preview_size

NAME = "matplotlib"
_DPI = 100


def prepare(job: Job) -> Draw | None:
    """Give a draw of two `imshow`; mattes it does not know."""
    if job.is_matte:
        return None
    labels = labeller(job)
    colors = np.concatenate([painted(job) / 255, np.full((len(job.ids) + 1, 1), OPACITY)], axis=1)
    colors[0, 3] = 0
    palette = ListedColormap(colors)

    def draw() -> bytes:
        picture = decoded(job.source).convert("RGB")
        found = labels(mask_array(job))
        width, height = preview_size(job, *picture.size)
        figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI)
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.imshow(np.asarray(picture), aspect="auto")
        axes.imshow(found, cmap=palette, vmin=0, vmax=len(colors) - 1, interpolation="nearest", aspect="auto")
        out = BytesIO()
        canvas.draw()
        drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        options = {"quality": 85} if job.format == "jpeg" else {"quality": 80, "method": 0}
        drawn.save(out, job.format.upper(), **options)
        return out.getvalue()

    return draw
