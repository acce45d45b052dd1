"""What travels over the streams: jobs to the renderers, results back to the registry.

An entry of a stream has one field, `e`, that holds a msgpack map with a version field `v`. Readers ignore fields they
do not know; an event of a newer major version is refused with CodecError and left to a newer build.
"""

from typing import Any, Literal, TypeVar

import msgspec

from mattebox.reasons import PreviewState
from mattebox_runtime import codec
from mattebox_runtime.spec import RenderSpec, decode_spec

EVENT_VERSION = 1
FIELD = b"e"

Lane = Literal["bulk", "interactive"]


class RenderEvent(msgspec.Struct, frozen=True, tag_field="v", tag=EVENT_VERSION):
    """FrameAdded on the bulk lane, PreviewRequested on the interactive lane: draw `spec`, cache it under `key`."""

    type: Literal["frame_added", "preview_requested"]
    key: bytes
    version: str
    frame: str
    spec: bytes
    """Encoded RenderSpec; kept packed because the registry stores it so and only the renderer reads it."""
    force: bool = False
    """Draw even when a cached preview is there: the bytes behind the URI changed."""

    def render_spec(self) -> RenderSpec:
        """Decode the spec.

        Raises:
            CodecError: not a spec.
        """
        return decode_spec(self.spec)


class Failure(msgspec.Struct, frozen=True):
    """Why a preview or one of its masks could not be drawn: a code of `mattebox.reasons`, never a library's words."""

    code: str
    mask: str | None = None


class RenderResult(msgspec.Struct, frozen=True, tag_field="v", tag=EVENT_VERSION):
    """PreviewRendered or PreviewFailed: how the job `seq` of a lane ended."""

    type: Literal["preview_rendered", "preview_failed", "table_missing"]
    """`table_missing`: Redis lost a label table; nothing was drawn and the registry must publish both again."""
    key: bytes
    seq: int
    state: PreviewState
    attempts: int = 1
    failure: Failure | None = None
    report: bytes | None = None
    """Packed mask report, without label names: the registry adds those of the version."""
    duration_ms: float | None = None
    worker: str | None = None

    def __post_init__(self) -> None:
        # A result that left its preview pending would settle the job, and nobody would draw it any more.
        if (self.state == "pending") != (self.type == "table_missing"):
            msg = f"a result of type {self.type} cannot leave its preview {self.state}"
            raise ValueError(msg)


class CachedPreview(msgspec.Struct, frozen=True, tag_field="v", tag=EVENT_VERSION):
    """A preview as it lies in Redis under `redis_keys.preview(key)`."""

    key: bytes
    state: Literal["ready", "partial"]
    content_type: str
    width: int
    height: int
    body: bytes
    report: bytes
    failure: Failure | None = None
    """The first mask that could not be read, of a partial preview."""


def encode(record: RenderEvent | RenderResult | CachedPreview) -> bytes:
    """Pack an event, a result or a cached preview with the version of this build."""
    # msgspec writes and reads the same bytes as `codec` in a third of the time.
    return _encoder.encode(record)


class _Versioned(msgspec.Struct):
    v: Any = None


_Record = TypeVar("_Record")

_encoder = msgspec.msgpack.Encoder()
_versioned = msgspec.msgpack.Decoder(_Versioned)
_event = msgspec.msgpack.Decoder(RenderEvent)
_result = msgspec.msgpack.Decoder(RenderResult)
_cached_preview = msgspec.msgpack.Decoder(CachedPreview)


def _decode(data: bytes, decoder: msgspec.msgpack.Decoder[_Record]) -> _Record:
    if len(data) > codec.MAX_BYTES:
        msg = f"a record of {len(data)} bytes is over the limit of {codec.MAX_BYTES}"
        raise codec.CodecError(msg)
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        version = _version_of(data)
        if version in (None, EVENT_VERSION):
            msg = f"not a record: {error}"
        else:
            msg = f"record version {version!r} is not read by this build (version {EVENT_VERSION})"
        raise codec.CodecError(msg) from error


def _version_of(data: bytes) -> Any:
    try:
        return _versioned.decode(data).v
    except (msgspec.DecodeError, RecursionError):
        return None


def decode_event(data: bytes) -> RenderEvent:
    """Read a job.

    Raises:
        CodecError: not a job this build can read.
    """
    return _decode(data, _event)


def decode_result(data: bytes) -> RenderResult:
    """Read a result.

    Raises:
        CodecError: not a result this build can read.
    """
    return _decode(data, _result)


def decode_cached_preview(data: bytes) -> CachedPreview:
    """Read a cached preview.

    Raises:
        CodecError: not a cached preview this build can read.
    """
    return _decode(data, _cached_preview)
