"""What the masks of a version come to, over HTTP."""

from aiohttp import web

from mattebox_registry.http.bodies import answer_json
from mattebox_registry.http.requests import Query
from mattebox_registry.keys import STATISTICS


async def show(request: web.Request) -> web.Response:
    """200 the sums as far as they are known. Raises NotFound."""
    Query(request)
    return answer_json(await request.app[STATISTICS].of(request.match_info["version"]))
