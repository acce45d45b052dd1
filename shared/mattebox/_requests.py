"""Every route of the API, as a function that builds its request."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from mattebox._protocol import Repeat, Request, json_request, path
from mattebox.answers import (
    AddedFrames,
    Blob,
    Dataset,
    DatasetPage,
    DeletedFrames,
    Delivery,
    FramePage,
    LoginCode,
    MaskLabelTable,
    NewToken,
    PreviewCounts,
    PreviewStatus,
    PreviewStatuses,
    Readiness,
    Scope,
    Token,
    TokenPage,
    Version,
    VersionPage,
)
from mattebox.errors import PreviewFailed
from mattebox.labels import MaskLabelsInput, mask_labels_document
from mattebox.models import Frame
from mattebox.previews import IndexMapOptions, PreviewOptions, Scene, query_of
from mattebox.statistics import VersionStatistics

FrameLike = Frame | Mapping[str, Any]
"""A frame, or its document."""


class FrameLine(msgspec.Struct, frozen=True, gc=False):
    """A frame's document as it travels."""

    id: str | None
    """None where the registry gives it one."""
    document: bytes
    """JSON without line breaks."""


ID_BATCH = 1000
"""Frame ids in one request at most."""

FRAME_PAGE = 500
"""Frames in a page: few enough to come quickly, many enough not to ask often."""

NDJSON = "application/x-ndjson"

Nothing = type(None)


def parameters(**values: str | float | bool | None) -> tuple[tuple[str, str], ...]:
    """Spell the parameters that are given."""
    return tuple((name, _spelled(value)) for name, value in values.items() if value is not None)


