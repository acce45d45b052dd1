"""The rendering rules once more, as plainly as NumPy can say them: full resolution, float64, one comparison per entry.

Shares no code with the renderer, so that agreement means something. Still images and lossless masks only.
"""

import io
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from PIL import Image


@dataclass
class NaiveEntry:
    """One declared value: [r, g, b] or [r, g, b, a] as a tuple, or an integer."""

    value: tuple[int, ...] | int
    color: tuple[int, int, int]
    opacity: float = 1.0
    ignore: bool = False
    hidden: bool = False


@dataclass
class NaiveMask:
    """One mask: pixels as Pillow reads them."""

    image: Image.Image
    mode: str
    opacity: float = 1.0
    encoding: str = "auto"
    tint: tuple[int, int, int] | None = None
    entries: list[NaiveEntry] = field(default_factory=list)


@dataclass
class NaiveReport:
    """What the naive composition counted in one segmentation mask."""

    encoding: str
    counts: dict[tuple[int, ...] | int, int]
    unmapped: Counter[int]
    """Pixels by packed value."""


def open_copy(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def source_rgb(image: Image.Image) -> np.ndarray:
    """Give (h, w, 3) float64; opaque sources only."""
    if image.mode.startswith("I;16"):
        grey = np.asarray(image).astype(np.float64) / 257
        return np.repeat(np.rint(grey)[..., None], 3, axis=2)
    return np.asarray(image.convert("RGBA"))[..., :3].astype(np.float64)


def pixel_values(image: Image.Image, encoding: str) -> np.ndarray:
    """Give (h, w, channels) integers: three of a colour, four of rgba data, one of a number."""
    if encoding == "rgba":
        return np.asarray(image.convert("RGBA")).astype(np.int64)
    if image.mode == "P" and encoding == "index":
        return np.asarray(image).astype(np.int64)[..., None]
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.int64)[..., None]
    if image.mode in {"LA", "RGBA"}:
        return np.asarray(image.convert("RGBA"))[..., :3].astype(np.int64)
    return np.asarray(image.convert("RGB")).astype(np.int64)


