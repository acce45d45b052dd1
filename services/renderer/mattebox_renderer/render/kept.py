"""What is kept of a render so that its preview can be painted anew: nothing is fetched, decoded, mapped or reduced.

Kept are the picture below the segmentation masks, what covers each pixel of a preview, and the report, which colours do
not change. It travels through other processes, so nothing read back is trusted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, cast

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_renderer.render.coverage import Coverage, CoverageLayer, cover
from mattebox_renderer.render.layers import Layer, PaintedMask, Style, paint_table
from mattebox_renderer.render.reports import Report
from mattebox_renderer.render.scale import Size
from mattebox_renderer.render.sniff import Buffer
from mattebox_renderer.render.values import read_table
from mattebox_runtime.spec import RenderSpec


class NotKept(Exception):
    """The bytes are not what this build keeps."""


class _KeptLayer(msgspec.Struct, frozen=True, array_like=True):
    """The arrays of a Coverage."""

    item_bytes: Literal[1, 2, 4]
    codes: memoryview
    area: int
    pixels: memoryview
    firsts: memoryview
    share_codes: memoryview
    shares: memoryview


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """What is read of it are views, so that a megabyte is not copied."""

    mode: Literal["RGBX", "RGBA"]
    width: int
    height: int
    picture: memoryview
    layers: list[_KeptLayer]
    report: Report


class Scene(NamedTuple):
    """What a preview is painted from."""

    picture: Image.Image
    """Below the segmentation masks."""
    layers: Sequence[Layer]
    report: Report


_MAX_AREA: Final = 1 << 31
"""More pixels than any mask has that is decoded."""

_decoder = msgspec.msgpack.Decoder(_Kept)


def to_keep(masks: Sequence[PaintedMask]) -> list[CoverageLayer]:
    """Bring masks into the form in which they are kept, which paints the same."""
    return [CoverageLayer(cover(mask), mask.paint) for mask in masks]


def keep(scene: Scene) -> bytes:
    """Pack a scene whose layers are `to_keep`."""
    picture, layers, report = scene
    mode: Literal["RGBX", "RGBA"] = "RGBA" if picture.mode == "RGBA" else "RGBX"
    packed = [_pack(layer) for layer in layers if isinstance(layer, CoverageLayer)]
    pixels = memoryview(picture.tobytes("raw", mode))
    return msgspec.msgpack.encode(_Kept(mode, *picture.size, pixels, packed, report))


def read_kept(data: Buffer, spec: RenderSpec, tables: Mapping[bytes, bytes]) -> Scene:
    """Unpack what was kept, painted as the spec wants.

    Raises:
        NotKept: the bytes are nothing of the kind, or of another preview than that of the spec.
    """
    try:
        kept = _decoder.decode(data)
        size = (kept.width, kept.height)
        if min(size) < 1 or len(kept.picture) != 4 * kept.width * kept.height:
            raise NotKept
        picture = Image.frombuffer(kept.mode, size, cast("bytes", kept.picture), "raw", kept.mode, 0, 1)
        masks = [mask for mask in spec.masks if mask.mode == "segmentation"]
        layers: list[Layer] = []
        for layer, mask in zip(kept.layers, masks, strict=True):
            table = read_table(tables[mask.table] if mask.table is not None else b"")
            paint = paint_table(table, Style(mask.opacity, spec.unmapped, spec.outline))
            layers.append(_unpack(layer, paint, size))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NotKept from error
    return Scene(picture, layers, kept.report)


def _pack(layer: CoverageLayer) -> _KeptLayer:
    codes, area, *shared = layer.coverage
    return _KeptLayer(_item_bytes(codes), _view(codes), area, *map(_view, shared))


def _view(numbers: npt.NDArray[Any]) -> memoryview:
    return numbers.reshape(-1).view(np.uint8).data


def _unpack(layer: _KeptLayer, paint: npt.NDArray[np.float64], size: Size) -> Layer:
    width, height = size
    codes = _codes(layer, layer.codes, paint).reshape(height, width)
    pixels, firsts, shares = (np.frombuffer(each, np.int32) for each in (layer.pixels, layer.firsts, layer.shares))
    share_codes = _codes(layer, layer.share_codes, paint)
    _check_positions(pixels, width * height)
    _check_positions(firsts, len(shares))
    if not (len(pixels) == len(firsts) and len(share_codes) == len(shares) and 0 < layer.area < _MAX_AREA):
        raise NotKept
    _check_shares(shares, firsts, layer.area)
    return CoverageLayer(Coverage(codes, layer.area, pixels, firsts, share_codes, shares), paint)


def _codes(layer: _KeptLayer, data: memoryview, paint: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    codes: npt.NDArray[Any] = np.frombuffer(data, np.dtype(f"u{layer.item_bytes}"))
    if len(codes) and codes.max() >= paint.shape[1]:
        raise NotKept
    return codes


def _check_positions(positions: npt.NDArray[np.int32], end: int) -> None:
    if len(positions) and not (positions[0] >= 0 and positions[-1] < end and (np.diff(positions) > 0).all()):
        raise NotKept


def _check_shares(shares: npt.NDArray[np.int32], firsts: npt.NDArray[np.int32], area: int) -> None:
    if len(firsts) == 0:
        return
    sums = np.cumsum(shares, dtype=np.int64)
    ends = np.append(firsts[1:], len(shares))
    if firsts[0] != 0 or (shares < 0).any() or (sums[ends - 1] != area * np.arange(1, len(ends) + 1)).any():
        raise NotKept


def _item_bytes(codes: npt.NDArray[Any]) -> Literal[1, 2, 4]:
    match codes.dtype.itemsize:
        case 1:
            return 1
        case 2:
            return 2
    return 4
