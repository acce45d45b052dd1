"""Small inputs for the renderer: encoded pictures and masks, specs and label tables."""

import io
import mmap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from mattebox_renderer.outcome import Drawn
from mattebox_renderer.render import Limits, draw
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec
from mattebox_runtime.tables import Entry, ValueKind, pack_table, table_digest
from support.naive import NaiveEntry

VOID = bytes(0)


def encoded(image: Image.Image | np.ndarray, image_format: str = "PNG", **options: Any) -> bytes:
    """Encode a picture."""
    if isinstance(image, np.ndarray):
        image = Image.fromarray(image)
    body = io.BytesIO()
    image.save(body, image_format, **options)
    return body.getvalue()


def noise(width: int, height: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Give a random picture, (h, w, channels) or (h, w)."""
    shape = (height, width) if channels == 1 else (height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def blocks(width: int, height: int, values: Sequence[int], seed: int = 0) -> np.ndarray:
    """Give (h, w) uint8 ids in blocks of a few pixels, as labels come."""
    rng = np.random.default_rng(seed)
    coarse = rng.choice(np.array(values, np.uint8), (-(-height // 4), -(-width // 5)))
    return np.repeat(np.repeat(coarse, 4, axis=0), 5, axis=1)[:height, :width]


def table_entry(entry: NaiveEntry) -> Entry:
    """Turn a naive entry into one of a label table."""
    value = entry.value
    if isinstance(value, int):
        kind, packed = ValueKind.INTEGER, value
    else:
        kind = ValueKind.RGBA if len(value) == 4 else ValueKind.RGB
        packed = sum(channel << 8 * i for i, channel in enumerate(value))
    return Entry(packed, kind, entry.color, entry.opacity, entry.ignore, entry.hidden)


def packed_table(entries: Sequence[NaiveEntry]) -> bytes:
    """Pack naive entries into a label table."""
    return pack_table(table_entry(entry) for entry in entries)


def labelled(
    mask: bytes | Failure, entries: Sequence[NaiveEntry], mask_id: str = "m", opacity: float = 0.6, **fields: Any
) -> tuple[MaskSpec, bytes | Failure, bytes]:
    """Give a segmentation mask as `drawn` takes it."""
    table = packed_table(entries)
    spec = MaskSpec(mask_id, f"file:///{mask_id}", "segmentation", opacity, table=table_digest(table), **fields)
    return spec, mask, table


def matte(
    mask: bytes | Failure, mask_id: str = "a", opacity: float = 1.0, **fields: Any
) -> tuple[MaskSpec, bytes | Failure, bytes]:
    """Give an alpha mask as `drawn` takes it."""
    return MaskSpec(mask_id, f"file:///{mask_id}", "alpha", opacity, **fields), mask, VOID


def drawn(
    source: bytes | mmap.mmap,
    *masks: tuple[MaskSpec, bytes | Failure, bytes],
    limits: Limits = Limits(),  # noqa: B008
    source_fields: Mapping[str, Any] = {},
    **fields: Any,
) -> Drawn:
    """Draw a preview, full size and PNG unless told otherwise."""
    fields = {"size": None, "format": "png", **fields}
    spec = RenderSpec(SourceSpec("file:///source", **source_fields), tuple(mask[0] for mask in masks), **fields)
    tables = {table_digest(mask[2]): mask[2] for mask in masks}
    return draw(spec, source, [mask[1] for mask in masks], tables, limits)


def pixels(preview: Drawn) -> np.ndarray:
    """Decode a preview, (h, w, 3 or 4)."""
    with Image.open(io.BytesIO(preview.body)) as image:
        return np.asarray(image)
