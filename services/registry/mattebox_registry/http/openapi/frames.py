"""Frames."""

from typing import Any

from msgspec import Struct

from mattebox.answers import AddedFrames, DeletedFrames, PreviewError
from mattebox.models import Frame
from mattebox.reasons import PREVIEW_STATES, PreviewState
from mattebox_registry.http.frames import FrameIds
from mattebox_registry.http.openapi.model import (
    JSON,
    NO_CONTENT,
    NOT_FOUND,
    PAGING,
    Body,
    Operation,
    Parameter,
    Part,
    answer,
    one_of,
    string,
)
from mattebox_registry.http.places import DEFAULT_EVERY, MAX_EVERY


class DefaultPreview(Struct):
    """How a frame's default preview stands."""

    state: PreviewState
    key: str
    url: str
    inherited_from: str | None = None
    error: PreviewError | None = None


class FrameWithPreview(Frame, kw_only=True):
    """A frame document as it was registered, unknown fields too, with its default preview."""

    preview: DefaultPreview  # type: ignore[assignment]  # answers always have it


class FramesPage(Struct):
    """Some frames of a version."""

    frames: list[FrameWithPreview]
    next_cursor: str | None = None


class FrameMarksPage(Struct):
    """Cursors of a list of frames."""

    marks: list[str]
    rest: int | None = None
    next_cursor: str | None = None


class Context(Struct):
    """What frames have in common that name the same context."""

    id: str
    frame_count: int


class ContextsPage(Struct):
    """Some contexts of a version."""

    contexts: list[Context]
    next_cursor: str | None = None


class FrameRank(Struct):
    """Where a frame stands in a list."""

    rank: int


class FramePlace(Struct):
    """A frame by its place in the order of its version."""

    id: str
    context_id: str
    timestamp: float
    """0 where the frame has none."""


class FrameNeighbours(Struct):
    """A frame and those around it."""

    before: list[FramePlace]
    frame: FramePlace
    after: list[FramePlace]


class FramesBody(Struct):
    """Frames in an object, where an array cannot be sent."""

    frames: list[Frame]


_FRAMES = list[Frame] | FramesBody

_FRAME: dict[str, Any] = {
    "id": "drive-0001",
    "context_id": "drive",
    "timestamp": 0,
    "sources": [
        {
            "uri": "https://example.com/drive/0001.jpg",
            "content_type": "image/jpeg",
            "masks": [{"id": "classes", "uri": "https://example.com/drive/0001_mask.png", "content_type": "image/png"}],
        }
    ],
}

_CONTEXT = Parameter("context_id", "Only frames of this context.", string())
_STATE = Parameter("state", "Only frames whose default preview is in this state.", one_of(*PREVIEW_STATES))

_EVERY = Parameter(
    "every",
    "Frames from mark to mark.",
    {"type": "integer", "minimum": 1, "maximum": MAX_EVERY, "default": DEFAULT_EVERY},
)

_PUBLISHED = NOT_FOUND | {409: "version_published"}

FRAMES = Part(
    "Frames",
    "A frame is one item of a version: sources with their masks, by URI. Fields that Mattebox does not know are kept.",
    (
        Operation(
            "POST", "/api/v1/versions/{version}/frames", "Add or update frames", "ingest",
            {200: answer("What the frames came to. All but the rejected ones are on disk.", AddedFrames)},
            body=Body(
                "An array, an object with `frames`, or a stream of any length with a frame on each line.",
                {JSON: _FRAMES, "application/x-ndjson": Frame, "application/msgpack": _FRAMES},
                [_FRAME],
            ),
            problems={400: "bad_json, bad_msgpack, empty_body, not_frames", 415: "wrong_content_type"} | _PUBLISHED,
            description="Bad frames are rejected one by one and the rest is stored. A frame without an id gets one; "
            "the same id again is an update. The body may come as `Content-Encoding: gzip`. Where it cannot be read to "
            "its end, or hardly anything in it is a frame, the problem tells what was stored: `created`, `updated` "
            "and `rejected_count`.",
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/frames", "List frames", "read",
            {200: answer("Frames in the order of context, timestamp and id.", FramesPage)},
            (
                *PAGING,
                _CONTEXT,
                _STATE,
            ),
            problems={400: "bad_parameter, bad_cursor"} | NOT_FOUND,
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/frame-marks", "Mark a list of frames", "read",
            {200: answer("A cursor for each `every` frames: a page of frames that begins there. `rest` frames follow "
                         "the last one, null where there is another page of marks.", FrameMarksPage)},
            (*PAGING, _EVERY, _CONTEXT, _STATE),
            problems={400: "bad_parameter, bad_cursor"} | NOT_FOUND,
            description="For jumps far into a list: its marks can be had at once, its pages one after the other only.",
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/contexts", "List contexts", "read",
            {200: answer("Contexts by id with how many frames they have; the empty id stands for frames without one.",
                         ContextsPage)},
            (*PAGING, _STATE), problems={400: "bad_parameter, bad_cursor"} | NOT_FOUND,
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/frames/{frame}/rank", "Find a frame in a list", "read",
            {200: answer("How many frames of the list stand before it, in the list or not.", FrameRank)},
            (_CONTEXT, _STATE), problems={400: "bad_parameter"} | NOT_FOUND,
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/frames/{frame}/neighbours", "List a frame's neighbours", "read",
            {200: answer("The frames before and after it, in the order of the version.", FrameNeighbours)},
            (PAGING[0],), problems={400: "bad_parameter"} | NOT_FOUND,
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/frames/{frame}", "Read a frame", "read",
            {200: answer("The frame.", FrameWithPreview)}, problems=NOT_FOUND,
        ),
        Operation(
            "PUT", "/api/v1/versions/{version}/frames/{frame}", "Put a frame", "ingest",
            {200: answer("The frame as stored; it was there before.", FrameWithPreview),
             201: answer("The frame as stored; it is new.", FrameWithPreview)},
            body=Body("The frame.", {JSON: Frame}, _FRAME),
            problems={400: "invalid_frame", 415: "wrong_content_type"} | _PUBLISHED,
        ),
        Operation(
            "DELETE", "/api/v1/versions/{version}/frames/{frame}", "Delete a frame", "ingest",
            {204: NO_CONTENT}, problems=_PUBLISHED,
        ),
        Operation(
            "POST", "/api/v1/versions/{version}/frames/delete", "Delete many frames", "ingest",
            {200: answer("How many of them there were.", DeletedFrames)},
            body=Body("The frames.", {JSON: FrameIds}, {"ids": ["drive-0001"]}),
            problems={400: "invalid_body, bad_json", 415: "wrong_content_type"} | _PUBLISHED,
        ),
    ),
)  # fmt: skip
