"""The render spec: everything that decides the pixels of one preview, and the key that names them.

The registry resolves a frame, its version's mapping and a query into a spec; the renderer draws a spec. Neither needs
to know the other's half.
"""

from hashlib import blake2b
from typing import Literal

import msgspec

from mattebox.models import MaskEncoding
from mattebox_runtime import codec

RENDER_VERSION = 4
"""Raised whenever the same spec would give other pixels, so that older previews are not taken for new ones."""

KEY_BYTES = 16

MAX_INDEX = 2**16 - 1
"""The last entry of a table that an index map tells from others."""

PreviewFormat = Literal["webp", "jpeg", "png"]
DrawnFormat = Literal[PreviewFormat, "index"]
"""`index`: no picture, but the index map of the one mask (docs/rendering.md), a grey PNG."""

CONTENT_TYPES: dict[DrawnFormat, str] = {
    "webp": "image/webp",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "index": "image/png",
}


class SourceSpec(msgspec.Struct, frozen=True, array_like=True):
    """Where the picture comes from."""

    uri: str
    timestamp: float | None = None
    """Milliseconds into a video."""
    content_type: str | None = None


class MaskSpec(msgspec.Struct, frozen=True, array_like=True):
    """One mask and how it is applied; `auto` modes are already decided."""

    id: str
    uri: str
    mode: Literal["segmentation", "alpha"]
    opacity: float
    timestamp: float | None = None
    content_type: str | None = None
    encoding: MaskEncoding = "auto"
    tint: str | None = None
    """`#rrggbb`, alpha mode only."""
    table: bytes | None = None
    """Digest of the label table, segmentation mode only."""


class RenderSpec(msgspec.Struct, frozen=True):
    """One preview, completely described."""

    source: SourceSpec
    masks: tuple[MaskSpec, ...] = ()
    size: int | None = 640
    """Longest side in pixels; None: full size."""
    format: DrawnFormat = "webp"
    background: str | None = "#000000"
    """`#rrggbb` behind alpha masks; None: transparent."""
    unmapped: str | None = None
    """`#rrggbb` for pixels without an entry; None: not painted."""
    outline: int = 0
    """Width of painted label borders in pixels."""

    def encode(self) -> bytes:
        """Give the canonical bytes of this spec: equal specs, equal bytes."""
        return _encoder.encode(self)

    def tables(self) -> frozenset[bytes]:
        """Give the digests of the label tables that are needed."""
        return frozenset([mask.table for mask in self.masks if mask.table is not None])


def unpainted(mask: MaskSpec, values: bytes | None) -> MaskSpec:
    """Leave of a mask what decides which entry a pixel belongs to.

    `values` is the digest of its table without its paint (`tables.strip_paint`).
    """
    return MaskSpec(
        mask.id, mask.uri, mask.mode, 1.0, mask.timestamp, mask.content_type, encoding=mask.encoding, table=values
    )


def index_spec(source: SourceSpec, mask: MaskSpec, size: int | None, values: bytes | None) -> RenderSpec:
    """Describe the index map of a mask in previews of a size; `values` as of `unpainted`."""
    return RenderSpec(source=source, masks=(unpainted(mask, values),), size=size, format="index", background=None)


class _Masks(msgspec.Struct):
    """What of a spec refers to label tables."""

    masks: list[MaskSpec]


_masks_decoder = msgspec.msgpack.Decoder(_Masks)
_decoder = msgspec.msgpack.Decoder(RenderSpec)
_encoder = msgspec.msgpack.Encoder()
# Copied for each key: setting up a digest with its parameters takes as long as all the rest of it.
_no_digest = blake2b(digest_size=KEY_BYTES, salt=RENDER_VERSION.to_bytes(4, "big"))


def decode_spec(data: bytes) -> RenderSpec:
    """Read a spec that `RenderSpec.encode` wrote; fields of a newer build are ignored.

    Raises:
        CodecError: not a spec.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        msg = f"not a render spec: {error}"
        raise codec.CodecError(msg) from error


def preview_key(encoded_spec: bytes) -> bytes:
    """Name the pixels of an encoded spec: KEY_BYTES of BLAKE2b over the render version and the spec."""
    digest = _no_digest.copy()
    digest.update(encoded_spec)
    return digest.digest()


def table_digests(encoded_spec: bytes) -> frozenset[bytes]:
    """Give the digests of the label tables that an encoded spec needs, without reading the rest of it.

    Raises:
        CodecError: not a spec.
    """
    try:
        masks = _masks_decoder.decode(encoded_spec).masks
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        msg = "not a render spec"
        raise codec.CodecError(msg) from error
    return frozenset([mask.table for mask in masks if mask.table is not None])
