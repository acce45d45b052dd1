"""Previews, events and uploads."""

from typing import Any

from msgspec import Struct

from mattebox.answers import Blob, PreviewCounts, PreviewStatus
from mattebox_registry.http.openapi.frames import DefaultPreview
from mattebox_registry.http.openapi.model import (
    BINARY,
    JSON,
    NOT_FOUND,
    Answer,
    Body,
    Operation,
    Parameter,
    Part,
    answer,
    number,
    one_of,
    string,
)
from mattebox_registry.http.preview_query import FORMATS, MAX_WAIT_S, MODES
from mattebox_registry.http.previews import StatusBatch
from mattebox_runtime.options import DEFAULT_SIZE, MAX_OUTLINE_PX, SIZES
from mattebox_runtime.spec import CONTENT_TYPES


class OwedPreview(Struct):
    """A preview that is being drawn."""

    state: str
    key: str
    status_url: str


class PreviewStatusBatch(Struct):
    """How default previews stand, by frame id, and the ids of which there is no frame."""

    previews: dict[str, DefaultPreview]
    unknown: list[str]


_COLOR = r"^#[0-9a-fA-F]{6}$"


def _by_mask(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": schema}


_ESCAPES = r"Inside of a name, a comma is written `\,` and a backslash `\\`."

PREVIEW_QUERY = (
    Parameter("source", "Source id; the first source if not given.", string()),
    Parameter("masks", "Comma-separated mask ids, in the order of drawing; empty for no mask, all if not given. "
              + _ESCAPES, string(example="road,sky")),
    Parameter("mode", "How masks are applied.", one_of(*MODES, default="auto")),
    Parameter("mode.<mask id>", "The same for one mask.", one_of(*MODES)),
    Parameter("opacity", "Opacity of masks; 0.6 in segmentation mode and 1 in alpha mode if not given.", number(0, 1)),
    Parameter("opacity.<mask id>", "The same for one mask.", number(0, 1)),
    Parameter("tint.<mask id>", "Colour that tells an alpha mask from others.", string(pattern=_COLOR)),
    Parameter("background", "`#rrggbb` or `transparent`, behind alpha masks.", string(default="#000000")),
    Parameter("hide", "Comma-separated labels that are not painted. " + _ESCAPES, string()),
    Parameter("unmapped", "`hide`, or `#rrggbb` for pixels without a label.", string(default="hide")),
    Parameter("outline", "Width of label borders in pixels.",
              {"type": "integer", "minimum": 0, "maximum": MAX_OUTLINE_PX, "default": 0}),
    Parameter("size", "Longest side in pixels, or `full`.",
              one_of(*map(str, SIZES), "full", default=str(DEFAULT_SIZE))),
    Parameter("format", "Format of the picture; by `Accept` if not given, WebP first.", one_of(*FORMATS)),
    Parameter("wait", "Seconds to wait for a preview that is not there yet.", number(0, MAX_WAIT_S, default=0)),
)  # fmt: skip

_BAD_QUERY = {400: "bad_parameter"} | NOT_FOUND
_QUEUE = {429: "too_many_requested"}
_OWED = answer(
    "It is being drawn: come back.",
    OwedPreview,
    **{"Location": "Where its status is.", "Retry-After": "Seconds after which to come back, by how much waits."},
)

PREVIEWS = Part(
    "Previews",
    "The picture of a source with its masks. The same query of the same frame gives the same key, which is the ETag.",
    (
        Operation(
            "GET", "/api/v1/versions/{version}/frames/{frame}/preview", "Get a preview", "read",
            {
                200: Answer(
                    "The picture.", dict.fromkeys(CONTENT_TYPES.values(), BINARY),
                    {"ETag": "The preview's key.", "Mattebox-State": "`ready` or `partial`: a mask could not be read.",
                     "Cache-Control": "`private`", "Vary": "`Accept`"},
                ),
                202: _OWED,
                304: Answer("The client has it already.", headers={"ETag": "The preview's key."}),
            },
            (
                *PREVIEW_QUERY,
                Parameter("If-None-Match", "ETag of a picture that the client has.", string(), "header"),
            ),
            problems=_BAD_QUERY | _QUEUE | {422: "the reason why it cannot be drawn, as `source_not_found`"},
            description="A preview that is not there is drawn at once, ahead of ingested frames.",
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/frames/{frame}/preview/index", "Get an index map", "read",
            {
                200: Answer(
                    "A grey PNG of the preview's size: each pixel is the `index` of its entry in the legend that the "
                    "preview's status gives, 0 where there is none. 8 bits up to 255 entries, else 16. Of an alpha "
                    "mask, its opacity from 0 to 255.", {CONTENT_TYPES["index"]: BINARY},
                    {"ETag": "The map's key.", "Cache-Control": "`private`"},
                ),
                202: _OWED,
                304: Answer("The client has it already.", headers={"ETag": "The map's key."}),
            },
            (
                Parameter("mask", "Mask id.", string(), required=True),
                *(parameter for parameter in PREVIEW_QUERY if parameter.name in {"source", "mode", "size", "wait"}),
                Parameter("If-None-Match", "ETag of a map that the client has.", string(), "header"),
            ),
            problems=_BAD_QUERY | _QUEUE | {422: "the reason why it cannot be drawn, as `mask_not_found`"},
            description="For viewers that colour and name the pixels of a mask by themselves. The key depends on the "
            "values that are declared, not on their colours and opacities.",
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/frames/{frame}/preview/status", "Read a preview's status", "read",
            {200: answer("How it stands, with the mask report once it is drawn. A pending preview that is not "
                         "`queued` is drawn once it is got.", PreviewStatus)},
            PREVIEW_QUERY, problems=_BAD_QUERY,
        ),
        Operation(
            "POST", "/api/v1/versions/{version}/frames/{frame}/preview/refresh", "Draw a preview again", "ingest",
            {202: _OWED}, PREVIEW_QUERY, problems=_BAD_QUERY | _QUEUE,
            description="After the file behind a URI changed, or to try again what failed.",
        ),
        Operation(
            "POST", "/api/v1/versions/{version}/previews/status", "Read many statuses", "read",
            {200: answer("How the default previews stand.", PreviewStatusBatch)},
            body=Body("Up to 1,000 frames.", {JSON: StatusBatch}, {"frame_ids": ["drive-0001"]}),
            problems={400: "invalid_body, bad_json, too_many_frames", 415: "wrong_content_type"} | NOT_FOUND,
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/previews", "Count previews by state", "read",
            {200: answer("Frames by the state of their default preview.", PreviewCounts)}, problems=_BAD_QUERY,
        ),
    ),
)  # fmt: skip

EVENTS = Part(
    "Events",
    "What happens in a version, pushed instead of polled.",
    (
        Operation(
            "GET", "/api/v1/versions/{version}/events", "Follow a version", "read",
            {200: Answer("Server-sent events: `preview` with frame id, state and key; `frames` with counts by state.",
                         {"text/event-stream": {"type": "string"}})},
            (
                Parameter("Last-Event-ID", "Id of the last event received, to resume after it.", string(), "header"),
                Parameter("last_event_id", "The same, where headers cannot be set.", string()),
            ),
            problems=_BAD_QUERY | {429: "too_many_streams"},
            description="A comment every 15 seconds keeps the connection. A client that reads too slowly is cut off "
            "and resumes where it was.",
        ),
    ),
)  # fmt: skip

BLOBS = Part(
    "Uploads",
    "Local files, stored under the digest of their bytes and used by frames as `blob:<sha256>`.",
    (
        Operation(
            "POST", "/api/v1/blobs", "Upload a file", "ingest",
            {201: answer("Its uri: the same for the same bytes.", Blob)},
            body=Body("The bytes.", {"application/octet-stream": BINARY}),
            problems={400: "empty_body"},
        ),
        Operation(
            "GET", "/api/v1/blobs/{sha256}", "Download a file, or ask by HEAD whether it is there", "read",
            {200: Answer("Its bytes.", {"application/octet-stream": BINARY})}, problems=NOT_FOUND,
        ),
    ),
)  # fmt: skip
