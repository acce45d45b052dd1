"""Annotations of a frame: labelled shapes, or labels of the whole frame. They travel as the document's `rois`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypedDict

from msgspec import Struct, field

from mattebox.errors import UsageError

Shape = Literal[
    "poly2d_xy",
    "poly3d_xyz",
    "points2d_xy",
    "points3d_xyz",
    "box2d_xywh",
    "box3d_xyzwhxyzwh",
    "ellipse2d_xyrrt",
    "mask_rgb",
]
"""What the numbers of an annotation are."""

Numbers = Sequence[float] | Sequence[Sequence[float]]


class Shapes(TypedDict, total=False):
    """Shapes to annotate, each by its numbers: flat, or as points."""

    poly2d_xy: Numbers
    poly3d_xyz: Numbers
    points2d_xy: Numbers
    points3d_xyz: Numbers
    box2d_xywh: Numbers
    box3d_xyzwhxyzwh: Numbers
    ellipse2d_xyrrt: Numbers
    mask_rgb: Numbers


# As the frame JSON of ClearML names them, in the metadata of a region.
_CODES: dict[Shape, str] = {
    "poly2d_xy": "p2d",
    "poly3d_xyz": "p3d",
    "points2d_xy": "k2d",
    "points3d_xyz": "k3d",
    "box2d_xywh": "b2d",
    "box3d_xyzwhxyzwh": "b3d",
    "ellipse2d_xyrrt": "elp",
    "mask_rgb": "mask",
}
_SHAPES = {code: shape for shape, code in _CODES.items()}


class Annotation(Struct, kw_only=True):
    """Labels of a region of a frame, or of the whole frame where it has no `shape`."""

    labels: list[str] = field(default_factory=list)
    id: str | None = None
    """The caller's own, to follow an object through frames; annotations may share it."""
    confidence: float | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    shape: Shape | None = None
    values: list[float] = field(default_factory=list)
    """Flat numbers of the shape; of a box its corners."""
    code: str | None = None
    """How the region names its shape; a polygon may do without."""
    other: dict[str, Any] = field(default_factory=dict)
    """Fields of the region that Mattebox does not know, kept as they came."""

    def get_bounding_box(self) -> tuple[float, float, float, float] | None:
        """Give (x, y, width, height) around a two-dimensional polygon, box or set of points; None for other shapes."""
        if self.shape not in ("poly2d_xy", "points2d_xy", "box2d_xywh") or not self.values:
            return None
        across, down = self.values[0::2], self.values[1::2]
        return min(across), min(down), max(across) - min(across), max(down) - min(down)

    def region(self, source_id: str) -> dict[str, Any]:
        """Write it as an entry of `rois`."""
        meta = {**self.metadata}
        if self.code is not None:
            meta["_type"] = self.code
        if self.id is not None:
            meta["_id"] = self.id
        spelling = "labels" if "labels" in self.other else "label"
        region: dict[str, Any] = {**self.other, spelling: self.labels, "sources": [source_id]}
        if self.confidence is not None:
            region["confidence"] = self.confidence
        if meta:
            region["meta"] = meta
        if self.shape == "mask_rgb":
            region["mask"] = {"id": "00", **self.other.get("mask", {}), "value": self.values}
        elif self.values:
            region["poly"] = self.values
        return region


def read_region(region: Mapping[str, Any]) -> Annotation:
    """Read an entry of `rois`; a polygon without a type is `poly2d_xy`."""
    other = {name: value for name, value in region.items() if name not in _READ}
    meta = dict(region.get("meta") or {})
    code, id_ = meta.pop("_type", None), meta.pop("_id", None)
    shape = _SHAPES.get(str(code))
    mask = region.get("mask")
    if isinstance(mask, Mapping) and "value" in mask:
        shape, values = "mask_rgb", mask["value"]
        other["mask"] = {name: value for name, value in mask.items() if name != "value"}
    else:
        values = region.get("poly") or []
        shape = shape or ("poly2d_xy" if values else None)
    labels = region.get("label", region.get("labels")) or []
    return Annotation(
        labels=[labels] if isinstance(labels, str) else list(labels),
        id=id_,
        confidence=region.get("confidence"),
        metadata=meta,
        shape=shape,
        values=list(values),
        code=code,
        other=other,
    )


def are_regions(found: object) -> bool:
    """Tell whether something can be read as `rois`; the registry takes anything there."""
    return isinstance(found, list) and all(
        isinstance(region, dict)
        and isinstance(region.get("meta") or {}, dict)
        and isinstance(region.get("poly") or [], list)
        and isinstance(region.get("label", region.get("labels")) or [], list | str)
        for region in found
    )


# `labels` stays where it was read, so that it is written by the same name again.
_READ = {"label", "confidence", "meta", "poly", "mask", "sources"}


def annotations_of(
    shapes: Shapes,
    labels: Sequence[str],
    id: str | None,
    confidence: float | None,
    metadata: Mapping[str, Any] | None,
) -> list[Annotation]:
    """Make one annotation for each shape that is given, or one of the whole frame."""
    given: Iterable[tuple[Any, Any]] = [(shape, numbers) for shape, numbers in shapes.items() if numbers is not None]
    return [
        Annotation(
            labels=[labels] if isinstance(labels, str) else list(labels),
            id=id,
            confidence=confidence,
            metadata=dict(metadata or {}),
            shape=shape,
            code=_CODES.get(shape),
            values=_corners(numbers) if shape == "box2d_xywh" else _flat(numbers),
        )
        for shape, numbers in given or [(None, ())]
    ]


def _flat(numbers: Iterable[Any]) -> list[float]:
    flat: list[float] = []
    for number in numbers:
        flat += _flat(number) if isinstance(number, Iterable) else [number]
    return flat


def _corners(numbers: Iterable[Any]) -> list[float]:
    x, y, width, height, *angle = _flat(numbers)
    if any(angle):
        raise UsageError("A turned box has no place among the regions of a frame: give its corners as poly2d_xy.")
    return [x, y, x + width, y, x + width, y + height, x, y + height]
