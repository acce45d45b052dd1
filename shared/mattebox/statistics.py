"""What the masks of a whole version come to."""

from collections.abc import Iterator

from msgspec import Struct

from mattebox.notebook import spell_value, swatch, table

Value = int | float | list[int] | None
"""As a report tells it; None: not a number."""


class LabelStatistics(Struct, frozen=True):
    """What a value of a mask came to, or the labels that frames give to values of their own."""

    value: Value
    """None of labels that frames bring themselves: each may have given them another value."""
    labels: list[str]
    """Empty where the mapping names the value no more."""
    color: str | None
    pixels: int
    share: float
    """Of all pixels of the mask."""
    frames: int
    ignore: bool = False
    declared_in: str | None = None
    """The list of the mapping that names it, a mask id or `_all_`; None: the frames' own, or none."""


class ValueStatistics(Struct, frozen=True):
    """A value that nothing declares."""

    value: Value
    pixels: int
    share: float
    frames: int


class UnmappedStatistics(Struct, frozen=True):
    """The pixels of a mask that nothing declares."""

    pixels: int
    share: float
    frames: int
    values: list[ValueStatistics]
    """Most pixels first. Of each frame the 16 most frequent are known, so the counts are at least these."""


class MaskStatistics(Struct, frozen=True):
    """What the masks of one id came to. Alpha masks have no labels."""

    mask: str
    frames: int
    pixels: int
    unreadable: int
    """Frames of which this mask could not be read."""
    encodings: list[str]
    """How the masks were read."""
    labels: list[LabelStatistics]
    """Most pixels first, ignored ones among them."""
    unmapped: UnmappedStatistics
    truncated: bool
    """Whether there were more values than are kept."""


class VersionStatistics(Struct, frozen=True):
    """What the masks of a version's default previews come to; of frames with several sources, those of the first."""

    frame_count: int
    walked: int
    """Frames looked at so far by the count that is told."""
    counted: int
    """Those of them whose masks are in the sums; the others are not drawn, or could not be."""
    complete: bool
    """Whether all frames were looked at."""
    current: bool
    """Whether nothing has changed since then; where something has, it is counted again."""
    masks: list[MaskStatistics]

    def pixels(self, mask: str | None = None) -> dict[str, int]:
        """Count the pixels of each label, in the masks of one id or in all; of several labels, for each of them."""
        counts: dict[str, int] = {}
        for found in self.masks:
            for entry in found.labels if mask in (None, found.mask) else ():
                for label in entry.labels:
                    counts[label] = counts.get(label, 0) + entry.pixels
        return counts

    def _repr_html_(self) -> str:
        caption = f"{self.counted:,} of {self.frame_count:,} frames" + ("" if self.current else ", being counted")
        return table(("mask", "value", "labels", "colour", "pixels", "share", "frames"), self._rows(), caption)

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for mask in self.masks:
            for entry in mask.labels:
                labels = ", ".join(entry.labels) + (" (ignored)" if entry.ignore else "")
                yield mask.mask, _spell(entry.value), labels, swatch(entry.color), *_counts(entry)
            if mask.unmapped.pixels:
                yield mask.mask, "", "(not declared)", "", *_counts(mask.unmapped)


def _spell(value: Value) -> str:
    return "" if value is None else str(value) if isinstance(value, float) else spell_value(value)


def _counts(found: LabelStatistics | UnmappedStatistics) -> tuple[str, str, str]:
    return f"{found.pixels:,}", f"{found.share:.2%}", f"{found.frames:,}"
