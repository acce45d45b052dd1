"""Single frames and pages of them over HTTP."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from mattebox.reasons import PREVIEW_STATES, PreviewState
from mattebox_registry.errors import FieldError, InvalidInput
from mattebox_registry.http.bodies import answer_json, read_body, read_document
from mattebox_registry.http.previews import brief_status
from mattebox_registry.http.requests import Query, bad_parameter, write_cursor
from mattebox_registry.keys import SETTINGS, STORE, STYLES, WRITER
from mattebox_registry.records import FramePosition, StoredFrame, Version
from mattebox_registry.rules.frames import FrameRefused, as_of_now, read_frame
from mattebox_registry.rules.previews import standing_of
from mattebox_runtime.style import Style


class FrameIds(Struct, forbid_unknown_fields=True):
    """Frames to delete."""

    ids: Annotated[list[str], Meta(max_length=10_000)]


async def list_page(request: web.Request) -> web.Response:
    """200 a page of frames by context, timestamp and id. Raises NotFound."""
    query = Query(request, ("limit", "cursor", "context_id", "state"))
    limit, after = query.limit(), query.cursor(FramePosition)
    version = await request.app[STORE].version(request.match_info["version"])
    frames = await request.app[STORE].frames(
        version.id, after=after, limit=limit + 1, context_id=query.text("context_id"), state=state_of(query)
    )
    page = frames[:limit]
    following = None
    if len(frames) > limit:
        last = page[-1]
        following = write_cursor(FramePosition(last.context_id, last.timestamp, last.id))
    style = request.app[STYLES].style(version)
    shown = b",".join(_shown(frame, version, style) for frame in page)
    return answer_json(b'{"frames":[%b],"next_cursor":%b}' % (shown, msgspec.json.encode(following)))


async def show(request: web.Request) -> web.Response:
    """200 the document with its preview. Raises NotFound."""
    version_id, frame_id = request.match_info["version"], request.match_info["frame"]
    return await _answer_frame(request, version_id, frame_id)


async def put(request: web.Request) -> web.Response:
    """201 the new frame, or 200 the frame as it is now. Raises NotFound, VersionPublished."""
    version_id, frame_id = request.match_info["version"], request.match_info["frame"]
    writer = request.app[WRITER]
    batch = await writer.batch(version_id)
    document = await read_document(request, request.app[SETTINGS].max_frame_bytes)
    try:
        batch.add(read_frame(document, frame_id=frame_id))
    except FrameRefused as error:
        raise InvalidInput("invalid_frame", "The document is no frame.", error.errors) from error
    outcome = await writer.put(version_id, batch)
    return await _answer_frame(request, version_id, frame_id, status=201 if outcome.created else 200)


async def delete(request: web.Request) -> web.Response:
    """204: gone. Raises NotFound, VersionPublished."""
    version_id, frame_id = request.match_info["version"], request.match_info["frame"]
    await request.app[STORE].frame(version_id, frame_id)
    await request.app[WRITER].delete(version_id, [frame_id])
    return web.Response(status=204)


async def delete_many(request: web.Request) -> web.Response:
    """200 how many of the frames there were. Raises NotFound, VersionPublished."""
    ids = (await read_body(request, FrameIds)).ids
    deleted = await request.app[WRITER].delete(request.match_info["version"], ids)
    return answer_json({"deleted": deleted})


async def _answer_frame(request: web.Request, version_id: str, frame_id: str, *, status: int = 200) -> web.Response:
    version = await request.app[STORE].version(version_id)
    stored = await request.app[STORE].frame(version_id, frame_id)
    return answer_json(_shown(stored, version, request.app[STYLES].style(version)), status=status)


def _shown(stored: StoredFrame, version: Version, style: Style) -> bytes:
    """Give the document as it came, with `preview` as its last field."""
    current = as_of_now(stored, version, style)
    preview = brief_status(standing_of(current), version.id, stored.id)
    return b'%b,"preview":%b}' % (stored.document[:-1].rstrip(), msgspec.json.encode(preview))


def state_of(query: Query) -> PreviewState | None:
    """Read the state that a list is narrowed to."""
    value = query.text("state")
    for state in PREVIEW_STATES:
        if value == state:
            return state
    if value is None:
        return None
    raise bad_parameter(FieldError("state", f"Use one of {', '.join(PREVIEW_STATES)}."))
