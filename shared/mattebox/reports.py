"""What was found in masks: of one frame, and of a whole version."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mattebox.answers import PreviewCounts
from mattebox.notebook import Markup, spell_value, swatch, table
from mattebox.reasons import PreviewState, explain

if TYPE_CHECKING:
    from mattebox.importers.outcome import FailureGroup


class FrameReport(dict[str, Any]):
    """The mask report of a frame: `source`, and `masks` with the pixels of each label. Shows itself in a notebook."""

    def __init__(self, report: dict[str, Any], state: PreviewState) -> None:
        super().__init__(report)
        self.state = state
        """`partial` where a mask could not be read; its entry says why."""

    @property
    def warnings(self) -> list[str]:
        """What is odd about the masks, in words."""
        return [f"{mask['id']}: {warning['message']}" for mask in self._masks() for warning in mask["warnings"]]

    def pixels(self, mask: str | None = None) -> dict[str, int]:
        """Count the pixels of each label, in one mask or all; a value of several labels counts for each of them."""
        counts: dict[str, int] = {}
        for found in self._masks():
            for entry in found.get("labels", ()) if mask in (None, found["id"]) else ():
                for label in entry["labels"]:
                    counts[label] = counts.get(label, 0) + entry["pixels"]
        return counts

    def _masks(self) -> list[dict[str, Any]]:
        return list(self.get("masks", ()))

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        for mask in self._masks():
            for entry in mask.get("labels", ()):
                labels = ", ".join(entry["labels"])
                value = spell_value(entry["value"])
                yield mask["id"], value, labels, swatch(entry["color"]), f"{entry['pixels']:,}", f"{entry['share']:.2%}"
            unmapped = mask.get("unmapped", {})
            if unmapped.get("pixels"):
                share = f"{unmapped['share']:.2%}"
                yield mask["id"], "", "(not declared)", "", f"{unmapped['pixels']:,}", share

    def _repr_html_(self) -> str:
        shown = table(("mask", "value", "labels", "colour", "pixels", "share"), self._rows(), f"preview {self.state}")
        warnings = table(("warnings",), [(warning,) for warning in self.warnings]) if self.warnings else ""
        return shown + warnings


class VersionReport(Struct, frozen=True):
    """How the previews of a version stand, and why some are not whole. Shows itself in a notebook."""

    name: str
    counts: PreviewCounts
    failures: "list[FailureGroup]"
    """The largest group first."""

    def __str__(self) -> str:
        counts = ", ".join(f"{count:,} {state}" for state, count in self.counts.by_state().items() if count)
        lines = [f"{self.name}: {counts or 'no frames'}"]
        lines += [
            f"  {group.count:,} {group.state}: {explain(group.code)} ({group.code}) {', '.join(group.examples)}"
            for group in self.failures
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        counts = table(("state", "frames"), [(s, f"{c:,}") for s, c in self.counts.by_state().items() if c], self.name)
        rows = [(g.state, g.code, explain(g.code), f"{g.count:,}", ", ".join(g.examples)) for g in self.failures]
        failures = table(("state", "code", "reason", "frames", "for example"), rows) if rows else Markup()
        return counts + failures
