"""Where frames stand in a list over HTTP: what a viewer needs to reach the middle of a million of them."""

from aiohttp import web

from mattebox_registry.errors import FieldError
from mattebox_registry.http.bodies import answer_json
from mattebox_registry.http.frames import state_of
from mattebox_registry.http.requests import Query, bad_parameter, write_cursor
from mattebox_registry.keys import STORE
from mattebox_registry.records import FramePosition

MAX_EVERY = 10_000
DEFAULT_EVERY = 1_000


async def list_marks(request: web.Request) -> web.Response:
    """200 the cursors that lie every so many frames in a list. Raises NotFound."""
    query = Query(request, ("every", "limit", "cursor", "context_id", "state"))
    marks, rest = await request.app[STORE].frame_marks(
        request.match_info["version"],
        every=_every(query),
        limit=query.limit(),
        after=query.cursor(FramePosition),
        context_id=query.text("context_id"),
        state=state_of(query),
    )
    cursors = [write_cursor(mark) for mark in marks]
    following = cursors[-1] if rest is None else None
    return answer_json({"marks": cursors, "rest": rest, "next_cursor": following})


async def show_rank(request: web.Request) -> web.Response:
    """200 how many frames of a list stand before a frame. Raises NotFound."""
    query = Query(request, ("context_id", "state"))
    rank = await request.app[STORE].frame_rank(
        request.match_info["version"],
        request.match_info["frame"],
        context_id=query.text("context_id"),
        state=state_of(query),
    )
    return answer_json({"rank": rank})


async def show_neighbours(request: web.Request) -> web.Response:
    """200 the frames before and after a frame, in the order of the version. Raises NotFound."""
    limit = Query(request, ("limit",)).limit()
    version_id, frame_id = request.match_info["version"], request.match_info["frame"]
    before, place, after = await request.app[STORE].neighbours(version_id, frame_id, limit)
    return answer_json(
        {
            "before": [position._asdict() for position in before],
            "frame": place._asdict(),
            "after": [position._asdict() for position in after],
        }
    )


async def list_contexts(request: web.Request) -> web.Response:
    """200 a page of the contexts by id, with the counts of their frames. Raises NotFound."""
    query = Query(request, ("limit", "cursor", "state"))
    limit = query.limit()
    contexts = await request.app[STORE].contexts(
        request.match_info["version"], after=query.cursor(str), limit=limit + 1, state=state_of(query)
    )
    page = contexts[:limit]
    following = write_cursor(page[-1].id) if len(contexts) > limit else None
    return answer_json({"contexts": [context._asdict() for context in page], "next_cursor": following})


def _every(query: Query) -> int:
    value = query.text("every") or str(DEFAULT_EVERY)
    if not (value.isascii() and value.isdigit() and len(value) <= 5 and 1 <= int(value) <= MAX_EVERY):
        raise bad_parameter(FieldError("every", f"Use a whole number from 1 to {MAX_EVERY}."))
    return int(value)
