"""Adds up mask reports: the pixels of each label and of each value that nothing declares, over many frames."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from mattebox.models import ALL_MASKS, Frame, Source
from mattebox.statistics import LabelStatistics, MaskStatistics, UnmappedStatistics, Value, ValueStatistics
from mattebox_runtime.colors import format_color
from mattebox_runtime.labels import ResolvedLabel
from mattebox_runtime.resolution import masks_by_id
from mattebox_runtime.style import Style

MAX_VALUES = 1_000
"""Values kept of each kind and mask, most pixels first: instance masks bring new ones with every frame."""

_Identity = tuple[int, ...] | float | None
_OwnLabels = tuple[str, ...]


class _Counted(Struct):
    value: Value
    pixels: int


class _Values(Struct, frozen=True):
    pixels: int
    values: list[_Counted]


_T = TypeVar("_T", LabelStatistics, ValueStatistics)

_NOTHING = _Values(0, [])


class _MaskReport(Struct):
    id: str
    mode: str = "segmentation"
    encoding: str = "auto"
    width: int = 0
    height: int = 0
    error: str | None = None
    labels: list[_Counted] = []
    ignored: _Values = _NOTHING
    unmapped: _Values = _NOTHING


class _Report(Struct):
    masks: list[_MaskReport] = []


_REPORTS = msgspec.msgpack.Decoder(_Report)


class _Sum(Struct):
    value: Value
    pixels: int = 0
    frames: int = 0


class _MaskSums(Struct):
    frames: int = 0
    pixels: int = 0
    unreadable: int = 0
    unmapped_pixels: int = 0
    unmapped_frames: int = 0
    encodings: set[str] = msgspec.field(default_factory=set)
    labels: dict[tuple[_Identity, _OwnLabels], _Sum] = msgspec.field(default_factory=dict)
    unmapped: dict[_Identity, _Sum] = msgspec.field(default_factory=dict)
    truncated: bool = False


class Tally:
    """The sums so far."""

    def __init__(self) -> None:
        self.counted = 0
        """Frames whose report is in the sums."""
        self._masks: dict[str, _MaskSums] = {}

    def add(self, packed: bytes, document: bytes, style: Style) -> None:
        """Add the report of a frame's default preview. Raises msgspec.MsgspecError."""
        report = _REPORTS.decode(packed)
        own = _own_labels(document, style)
        self.counted += 1
        for found in report.masks:
            self._add_mask(self._masks.setdefault(found.id, _MaskSums()), found, own.get(found.id, {}))

    def masks(self, style: Style) -> list[MaskStatistics]:
        """Tell the sums, labels named as the style does now."""
        return [_told(mask_id, sums, style) for mask_id, sums in sorted(self._masks.items())]

    @staticmethod
    def _add_mask(sums: _MaskSums, found: _MaskReport, own: dict[_Identity, _OwnLabels]) -> None:
        if found.error is not None:
            sums.unreadable += 1
            return
        sums.frames += 1
        sums.pixels += found.width * found.height
        if found.mode != "segmentation":
            return
        sums.encodings.add(found.encoding)
        of_frame: dict[_OwnLabels, _Counted] = {}
        for counted in (*found.labels, *found.ignored.values):
            identity = identify(counted.value)
            if identity in own:
                of_frame.setdefault(own[identity], _Counted(None, 0)).pixels += counted.pixels
            else:
                _count(sums.labels, (identity, ()), counted)
        for labels, counted in of_frame.items():
            _count(sums.labels, (None, labels), counted)
        for counted in found.unmapped.values:
            _count(sums.unmapped, identify(counted.value), counted)
        sums.unmapped_pixels += found.unmapped.pixels
        sums.unmapped_frames += found.unmapped.pixels > 0
        for kept in (sums.labels, sums.unmapped):
            if len(kept) > 2 * MAX_VALUES:
                _keep_most(kept)
                sums.truncated = True


def identify(value: Value) -> _Identity:
    """Give what equal values have in common: a grey colour is its number."""
    if not isinstance(value, list):
        return value
    return value[0] if len(value) == 3 and len(set(value)) == 1 else tuple(value)


def _count(sums: dict[Any, _Sum], identity: Any, counted: _Counted) -> None:
    known = sums.get(identity)
    if known is None:
        known = sums[identity] = _Sum(counted.value)
    known.pixels += counted.pixels
    known.frames += 1


def _keep_most(sums: dict[Any, _Sum]) -> None:
    least = sorted(sums, key=lambda identity: sums[identity].pixels)[: len(sums) - MAX_VALUES]
    for identity in least:
        del sums[identity]


def _own_labels(document: bytes, style: Style) -> dict[str, dict[_Identity, _OwnLabels]]:
    """Find the labels that a frame brings for the masks of its first source, by mask and value."""
    if b'"labels"' not in document:
        return {}
    source: Source = msgspec.json.decode(document, type=Frame).sources[0]
    found: dict[str, dict[_Identity, _OwnLabels]] = {}
    for mask_id, mask in masks_by_id(source).items():
        if mask.labels:
            values = {identify(label.value) for label in mask.labels}
            merged = style.labels_of(mask_id, mask.labels)
            found[mask_id] = {key: e.labels for e in merged if (key := identify(e.value)) in values}
    return found


def _told(mask_id: str, sums: _MaskSums, style: Style) -> MaskStatistics:
    total = max(1, sums.pixels)
    declared = _declared(mask_id, style)
    labels = [_label(known, own, declared.get(identity), total) for (identity, own), known in sums.labels.items()]
    values = [ValueStatistics(it.value, it.pixels, it.pixels / total, it.frames) for it in sums.unmapped.values()]
    pixels, frames = sums.unmapped_pixels, sums.unmapped_frames
    return MaskStatistics(
        mask=mask_id,
        frames=sums.frames,
        pixels=sums.pixels,
        unreadable=sums.unreadable,
        encodings=sorted(sums.encodings),
        labels=_most(labels),
        unmapped=UnmappedStatistics(pixels, pixels / total, frames, _most(values)),
        truncated=sums.truncated or max(len(labels), len(values)) > MAX_VALUES,
    )


def _declared(mask_id: str, style: Style) -> Mapping[_Identity, tuple[str, ResolvedLabel]]:
    """Index what the version declares for a mask: a mask's own list hides what is in the one for all."""
    lists = style.mapping.lists
    return {identify(it.value): (name, it) for name in (ALL_MASKS, mask_id) for it in lists.get(name, ())}


def _label(sums: _Sum, own: _OwnLabels, declared: tuple[str, ResolvedLabel] | None, total: int) -> LabelStatistics:
    counted = (sums.pixels, sums.pixels / total, sums.frames)
    if own or declared is None:
        return LabelStatistics(sums.value, list(own), None, *counted)
    name, entry = declared
    return LabelStatistics(
        sums.value, list(entry.labels), format_color(entry.color), *counted, ignore=entry.ignore, declared_in=name
    )


def _most(entries: Iterable[_T]) -> list[_T]:
    return sorted(entries, key=lambda entry: -entry.pixels)[:MAX_VALUES]
