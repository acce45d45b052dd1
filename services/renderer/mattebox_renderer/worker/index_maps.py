"""Index maps that were made beside a preview, named as the registry names those that it asks for."""

from collections.abc import Mapping

from mattebox_renderer.outcome import Drawn
from mattebox_runtime import codec
from mattebox_runtime.events import CachedPreview
from mattebox_runtime.spec import CONTENT_TYPES, MaskSpec, RenderSpec, index_spec, preview_key
from mattebox_runtime.tables import strip_paint, table_digest


def index_maps_of(spec: RenderSpec, tables: Mapping[bytes, bytes], drawn: Drawn) -> list[CachedPreview]:
    """Give the index maps beside a preview as they are cached."""
    return [
        CachedPreview(
            key=preview_key(index_spec(spec.source, mask, spec.size, values_of(mask, tables)).encode()),
            state="ready",
            content_type=CONTENT_TYPES["index"],
            width=drawn.width,
            height=drawn.height,
            body=body,
            report=codec.pack({}),
        )
        for mask, body in zip(spec.masks, drawn.index_maps, strict=False)
        if body is not None
    ]


def values_of(mask: MaskSpec, tables: Mapping[bytes, bytes]) -> bytes | None:
    """Give the digest of a mask's table without its paint, None where it has no table."""
    return None if mask.table is None else table_digest(strip_paint(tables[mask.table]))
