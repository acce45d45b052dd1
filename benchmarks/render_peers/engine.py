"""Mattebox: the pure engine, with the exact report and smooth edges."""

import numpy as np

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from mattebox_renderer.render import draw
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec
from mattebox_runtime.tables import Entry, ValueKind, pack_table, table_digest

NAME = "Mattebox"


def prepare(job: Job) -> Draw:
    """Give a draw by the rules of docs/rendering.md."""
    spec, tables = spec_of(job)
    return lambda: draw(spec, job.source, [job.mask], tables).body


def spec_of(job: Job) -> tuple[RenderSpec, dict[bytes, bytes]]:
    """Give the spec of a job and its label table."""
    if job.is_matte:
        mask = MaskSpec("m", "file:///mask", "alpha", 1.0)
        return RenderSpec(SourceSpec("file:///source"), (mask,), job.size, job.format, background=None), {}
    kind = ValueKind.RGB if job.kind in {"P", "RGB"} else ValueKind.INTEGER
    colors = np.asarray(job.colors).tolist()
    table = pack_table(Entry(int(i), kind, (r, g, b), 1.0) for i, (r, g, b) in zip(job.ids, colors, strict=True))
    digest = table_digest(table)
    encoding = "panoptic" if job.kind == "panoptic" else "auto"
    mask = MaskSpec("m", "file:///mask", "segmentation", OPACITY, encoding=encoding, table=digest)
    return RenderSpec(SourceSpec("file:///source"), (mask,), job.size, job.format), {digest: table}
