"""The mask report: what a draw found, told to people (docs/rendering.md)."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox.reasons import explain
from mattebox_renderer.render.lossy import CLOSE_VALUES, MAX_SNAP_VALUES, SNAP_DISTANCE
from mattebox_renderer.render.masks import Mask
from mattebox_renderer.render.scale import Size, same_aspect
from mattebox_renderer.render.segmentation import Segmented, Snapping
from mattebox_renderer.render.source import Source
from mattebox_renderer.render.values import Table
from mattebox_runtime.spec import MaskSpec

Report = dict[str, Any]

_LEAST_TOLD_SHARE: Final = 0.0001
"""Smaller ones would read as 0.00 %."""

MOST_CLASSES: Final = 96
"""Classes of the usual datasets are fewer; a matte that is nowhere brighter would not be seen at all."""


def source_report(source: Source) -> Report:
    """Tell what the source is; the size is that of the upright picture."""
    width, height = source.size
    return {"width": width, "height": height, "format": source.format, "mode": source.mode}


def failed_report(spec: MaskSpec, code: str) -> Report:
    """Tell why a mask is missing from the preview."""
    warning = _warning(code, explain(code))
    return {"id": spec.id, "mode": spec.mode, "encoding": spec.encoding, "error": code, "warnings": [warning]}


def alpha_report(spec: MaskSpec, mask: Mask, source: Size, alpha: Image.Image) -> Report:
    """Tell about an alpha mask of mode L, which has no labels."""
    empty: Report = {"pixels": 0, "share": 0.0, "values": []}
    warnings = _shape_warnings(mask, source)
    brightest = int(np.asarray(alpha).max())
    if 0 < brightest <= MOST_CLASSES:
        warnings.append(_dark_warning(brightest))
    head = _head(spec, mask, spec.encoding)
    return {**head, "labels": [], "unmapped": empty, "ignored": dict(empty), "warnings": warnings}


def segmentation_report(spec: MaskSpec, mask: Mask, source: Size, segmented: Segmented, table: Table) -> Report:
    """Tell the pixels of each entry found, most first, exactly and at the mask's own resolution."""
    total = int(np.prod(mask.size))
    found = np.flatnonzero(segmented.counts)
    found = found[np.argsort(-segmented.counts[found], kind="stable")]

    def entries(wanted: npt.NDArray[np.bool_]) -> list[Report]:
        return [_counted(table.value(int(i)), int(segmented.counts[i]), total) for i in found if wanted[i]]

    ignored_pixels = int(segmented.counts[table.ignored].sum())
    unmapped = segmented.unmapped_pixels
    report: Report = {
        **_head(spec, mask, segmented.encoding),
        "labels": entries(~table.ignored),
        "unmapped": {
            "pixels": unmapped,
            "share": unmapped / total,
            "values": [{"value": value, "pixels": pixels} for value, pixels in segmented.unmapped_values],
        },
        "ignored": {"pixels": ignored_pixels, "share": ignored_pixels / total, "values": entries(table.ignored)},
        "warnings": _shape_warnings(mask, source),
    }
    if unmapped:
        report["warnings"].append(_unmapped_warning(unmapped, total))
    if segmented.snapping is not None:
        report["snapped"] = _snapped(segmented.snapping, total)
        report["warnings"] += _snap_warnings(segmented.snapping, total)
    return report


def _head(spec: MaskSpec, mask: Mask, encoding: str) -> Report:
    width, height = mask.size
    shape: Report = {"width": width, "height": height, "format": mask.format, "lossy": mask.lossy}
    return {"id": spec.id, "mode": spec.mode, "encoding": encoding, **shape}


def _counted(value: Any, pixels: int, total: int) -> Report:
    return {"value": value, "pixels": pixels, "share": pixels / total}


def _snapped(snapping: Snapping, total: int) -> Report:
    mean = snapping.distance / snapping.pixels if snapping.pixels else 0.0
    return {"pixels": snapping.pixels, "share": snapping.pixels / total, "mean_distance": round(mean, 3)}


def _warning(code: str, message: str) -> Report:
    return {"code": code, "message": message}


def _shape_warnings(mask: Mask, source: Size) -> list[Report]:
    warnings = []
    size = mask.size[::-1] if mask.turned else mask.size
    if mask.turned:
        message = "The source is turned by its EXIF orientation and the mask was not: the mask was turned with it."
        warnings.append(_warning("mask_turned", message))
    if size != source:
        sizes = f"The mask is {size[0]}x{size[1]} and the source {source[0]}x{source[1]}"
        shape = (
            "of the same shape" if same_aspect(size, source) else "of another shape: check that they belong together"
        )
        warning = _warning("size_mismatch", f"{sizes}, {shape}. The mask was stretched over the whole source.")
        same = same_aspect(size, source)
        warnings.append({**warning, "mask_size": list(size), "source_size": list(source), "same_aspect": same})
    if mask.narrowed:
        message = "The mask has 16 bits per colour channel, of which the upper 8 were read: store it with 8 bits."
        warnings.append(_warning("upper_bits_read", message))
    return warnings


def _dark_warning(brightest: int) -> Report:
    message = (
        f"The mask is applied as opacity and nowhere brighter than {brightest} of 255, so that next to nothing is "
        "seen: if its values are class ids, declare mask labels for them."
    )
    return _warning("dark_alpha", message)


def _unmapped_warning(pixels: int, total: int) -> Report:
    told = f"{pixels:,}" if pixels / total < _LEAST_TOLD_SHARE else f"{pixels / total:.2%}"
    message = f"{told} of the mask's pixels have values without an entry: declare them, or correct the mask."
    return _warning("unmapped_pixels", message)


def _snap_warnings(snapping: Snapping, total: int) -> list[Report]:
    warnings = []
    if snapping.too_many:
        message = (
            f"The mask's codec changes values, and more than {MAX_SNAP_VALUES} are declared, too many to tell apart: "
            "only exact values were taken. Store the mask losslessly (PNG)."
        )
        return [_warning("lossy_mask_close_values", message)]
    if snapping.pixels:
        message = (
            f"{snapping.pixels / total:.2%} of the pixels were changed by the mask's lossy codec and took the nearest "
            f"declared value, up to a distance of {SNAP_DISTANCE:.0f}. Store the mask losslessly (PNG) to be exact."
        )
        warnings.append(_warning("snapped", message))
    if snapping.least_declared < CLOSE_VALUES:
        message = (
            f"The mask's codec changes values, and some declared ones are only {snapping.least_declared:.1f} apart: "
            f"labels may be mixed up. Store the mask losslessly (PNG), or values at least {CLOSE_VALUES:.0f} apart."
        )
        warnings.append(_warning("lossy_mask_close_values", message))
    return warnings
