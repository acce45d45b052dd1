"""Previews from Python, without any service: `from mattebox_renderer import render_preview`.

Files are decoded inside of the calling process. Limits on pixels hold, but what a stranger made may still find a fault
in a decoder: for such files use the command `mattebox render` or the service, which draw in a confined process.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypedDict, Unpack, cast

import msgspec

from mattebox.answers import IndexEntry, IndexKind
from mattebox.importers.label_file import read_label_file
from mattebox.labels import MaskLabelsInput, mask_labels_document
from mattebox.models import MaskEncoding, MaskLabels, MaskMode, Source, numbered_id
from mattebox.reasons import explain
from mattebox_renderer.by_hand import AskedByHand, Wanted
from mattebox_renderer.media_input import MediaInput, file_bytes
from mattebox_renderer.outcome import Drawn, DrawRefused
from mattebox_renderer.render import Limits, draw
from mattebox_runtime.events import Failure
from mattebox_runtime.options import PreviewOptions
from mattebox_runtime.spec import PreviewFormat


class RenderFailed(Exception):
    """The source cannot be drawn, or the mask of an index map; `code` is one of `mattebox.reasons`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{explain(code)} ({code})")
        self.code = code


class MaskInput(NamedTuple):
    """A mask with more than its file; left out is what the mask, its labels or the preview decide."""

    file: MediaInput
    mode: MaskMode | None = None
    encoding: MaskEncoding | None = None
    labels: MaskLabelsInput | None = None
    """Of this mask alone, before all others."""
    opacity: float | None = None
    tint: str | None = None
    """`#rrggbb`, alpha mode only."""
    timestamp: float | None = None
    """Milliseconds into a video."""


AnyMask = MediaInput | MaskInput
LabelsInput = MaskLabelsInput | Path
"""Labels as the SDK takes them, or a labels file as `mattebox import` reads it."""


class Choices(TypedDict, total=False):
    """What can be chosen about a preview; the same words as in a preview's query."""

    size: int | None
    """Longest side, 640 if not said; None: full size. Never enlarged."""
    format: PreviewFormat
    """`webp` if not said."""
    mode: MaskMode
    opacity: float
    background: str | None
    """`#rrggbb`, black if not said; None: transparent."""
    hide: Iterable[str]
    """Labels that are not painted."""
    unmapped: str | None
    """`#rrggbb` for pixels that no entry declares."""
    outline: int
    """Width of label borders in pixels."""
    timestamp: float | None
    """Milliseconds into a source that is a video."""


class Preview(NamedTuple):
    """A drawn preview; notebooks show it."""

    data: bytes
    """The encoded picture."""
    content_type: str
    width: int
    height: int
    report: dict[str, Any]
    """What was found in the source and in each mask; see the rendering rules."""
    state: Literal["ready", "partial"] = "ready"
    """`partial`: drawn without the masks that could not be read, which the report names."""

    def save(self, file: str | Path) -> None:
        """Write the picture, whatever the name ends in."""
        Path(file).write_bytes(self.data)

    def _repr_mimebundle_(self, **_asked: Any) -> dict[str, str]:
        return {self.content_type: base64.b64encode(self.data).decode()}


class IndexMap(NamedTuple):
    """Which entry each pixel of a preview belongs to."""

    data: bytes
    """A grey PNG of 8 or 16 bits: the index of the entry, 0 for none; of a matte its effective opacity, 0..255."""
    width: int
    height: int
    kind: IndexKind
    entries: list[IndexEntry]