def _spelled(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def readiness() -> Request[Readiness]:
    return Request("GET", "/readyz", Readiness, accepts=frozenset({503}))


def delivery() -> Request[Delivery]:
    return Request("GET", path("delivery"), Delivery)


def create_dataset(fields: Mapping[str, Any]) -> Request[Dataset]:
    return json_request("POST", path("datasets"), Dataset, fields)


def datasets(*, name: str | None = None, cursor: str | None = None, limit: int | None = None) -> Request[DatasetPage]:
    return Request("GET", path("datasets"), DatasetPage, parameters(name=name, cursor=cursor, limit=limit))


def dataset(dataset_id: str) -> Request[Dataset]:
    return Request("GET", path("datasets", dataset_id), Dataset)


def update_dataset(dataset_id: str, changes: Mapping[str, Any]) -> Request[Dataset]:
    return json_request("PATCH", path("datasets", dataset_id), Dataset, changes, repeat="always")


def delete_dataset(dataset_id: str, *, force: bool) -> Request[None]:
    return Request("DELETE", path("datasets", dataset_id), Nothing, parameters(force=force or None))


def create_version(dataset_id: str, fields: Mapping[str, Any]) -> Request[Version]:
    return json_request("POST", path("datasets", dataset_id, "versions"), Version, fields)


def versions(
    dataset_id: str, *, name: str | None = None, cursor: str | None = None, limit: int | None = None
) -> Request[VersionPage]:
    query = parameters(name=name, cursor=cursor, limit=limit)
    return Request("GET", path("datasets", dataset_id, "versions"), VersionPage, query)


def version(version_id: str) -> Request[Version]:
    return Request("GET", path("versions", version_id), Version)


def update_version(version_id: str, changes: Mapping[str, Any]) -> Request[Version]:
    return json_request("PATCH", path("versions", version_id), Version, changes, repeat="always")


def delete_version(version_id: str, *, force: bool) -> Request[None]:
    return Request("DELETE", path("versions", version_id), Nothing, parameters(force=force or None))


def publish(version_id: str) -> Request[Version]:
    return Request("POST", path("versions", version_id, "publish"), Version)


def mask_labels(version_id: str) -> Request[MaskLabelTable]:
    return Request("GET", path("versions", version_id, "mask-labels"), MaskLabelTable)


def set_mask_labels(version_id: str, labels: MaskLabelsInput) -> Request[MaskLabelTable]:
    body = {"mask_labels": mask_labels_document(labels)}
    return json_request("PUT", path("versions", version_id, "mask-labels"), MaskLabelTable, body, repeat="always")


def add_frames(version_id: str, frames: Sequence[FrameLike]) -> Request[AddedFrames]:
    lines = msgspec.json.Encoder().encode_lines(frames)
    return _frames_request(version_id, lines, named=all(_has_id(frame) for frame in frames))


def add_lines(version_id: str, lines: Sequence[FrameLine]) -> Request[AddedFrames]:
    body = b"\n".join([line.document for line in lines])
    return _frames_request(version_id, body, named=all(line.id for line in lines))


def _frames_request(version_id: str, lines: bytes, *, named: bool) -> Request[AddedFrames]:
    # Frames that all have ids can be sent twice: the second time they are known.
    repeat: Repeat = "always" if named else "if_refused"
    return msgspec.structs.replace(stream_frames(version_id), body=lines, repeat=repeat)


def stream_frames(version_id: str) -> Request[AddedFrames]:
    """Build the request for frames that are sent as an NDJSON stream."""
    target = path("versions", version_id, "frames")
    return Request("POST", target, AddedFrames, headers={"Content-Type": NDJSON}, repeat="if_refused")


def _has_id(frame: FrameLike) -> bool:
    return bool(frame.id if isinstance(frame, Frame) else frame.get("id"))


def frames(
    version_id: str,
    *,
    context_id: str | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Request[FramePage]:
    query = parameters(context_id=context_id, state=state, cursor=cursor, limit=limit)
    return Request("GET", path("versions", version_id, "frames"), FramePage, query)


def frame(version_id: str, frame_id: str) -> Request[dict[str, Any]]:
    return Request("GET", path("versions", version_id, "frames", frame_id), dict[str, Any])


def put_frame(version_id: str, frame_id: str, document: FrameLike) -> Request[dict[str, Any]]:
    target = path("versions", version_id, "frames", frame_id)
    return json_request("PUT", target, dict[str, Any], document, repeat="always")


def delete_frame(version_id: str, frame_id: str) -> Request[None]:
    return Request("DELETE", path("versions", version_id, "frames", frame_id), Nothing)


def delete_frames(version_id: str, frame_ids: Sequence[str]) -> Request[DeletedFrames]:
    target = path("versions", version_id, "frames", "delete")
    return json_request("POST", target, DeletedFrames, {"ids": list(frame_ids)}, repeat="always")


def preview(version_id: str, frame_id: str, options: PreviewOptions, *, wait_s: float) -> Request[bytes]:
    return Request(
        "GET",
        path("versions", version_id, "frames", frame_id, "preview"),
        bytes,
        (*query_of(options), *parameters(wait=f"{wait_s:g}")),
        headers={"Accept": "image/webp, image/*, application/json"},
        refusals={422: PreviewFailed},
    )


def index_map(version_id: str, frame_id: str, mask: str, options: IndexMapOptions, *, wait_s: float) -> Request[bytes]:
    return Request(
        "GET",
        path("versions", version_id, "frames", frame_id, "preview", "index"),
        bytes,
        (("mask", mask), *query_of(options), *parameters(wait=f"{wait_s:g}")),
        headers={"Accept": "image/png, application/json"},
        refusals={422: PreviewFailed},
    )


def preview_status(version_id: str, frame_id: str, options: Scene) -> Request[PreviewStatus]:
    target = path("versions", version_id, "frames", frame_id, "preview", "status")
    return Request("GET", target, PreviewStatus, query_of(options))


def preview_statuses(version_id: str, frame_ids: Sequence[str]) -> Request[PreviewStatuses]:
    target = path("versions", version_id, "previews", "status")
    return json_request("POST", target, PreviewStatuses, {"frame_ids": list(frame_ids)}, repeat="always")


def preview_counts(version_id: str) -> Request[PreviewCounts]:
    return Request("GET", path("versions", version_id, "previews"), PreviewCounts)


def statistics(version_id: str) -> Request[VersionStatistics]:
    return Request("GET", path("versions", version_id, "statistics"), VersionStatistics)


def refresh(version_id: str, frame_id: str, options: PreviewOptions) -> Request[None]:
    target = path("versions", version_id, "frames", frame_id, "preview", "refresh")
    return Request("POST", target, Nothing, query_of(options))


def events(version_id: str, last_event_id: str | None) -> Request[None]:
    headers = {"Accept": "text/event-stream"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    return Request("GET", path("versions", version_id, "events"), Nothing, headers=headers)


def has_blob(sha256: str) -> Request[None]:
    return Request("HEAD", path("blobs", sha256), Nothing)


def blob(sha256: str) -> Request[bytes]:
    return Request("GET", path("blobs", sha256), bytes)


def upload() -> Request[Blob]:
    return Request("POST", path("blobs"), Blob, headers={"Content-Type": "application/octet-stream"})


def create_token(name: str, scopes: Sequence[Scope]) -> Request[NewToken]:
    return json_request("POST", path("tokens"), NewToken, {"name": name, "scopes": list(scopes)})


def tokens(*, cursor: str | None = None) -> Request[TokenPage]:
    return Request("GET", path("tokens"), TokenPage, parameters(cursor=cursor))


def revoke_token(token_id: str) -> Request[Token]:
    return Request("DELETE", path("tokens", token_id), Token)


def id_batches(frame_ids: Iterable[str]) -> Iterator[list[str]]:
    """Part ids into what one request may hold."""
    remaining = iter(frame_ids)
    while batch := list(islice(remaining, ID_BATCH)):
        yield batch


def create_login_code() -> Request[LoginCode]:
    return Request("POST", path("login-codes"), LoginCode)
