"""What Mattebox cannot go below: the floor with the decoders it has, which read PNG faster than Pillow does."""

from benchmarks.render_inputs import Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import decoded, preview_size, saved
from benchmarks.render_peers.engine import spec_of
from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.masks import decode_mask
from mattebox_renderer.render.source import decode_source

NAME = "floor (Mattebox's codecs)"


def prepare(job: Job) -> Draw:
    """Give a draw that draws nothing: the preview was reduced beforehand."""
    spec, _ = spec_of(job)
    source = decoded(job.source)
    preview = source.convert("RGB").resize(preview_size(job, *source.size))
    if job.is_matte:
        preview.putalpha(decoded(job.mask).convert("L").resize(preview.size))

    def draw() -> bytes:
        decode_source(job.source, spec.source, job.size, Limits())
        decode_mask(job.mask, spec.masks[0], Limits())
        return saved(preview, job)

    return draw