def entry_value(entry: NaiveEntry, encoding: str, channels: int) -> tuple[int, ...] | None:
    """Give the entry's value with as many channels as the pixels have, or None where it has no such form."""
    value = entry.value
    if channels == 1:
        if isinstance(value, int):
            return (value,)
        return (value[0],) if len(value) == 3 and len(set(value)) == 1 else None
    if channels == 4:
        return _rgba_data(value)
    if isinstance(value, int):
        if encoding == "panoptic":
            return (value % 256, value // 256 % 256, value // 65536) if value < 2**24 else None
        return (value, value, value) if value <= 255 else None
    return tuple(value) if len(value) == channels else None


def label_map(mask: NaiveMask, encoding: str) -> np.ndarray:
    """Give (h, w) entry numbers, -1 where no entry has the pixel's value."""
    pixels = pixel_values(mask.image, encoding)
    numbers = packed(pixels)
    labels = np.full(numbers.shape, -1)
    for number, entry in reversed(list(enumerate(mask.entries))):
        value = entry_value(entry, encoding, pixels.shape[2])
        if value is not None:
            labels[numbers == packed(np.array(value))] = number
    return labels


def _rgba_data(value: int | tuple[int, ...]) -> tuple[int, ...]:
    """A colour of three channels is opaque; a number is its four bytes, the least first."""
    if isinstance(value, int):
        return tuple(value.to_bytes(4, "little"))
    return tuple(value) if len(value) == 4 else (*value, 255)


def packed(values: np.ndarray) -> np.ndarray:
    """Give one number for the channels along the last axis; a single channel is its own number."""
    return values[..., 0] if values.shape[-1] == 1 else values @ 256 ** np.arange(values.shape[-1])


def read_labels(mask: NaiveMask) -> tuple[np.ndarray, NaiveReport]:
    """Map a mask, deciding `auto`, and count it."""
    encoding = mask.encoding
    if encoding == "auto":
        encoding = "rgb"
        if mask.image.mode == "P":
            by_color, by_index = label_map(mask, "rgb"), label_map(mask, "index")
            encoding = "index" if (by_index >= 0).sum() > (by_color >= 0).sum() else "rgb"
    labels = label_map(mask, encoding)
    pixels = pixel_values(mask.image, encoding)
    values, numbers = np.unique(packed(pixels[labels < 0]), return_counts=True)
    unmapped = Counter(dict(zip(values.tolist(), numbers.tolist(), strict=True)))
    counts = {entry.value: int((labels == i).sum()) for i, entry in enumerate(mask.entries) if (labels == i).any()}
    return labels, NaiveReport(encoding, counts, unmapped)


def alpha_plane(image: Image.Image) -> np.ndarray:
    """Give (h, w) in 0..1."""
    if image.mode.startswith("I;16"):
        return np.asarray(image).astype(np.float64) / 65535
    if image.mode not in {"LA", "RGBA"}:
        return np.asarray(image.convert("L")).astype(np.float64) / 255
    rgba = np.asarray(image.convert("RGBA")).astype(np.float64)
    luma = np.asarray(image.convert("RGBA").convert("RGB").convert("L")).astype(np.float64) / 255
    channel = rgba[..., 3] / 255
    if (channel == channel.flat[0]).all():
        return luma
    if (rgba[..., :3] == rgba[0, 0, :3]).all():
        return channel
    return luma * channel


def stretched(array: np.ndarray, height: int, width: int) -> np.ndarray:
    rows = [int((y + 0.5) * array.shape[0] / height) for y in range(height)]
    columns = [int((x + 0.5) * array.shape[1] / width) for x in range(width)]
    return array[rows][:, columns]


def compose(
    source: Image.Image,
    masks: list[NaiveMask],
    background: tuple[int, int, int] = (0, 0, 0),
    unmapped: tuple[int, int, int] | None = None,
    outline: int = 0,
) -> tuple[np.ndarray, list[NaiveReport]]:
    """Give the full-size preview, (h, w, 3) float64, and what was counted in each segmentation mask."""
    out = source_rgb(source)
    height, width = out.shape[:2]
    alphas = [mask for mask in masks if mask.mode == "alpha"]
    if alphas:
        through = np.zeros((height, width))
        for mask in alphas:
            alpha = stretched(alpha_plane(mask.image), height, width)
            through = np.maximum(through, 1 - mask.opacity * (1 - alpha))
            if mask.tint is not None:
                out = out + (np.array(mask.tint) - out) * (0.5 * alpha)[..., None]
        out = out * through[..., None] + np.array(background) * (1 - through)[..., None]
    reports = []
    for mask in masks:
        if mask.mode == "segmentation":
            labels, report = read_labels(mask)
            reports.append(report)
            paint_labels(out, stretched(labels, height, width), mask, unmapped, outline)
    return out, reports


def paint_labels(out: np.ndarray, labels: np.ndarray, mask: NaiveMask, unmapped: object, outline: int) -> None:
    border = near_other_label(labels, outline)
    for number, entry in enumerate(mask.entries):
        if entry.ignore or entry.hidden:
            continue
        opacity = np.where(border, 1.0, mask.opacity * entry.opacity)
        here = labels == number
        out[here] += (np.array(entry.color) - out[here]) * opacity[here][:, None]
    if unmapped is not None:
        here = labels == -1
        out[here] += (np.array(unmapped) - out[here]) * mask.opacity


def near_other_label(labels: np.ndarray, distance: int) -> np.ndarray:
    near = np.zeros(labels.shape, bool)
    height, width = labels.shape
    for dy in range(-distance, distance + 1):
        for dx in range(-distance, distance + 1):
            if 0 < dx * dx + dy * dy <= distance * distance:
                for y in range(max(0, -dy), min(height, height - dy)):
                    for x in range(max(0, -dx), min(width, width - dx)):
                        near[y, x] |= labels[y, x] != labels[y + dy, x + dx]
    return near


def area_average(planes: np.ndarray, width: int, height: int) -> np.ndarray:
    """Reduce (h, w, channels) so that each pixel is the average of exactly the area under it, float64."""
    rows, columns = area_weights(planes.shape[0], height), area_weights(planes.shape[1], width)
    return np.stack([rows @ plane @ columns.T for plane in np.moveaxis(planes.astype(np.float64), -1, 0)], axis=-1)


def area_weights(length: int, target: int) -> np.ndarray:
    """Give the (target, length) shares of each pixel in the parts of a side."""
    edges = np.arange(length + 1) * target
    begins = np.arange(target)[:, None] * length
    shares: np.ndarray = np.diff(np.clip(edges - begins, 0, length), axis=1) / length
    return shares