def render_preview(
    source: MediaInput,
    masks: Sequence[AnyMask] | Mapping[str, AnyMask] = (),
    *,
    mask_labels: LabelsInput | None = None,
    limits: Limits = Limits(),  # noqa: B008 (immutable)
    **choices: Unpack[Choices],
) -> Preview:
    """Draw masks over a source.

    Args:
        source: A picture or video: the bytes of a file, a path, a Pillow image, or an array (see `MediaInput`).
        masks: In the order of drawing, by id or numbered "00", "01", ...; each as a source, or a `MaskInput`.
        mask_labels: What values mean. A mask without labels is a matte, unless its mode says otherwise.
        limits: Bounds on what is decoded.
        **choices: See `Choices`.

    Raises:
        RenderFailed: the source is not a picture or video that can be drawn.
        TypeError, ValueError: an argument is none that is taken, or labels contradict themselves.
        InputError: the labels file cannot be used.
        OSError: a file cannot be read.
    """
    given = _name(masks)
    asked = _ask(given, mask_labels, choices)
    drawn = _draw(asked.preview(), source, given, limits)
    asked.name_labels(drawn.report)
    return Preview(drawn.body, drawn.content_type, drawn.width, drawn.height, drawn.report, drawn.state)


def render_index_map(
    source: MediaInput,
    mask: AnyMask,
    *,
    mask_labels: LabelsInput | None = None,
    limits: Limits = Limits(),  # noqa: B008 (immutable)
    **choices: Unpack[Choices],
) -> IndexMap:
    """Draw which entry of its labels each pixel of a mask belongs to, as a preview of the same size would show it.

    Takes and raises what `render_preview` does; of the choices only `size`, `mode` and `timestamp` matter.
    """
    given = _name([mask])
    wanted, legend = _ask(given, mask_labels, choices).index_map(next(iter(given)))
    drawn = _draw(wanted, source, given, limits)
    return IndexMap(drawn.body, drawn.width, drawn.height, legend.kind, legend.entries)


def _name(masks: Sequence[AnyMask] | Mapping[str, AnyMask]) -> dict[str, MaskInput]:
    if not isinstance(masks, Mapping):
        if not isinstance(masks, Sequence) or isinstance(masks, MaskInput | str | bytes | bytearray | memoryview):
            msg = "masks are a list, or a mapping by id: put a single mask in brackets"
            raise TypeError(msg)
        masks = {numbered_id(position): mask for position, mask in enumerate(masks)}
    return {mask_id: mask if isinstance(mask, MaskInput) else MaskInput(mask) for mask_id, mask in masks.items()}


def _ask(masks: Mapping[str, MaskInput], labels: LabelsInput | None, choices: Choices) -> AskedByHand:
    named = dict(choices)
    if isinstance(named.get("hide"), str):
        msg = "hide is a list of labels: put a single one in brackets"
        raise TypeError(msg)
    timestamp = cast("float | None", named.pop("timestamp", None))
    unknown = named.keys() - Choices.__optional_keys__
    if unknown:
        msg = f"there is no option {min(unknown)!r}: use {', '.join(sorted(Choices.__optional_keys__))}"
        raise TypeError(msg)
    document = {
        "uri": "given",
        "timestamp": timestamp,
        "masks": [
            {
                "id": mask_id,
                "uri": "given",
                "mode": mask.mode,
                "encoding": mask.encoding,
                "timestamp": mask.timestamp,
                "labels": None if mask.labels is None else mask_labels_document(mask.labels),
            }
            for mask_id, mask in masks.items()
        ],
    }
    options = {
        **named,
        "hide": frozenset(cast("Iterable[str]", named.get("hide", ()))),
        "mask_opacities": {mask_id: mask.opacity for mask_id, mask in masks.items() if mask.opacity is not None},
        "tints": {mask_id: mask.tint for mask_id, mask in masks.items() if mask.tint is not None},
    }
    return AskedByHand(msgspec.convert(document, Source), _labels(labels), msgspec.convert(options, PreviewOptions))


def _labels(labels: LabelsInput | None) -> MaskLabels:
    if labels is None:
        return []
    if isinstance(labels, Path):
        return read_label_file(labels).lists
    converted: MaskLabels = msgspec.convert(mask_labels_document(labels), MaskLabels)
    return converted


def _draw(wanted: Wanted, source: MediaInput, masks: Mapping[str, MaskInput], limits: Limits) -> Drawn:
    contents: list[bytes | Failure] = [file_bytes(masks[mask.id].file) for mask in wanted.spec.masks]
    try:
        return draw(wanted.spec, file_bytes(source), contents, wanted.tables, limits)
    except DrawRefused as refused:
        raise RenderFailed(refused.code) from refused
