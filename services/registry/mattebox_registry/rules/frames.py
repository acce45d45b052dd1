"""A frame's document on its way in: checked, given its ids, and resolved into the preview that is owed for it."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct

from mattebox.models import Frame, Mask, Source, numbered_id
from mattebox_registry.errors import FieldError
from mattebox_registry.records import NewFrame, StoredFrame, Version
from mattebox_registry.rules.faults import field_error, json_fault
from mattebox_registry.rules.ids import new_id
from mattebox_registry.rules.specs import Plan, plan_preview
from mattebox_runtime.labels import LabelsError, check_names, check_values
from mattebox_runtime.style import Style

MAX_ID_LENGTH = 512

_UNREACHABLE_IDS = frozenset((".", ".."))
"""Clients and proxies take these for "this folder" and "the folder above", however they are encoded."""

_ESCAPED_NUL = b"\\u0000"

_frame_decoder = msgspec.json.Decoder(Frame)
_fields_decoder = msgspec.json.Decoder(dict[str, Raw])


class FrameRefused(ValueError):
    """A document that is no frame; `errors` names each fault, `id` is the document's own if it has one."""

    def __init__(self, errors: list[FieldError], id: str | None = None) -> None:  # noqa: A002 - the contract's word
        super().__init__("; ".join(f"{error.loc}: {error.message}" for error in errors))
        self.errors = errors
        self.id = id


class CheckedFrame(Struct, frozen=True, gc=False):
    """A document that is a frame."""

    frame: Frame
    id: str
    id_given: bool
    document: bytes
    """JSON as it came, with its id, without `preview`."""


def read_frame(document: bytes, *, frame_id: str | None = None) -> CheckedFrame:
    """Check a JSON document; `frame_id` is the id it must have, where the path names one.

    Raises:
        FrameRefused: naming the faults.
    """
    document = document.strip()
    frame = _decode(document)
    if frame_id is None and frame.id is not None and _is_plain(frame, document):
        return CheckedFrame(frame, frame.id, True, document)
    wanted = _agree_on_id(frame.id, frame_id)
    errors = _contradictions(frame, may_hold_nul=_ESCAPED_NUL in document)
    if frame_id is not None and ("\0" in frame_id or len(frame_id) > MAX_ID_LENGTH):
        errors.append(FieldError("id", f"Use an id of at most {MAX_ID_LENGTH} characters without NUL."))
    if wanted in _UNREACHABLE_IDS:
        errors.append(FieldError("id", f"Use another id: no URL can hold {wanted!r} as a part of its path."))
    if errors:
        raise FrameRefused(errors, frame.id)
    if frame.id is None or frame.preview is not UNSET:
        document = _rewrite(document, wanted)
    return CheckedFrame(frame, wanted, frame.id is not None, document)


def json_from_msgpack(packed: bytes | Raw) -> bytes:
    """Turn a msgpack document into the JSON document that says the same.

    Raises:
        FrameRefused: JSON cannot say it.
    """
    try:
        value = msgspec.msgpack.decode(packed)
        document = msgspec.json.encode(value)
        # Binary, dates, NaN and keys that are no strings become something else in JSON, so they do not come back.
        if msgspec.json.decode(document) == value:
            return document
    except (msgspec.MsgspecError, UnicodeError, RecursionError, TypeError, ValueError):
        pass
    raise FrameRefused(
        [FieldError("", "Use only what JSON has: no binary, dates, NaN or Infinity, and string keys alone.")]
    )


def new_frame(checked: CheckedFrame, plan: Plan) -> NewFrame:
    """Put together what the store keeps."""
    frame = checked.frame
    return NewFrame(
        checked.id,
        frame.context_id or "",
        0.0 if frame.timestamp is None else float(frame.timestamp),
        checked.document,
        plan.key,
        plan.encoded if plan.state == "pending" else None,
        plan.state,
    )


def frame_of(document: bytes) -> Frame:
    """Read a document that the store keeps."""
    return _frame_decoder.decode(document)


def restyled(stored: StoredFrame | NewFrame, style: Style) -> tuple[NewFrame, Plan]:
    """Resolve a frame under another style than it was."""
    frame = frame_of(stored.document)
    plan = plan_preview(frame, style)
    return new_frame(CheckedFrame(frame, stored.id, True, stored.document), plan), plan


def is_outdated(stored: StoredFrame, version: Version) -> bool:
    """Tell whether a restyle under way, of the version or of one it inherits from, has not reached this frame yet."""
    return version.outdated_after is not None and stored.id > version.outdated_after


