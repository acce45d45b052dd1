"""What no script around Pillow can go below: decode the source (reduced where JPEG can), the mask, encode a preview."""

from io import BytesIO

from PIL import Image

from benchmarks.render_inputs import Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import decoded, preview_size, saved

NAME = "floor (Pillow's codecs)"


def prepare(job: Job) -> Draw:
    """Give a draw that draws nothing: the preview was reduced beforehand."""
    source = decoded(job.source)
    size = preview_size(job, *source.size)
    preview = source.convert("RGB").resize(size)
    if job.is_matte:
        preview.putalpha(decoded(job.mask).convert("L").resize(size))

    def draw() -> bytes:
        image = Image.open(BytesIO(job.source))
        image.draft(None, size)
        image.load()
        decoded(job.mask)
        return saved(preview, job)

    return draw
