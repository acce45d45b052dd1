"""Which picture a frame, its version's style and a client's options come to."""

from collections.abc import Sequence

from msgspec import Struct

from mattebox.models import Frame, Source, numbered_id
from mattebox.reasons import PreviewState
from mattebox_registry.errors import NotFound
from mattebox_runtime.media import is_never_drawn
from mattebox_runtime.options import DEFAULT_OPTIONS, PreviewOptions
from mattebox_runtime.resolution import UnknownMask, build_spec
from mattebox_runtime.spec import preview_key
from mattebox_runtime.style import Style, Table


class Plan(Struct, frozen=True, gc=False):
    """One preview, resolved."""

    encoded: bytes
    """The spec in its canonical bytes."""
    key: bytes
    tables: tuple[Table, ...]
    """What the spec's masks refer to."""
    state: PreviewState
    """`pending`, or `unsupported` where the source is of a type that is never drawn."""


def plan_preview(frame: Frame, style: Style, options: PreviewOptions = DEFAULT_OPTIONS) -> Plan:
    """Resolve a preview of a frame.

    Raises:
        NotFound: the frame has no such source, or the source no such mask.
    """
    source = frame.sources[0] if options.source is None else choose_source(frame.sources, options.source)
    try:
        spec, tables = build_spec(source, style, options)
    except UnknownMask as error:
        raise NotFound("mask", error.mask_id) from error
    encoded = spec.encode()
    undrawable = is_never_drawn(source.uri, source.content_type)
    return Plan(encoded, preview_key(encoded), tables, "unsupported" if undrawable else "pending")


def choose_source(sources: Sequence[Source], source_id: str) -> Source:
    """Find a source by its id, or its number where it has none.

    Raises:
        NotFound: there is none.
    """
    for position, source in enumerate(sources):
        if (source.id or numbered_id(position)) == source_id:
            return source
    raise NotFound("source", source_id)