def as_of_now(stored: StoredFrame, version: Version, style: Style) -> StoredFrame:
    """Show a frame under the newest style, also where its restyle is still to come."""
    if not is_outdated(stored, version):
        return stored
    renewed, _ = restyled(stored, style)
    if renewed.key == stored.key:
        return stored
    return stored._replace(key=renewed.key, state=renewed.state, error_code=None, error_mask=None)


def _decode(document: bytes) -> Frame:
    try:
        frame = _frame_decoder.decode(document)
        # msgspec skips what it does not read, so that UTF-8 is not proved by decoding alone.
        if not document.isascii():
            document.decode()
    except msgspec.ValidationError as error:
        raise FrameRefused([field_error(error)], _id_of(document)) from error
    except msgspec.DecodeError as error:
        raise FrameRefused([FieldError("", f"Not valid JSON: {json_fault(document, error)}.")]) from error
    except UnicodeDecodeError as error:
        raise FrameRefused([FieldError("", f"Not valid UTF-8 at byte {error.start}.")]) from error
    except RecursionError as error:
        raise FrameRefused([FieldError("", "Nested too deeply.")]) from error
    return frame


def _is_plain(frame: Frame, document: bytes) -> bool:
    """Tell frames, as most are, in which nothing can contradict anything and that are kept as they came."""
    sources = frame.sources
    masks = sources[0].masks
    return (
        len(sources) == 1
        and (not masks or (len(masks) == 1 and not masks[0].labels))
        and b"\\" not in document
        and frame.preview is UNSET
        and frame.id not in _UNREACHABLE_IDS
    )


def _id_of(document: bytes) -> str | None:
    """Find the id of a document that is no frame, so that its sender can tell which it was."""
    try:
        found: Any = msgspec.json.decode(_fields_decoder.decode(document)["id"])
    except (msgspec.MsgspecError, KeyError, UnicodeError, RecursionError):
        return None
    return found if isinstance(found, str) else None


def _agree_on_id(given: str | None, expected: str | None) -> str:
    if expected is not None and given is not None and given != expected:
        raise FrameRefused(
            [FieldError("id", "Differs from the id in the path: leave it out or make them equal.")], given
        )
    return given or expected or new_id()


def _contradictions(frame: Frame, *, may_hold_nul: bool) -> list[FieldError]:
    found: list[FieldError] = []
    sources = frame.sources
    if len(sources) > 1:
        found += _repeated("sources", sources)
    for position, source in enumerate(sources):
        masks = source.masks
        # Most sources have one mask without labels of its own, which cannot contradict anything.
        if masks and (len(masks) > 1 or masks[0].labels):
            found += _mask_faults(f"sources[{position}].masks", masks)
    if may_hold_nul:
        found += _nul_ids(frame)
    return found


def _mask_faults(loc: str, masks: list[Mask]) -> Iterable[FieldError]:
    yield from _repeated(loc, masks)
    for position, mask in enumerate(masks):
        if mask.labels:
            try:
                check_names(mask.labels, f"{loc}[{position}].labels")
                check_values(mask.labels, f"{loc}[{position}].labels")
            except LabelsError as error:
                yield FieldError(error.loc, error.message)


def _repeated(loc: str, items: Iterable[Any]) -> Iterable[FieldError]:
    first_at: dict[str, int] = {}
    for position, item in enumerate(items):
        item_id = item.id or numbered_id(position)
        first = first_at.setdefault(item_id, position)
        if first != position:
            yield FieldError(
                f"{loc}[{position}].id", f"{item_id!r} is the id of {loc}[{first}] too: give each its own."
            )


def _nul_ids(frame: Frame) -> Iterable[FieldError]:
    for loc, text in _identifiers(frame):
        if text and "\0" in text:
            yield FieldError(loc, "Take out the NUL character.")


def _identifiers(frame: Frame) -> Iterable[tuple[str, str | None]]:
    yield "id", frame.id
    yield "context_id", frame.context_id
    for position, source in enumerate(frame.sources):
        loc = f"sources[{position}]"
        yield from _named(loc, source)
        for number, mask in enumerate(source.masks or ()):
            yield f"{loc}.masks[{number}].id", mask.id
            yield f"{loc}.masks[{number}].uri", mask.uri


def _named(loc: str, source: Source) -> Iterable[tuple[str, str | None]]:
    yield f"{loc}.id", source.id
    yield f"{loc}.uri", source.uri


def _rewrite(document: bytes, frame_id: str) -> bytes:
    """Set the id and drop `preview`; every other field keeps its bytes."""
    fields = _fields_decoder.decode(document)
    fields.pop("preview", None)
    fields["id"] = Raw(msgspec.json.encode(frame_id))
    return msgspec.json.encode(fields)
