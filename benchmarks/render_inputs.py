"""What is drawn in the render benchmark: street scenes with sensor noise, as a camera gives them, and their masks.

A scene of 2048x1024 comes to about 0.27 MB as a JPEG of quality 90 and 2.3 MB as a PNG, its mask to 20 to 30 KB: the
sizes of real frames of driving datasets.
"""

import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from mattebox_runtime.demo.street import draw_street_frame

MaskKind = Literal["L", "P", "RGB", "panoptic", "16-bit", "matte", "RGB matte"]

LABELS = 34
OPACITY = 0.5
_LENS_BLUR_PX = 0.9
_NOISE = 0.4
_INTEGER_STEP = 1000

Ids = npt.NDArray[np.int64]
Colors = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Job:
    """One preview to draw: bytes in, bytes out."""

    name: str
    source: bytes
    mask: bytes
    kind: MaskKind
    ids: Ids
    """(n,) the declared values, one number each: grey value, integer, or r + 256·g + 65536·b; ascending"""
    colors: Colors
    """(n, 3) what each is painted with"""
    size: int | None = 640
    """Longest side of the preview; None: full size."""
    format: Literal["jpeg", "webp"] = "jpeg"

    @property
    def is_matte(self) -> bool:
        """Whether the mask's brightness is the picture's opacity, and the preview transparent."""
        return self.kind in {"matte", "RGB matte"}

    @property
    def has_colors(self) -> bool:
        """Whether the declared values are packed colours."""
        return self.kind in {"P", "RGB", "panoptic"}


class Scene(NamedTuple):
    """A picture with its labels, not yet encoded."""

    picture: Image.Image
    classes: npt.NDArray[np.uint8]
    instances: npt.NDArray[np.uint16]


def jobs(reference: Path | None) -> list[Job]:
    """Give the cases of docs/performance.md, and one of real photos where they are there."""
    wide, small, large = (2048, 1024), (640, 480), (4000, 3000)
    found = [
        _job("JPEG + L", wide, "L"),
        _job("JPEG + RGB", wide, "RGB"),
        _job("JPEG + P", wide, "P"),
        _job("JPEG + panoptic ids", wide, "panoptic"),
        _job("JPEG + 16-bit", wide, "16-bit"),
        _job("PNG + L", wide, "L", source="PNG"),
        _job("PNG + RGB", wide, "RGB", source="PNG"),
        _job("JPEG + RGB, WebP", wide, "RGB", format="webp"),
        _job("JPEG + L, full size", wide, "L", size=None),
        _job("JPEG + P, full size", wide, "P", size=None),
        _job("JPEG + RGB, full size", wide, "RGB", size=None),
        _job("640x480 + RGB", small, "RGB"),
        _job("640x480 + P", small, "P"),
        _job("12 MP + RGB", large, "RGB"),
        _job("12 MP + P", large, "P"),
        _job("matte L, WebP", wide, "matte", format="webp"),
        _job("matte RGB, WebP", wide, "RGB matte", format="webp"),
    ]
    return found + (_reference_jobs(reference) if reference is not None else [])


def _job(name: str, scene: tuple[int, int], kind: MaskKind, source: str = "JPEG", **fields: Any) -> Job:
    mask, ids = _mask(scene, kind)
    return Job(name, _source(scene, source), mask, kind, ids, _colors(len(ids)), **fields)


@cache
def _scene(size: tuple[int, int]) -> Scene:
    frame = draw_street_frame(3, size)
    sharp = np.asarray(frame.picture.filter(ImageFilter.GaussianBlur(_LENS_BLUR_PX)))
    noise = np.random.default_rng(0).normal(0, _NOISE, sharp.shape)
    picture = Image.fromarray(np.clip(np.rint(sharp + noise), 0, 255).astype(np.uint8))
    return Scene(picture, frame.labels, frame.instances)


@cache
def _source(size: tuple[int, int], image_format: str) -> bytes:
    return _encoded(_scene(size).picture, image_format)


@cache
def _mask(size: tuple[int, int], kind: MaskKind) -> tuple[bytes, Ids]:
    """Encode a mask; give the values it declares."""
    scene = _scene(size)
    declared = np.arange(LABELS)
    # Declared colours, far from each other; the first is the black of what is not labelled.
    palette = np.random.default_rng(1).integers(0, 256, (LABELS, 3), dtype=np.uint8)
    palette[0] = 0
    packed = palette @ np.array([1, 1 << 8, 1 << 16])
    nothing = np.empty(0, np.int64)
    match kind:
        case "L":
            image, ids = Image.fromarray(scene.classes), declared
        case "matte":
            image, ids = _matte(scene), nothing
        case "RGB matte":
            image, ids = _matte(scene).convert("RGB"), nothing
        case "P":
            image, ids = Image.fromarray(scene.classes), np.sort(packed)
            image.putpalette(palette.tobytes())
        case "RGB":
            image, ids = Image.fromarray(palette[scene.classes]), np.sort(packed)
        case "16-bit":
            image = Image.fromarray(scene.classes.astype(np.uint16) * np.uint16(_INTEGER_STEP))
            ids = declared * _INTEGER_STEP
        case "panoptic":
            segments = scene.classes.astype(np.int64) * 70_000 + scene.instances
            channels = np.stack([segments & 255, segments >> 8 & 255, segments >> 16], axis=-1)
            image, ids = Image.fromarray(channels.astype(np.uint8)), np.unique(segments)
    return _encoded(image), ids


def _matte(scene: Scene) -> Image.Image:
    """A matte with soft edges: one half of the classes."""
    return Image.fromarray((scene.classes % 2 * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(2))


def _colors(count: int) -> Colors:
    return np.random.default_rng(2).integers(0, 256, (count, 3), dtype=np.uint8)


def _encoded(image: Image.Image, image_format: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, image_format, **({"quality": 90} if image_format == "JPEG" else {}))
    return out.getvalue()


def _reference_jobs(reference: Path) -> list[Job]:
    """Give the first picture of each set of real photos whose mask is a still one of labels."""
    found = []
    for listing in sorted(reference.glob("*/pairs.json")):
        pair = json.loads(listing.read_text())[0]
        mask = pair["masks"][0]
        kind = mask.get("mode")
        if pair.get("kind") == "alpha" or kind not in {"L", "P", "RGB"} or mask["size"] != pair.get("size"):
            continue
        folder = listing.parent
        content = (folder / mask["path"]).read_bytes()
        with Image.open(io.BytesIO(content)) as image:
            pixels = np.asarray(image if kind == "L" else image.convert("RGB")).astype(np.int64)
        ids = np.unique(pixels if kind == "L" else pixels @ np.array([1, 1 << 8, 1 << 16]))
        name = f"{folder.name}: {pair['format']} + {kind}"
        found.append(Job(name, (folder / pair["image"]).read_bytes(), content, kind, ids, _colors(len(ids))))
    return found
