"""Default previews in bulk: what frames of one shape have in common is resolved and encoded once."""

import secrets
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from mattebox.models import Frame, Source
from mattebox.reasons import PreviewState
from mattebox_registry.rules.specs import Plan, plan_preview
from mattebox_runtime.media import is_never_drawn
from mattebox_runtime.options import DEFAULT_OPTIONS
from mattebox_runtime.resolution import build_spec, milliseconds
from mattebox_runtime.spec import preview_key
from mattebox_runtime.style import Style, Table

_TEMPLATES_KEPT = 256

# A part of an encoded spec that is the same for every frame of a shape, or differs between them, in turn.
_SLOTS = slice(1, None, 2)

_encode = msgspec.msgpack.Encoder().encode


class _Template(NamedTuple):
    """An encoded spec in parts; each second one holds the place of a URI or timestamp."""

    parts: list[bytes]
    tables: tuple[Table, ...]
    state: PreviewState | None
    """None where each URI has to tell."""


class Planner:
    """Resolves the default previews of frames under one style, exactly as `plan_preview` does, in a third of the time.

    The shape of a frame is all of its first source that its spec depends on, but for URIs and times.
    """

    def __init__(self, style: Style) -> None:
        self.style = style
        self._templates: dict[tuple[Any, ...], _Template] = {}

    def plan(self, frame: Frame) -> Plan:
        """Resolve the default preview of a frame."""
        source = frame.sources[0]
        shape: list[Any] = []
        values: list[str | float] = []
        if not _take_apart(source, shape, values):
            return plan_preview(frame, self.style)
        template = self._templates.get(tuple(shape)) or self._learn(tuple(shape), source)
        parts = template.parts.copy()
        parts[_SLOTS] = map(_encode, values)
        encoded = b"".join(parts)
        state = template.state or _state(source)
        return Plan(encoded, preview_key(encoded), template.tables, state)

    def _learn(self, shape: tuple[Any, ...], source: Source) -> _Template:
        marked = _marked(source)
        marks: list[str | float] = []
        _take_apart(marked, [], marks)
        spec, tables = build_spec(marked, self.style, DEFAULT_OPTIONS)
        parts = []
        rest = spec.encode()
        for mark in marks:
            before, _, rest = rest.partition(_encode(mark))
            parts += [before, b""]
        if len(self._templates) >= _TEMPLATES_KEPT:
            self._templates.clear()
        state = _state(source) if source.content_type else None
        template = self._templates[shape] = _Template([*parts, rest], tables, state)
        return template


def _state(source: Source) -> PreviewState:
    return "unsupported" if is_never_drawn(source.uri, source.content_type) else "pending"


def _take_apart(source: Source, shape: list[Any], values: list[str | float]) -> bool:
    """Add the URIs and times of a source to `values`, in the order of a spec, and all else that decides it to `shape`.

    False where a mask has labels of its own: these are no shape that others have too.
    """
    shape += (source.content_type, source.timestamp is None)
    values.append(source.uri)
    if source.timestamp is not None:
        values.append(milliseconds(source.timestamp))
    for mask in source.masks or ():
        if mask.labels:
            return False
        shape += (mask.id, mask.content_type, mask.mode, mask.encoding, mask.timestamp is None)
        values.append(mask.uri)
        if mask.timestamp is not None:
            values.append(milliseconds(mask.timestamp))
    return True


def _marked(source: Source) -> Source:
    """Put values in the places of URIs and times that occur nowhere else."""
    masks = [replace(mask, **_marks(mask.timestamp)) for mask in source.masks or ()]
    return replace(source, **_marks(source.timestamp), masks=masks)


def _marks(timestamp: float | None) -> dict[str, Any]:
    return {"uri": secrets.token_hex(), "timestamp": None if timestamp is None else secrets.randbits(52) / 2**52}
