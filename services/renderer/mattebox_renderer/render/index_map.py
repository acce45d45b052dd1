"""Index maps: which entry each pixel of a preview belongs to, so that a viewer can colour and name it by itself.

Entry i of the mask's label table is i + 1; 0 is what no entry declares. An ignored entry keeps its number, so that its
pixels can be told from unmapped ones. Ids are sampled, never averaged. The map of an alpha mask is its opacity,
averaged as in a preview.
"""

import struct
import zlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.outcome import Drawn, DrawRefused
from mattebox_renderer.render.alpha import fit_alpha, read_alpha
from mattebox_renderer.render.images import decoding
from mattebox_renderer.render.limits import ContentRefused, Limits
from mattebox_renderer.render.masks import decode_mask, read_pixels, turn_with_source
from mattebox_renderer.render.runs import Runs, expand
from mattebox_renderer.render.scale import Size, nearest, preview_size
from mattebox_renderer.render.segmentation import Segmented, segment
from mattebox_renderer.render.sniff import Buffer
from mattebox_renderer.render.source import measure_source
from mattebox_renderer.render.values import Table, read_table
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import CONTENT_TYPES, MAX_INDEX, RenderSpec

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_GREYSCALE: Final = 0


def draw_index_map(
    spec: RenderSpec, source: Buffer, mask: Buffer | Failure, tables: Mapping[bytes, bytes], limits: Limits
) -> Drawn:
    """Draw the index map of the spec's one mask; of the source only its size is wanted.

    Raises:
        DrawRefused: source or mask cannot be read.
    """
    (wanted,) = spec.masks
    if isinstance(mask, Failure):
        raise DrawRefused(mask.code)
    try:
        size, turn = measure_source(source, spec.source, limits)
    except ContentRefused as refusal:
        raise refusal_of_source(refusal) from refusal
    preview = preview_size(size, spec.size)
    try:
        decoded = turn_with_source(decode_mask(mask, wanted, limits), turn, size)
        if wanted.mode == "alpha":
            with decoding():
                body = opacity_map(read_alpha(decoded.image), size, preview)
        else:
            table = read_table(tables[wanted.table] if wanted.table is not None else b"")
            segmented = segment(read_pixels(decoded), table, wanted.encoding, is_lossy=decoded.lossy)
            body = label_map(segmented, table, preview)
    except ContentRefused as refusal:
        raise DrawRefused(f"mask_{refusal.reason}") from refusal
    return Drawn("ready", body, CONTENT_TYPES["index"], *preview, report={})


def refusal_of_source(refusal: ContentRefused) -> DrawRefused:
    """Tell the refusal of a source as that of the whole draw."""
    unsupported = refusal.reason == "unsupported_type"
    return DrawRefused(refusal.reason, state="unsupported" if unsupported else "failed")


def label_map(segmented: Segmented, table: Table, preview: Size) -> bytes:
    """Give the index map of a segmentation mask: a grey PNG, of 16 bits where the table has more than 255 entries."""
    count = len(table.values)
    indices = np.arange(count + 1)
    indices[MAX_INDEX + 1 :] = 0
    indices = indices.astype(np.uint8 if count < 2**8 else np.uint16)
    return grey_png(sample(segmented.runs, np.take(indices, segmented.entries + 1), preview))


def opacity_map(alpha: Image.Image, source: Size, preview: Size) -> bytes:
    """Give the index map of an alpha mask's plane: a grey PNG of 8 bits, 255 where the source shows through."""
    return grey_png(fit_alpha(alpha, preview, exact=preview == source))


def sample(runs: Runs, values: npt.NDArray[Any], size: Size) -> npt.NDArray[Any]:
    """Give what `stretch` makes of the array that has `values[i]` all along run i, at the cost of its runs."""
    height, width = runs.shape
    if (width, height) == size:
        return expand(runs, values)
    rows = nearest(height, size[1])
    # Keys of the same type, or the search would first convert all runs.
    row_starts = (np.arange(height + 1) * width).astype(runs.starts.dtype)
    firsts = np.searchsorted(runs.starts, row_starts)
    counts = np.diff(firsts)[rows]
    before = np.cumsum(counts) - counts
    chosen = np.arange(counts.sum()) + np.repeat(firsts[rows] - before, counts)
    # A run begins at the first column whose sample lies in it or after it.
    columns = np.searchsorted(nearest(width, size[0]), np.arange(width))
    begins = columns[runs.starts[chosen] % width] + np.repeat(np.arange(size[1]) * size[0], counts)
    lengths = np.diff(begins, append=size[0] * size[1])
    return np.repeat(values[chosen], lengths).reshape(size[::-1])


def grey_png(samples: npt.NDArray[Any]) -> bytes:
    """Encode an (h, w) array of uint8 or uint16 losslessly.

    Rows as they are and run-length matches alone: for masks a third of the time that Pillow takes to try each filter on
    each row, and smaller.
    """
    height, width = samples.shape
    bits = 8 * samples.dtype.itemsize
    row_bytes = width * samples.dtype.itemsize
    rows = np.zeros((height, 1 + row_bytes), np.uint8)
    rows[:, 1:] = np.ascontiguousarray(samples, samples.dtype.newbyteorder(">")).view(np.uint8)
    packer = zlib.compressobj(level=1, strategy=zlib.Z_RLE)
    header = struct.pack(">IIBBBBB", width, height, bits, _GREYSCALE, 0, 0, 0)
    data = packer.compress(rows.data) + packer.flush()
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
