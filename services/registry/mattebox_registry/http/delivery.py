"""Who draws, and what there is to draw."""

from typing import Any

from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from mattebox.answers import Delivery, LaneDepth
from mattebox_registry.errors import NotReady
from mattebox_registry.http import requests
from mattebox_registry.http.bodies import answer_json
from mattebox_registry.keys import DELIVERY, STORE
from mattebox_runtime import redis_keys
from mattebox_runtime.events import Lane
from mattebox_runtime.streams.client import lost_group
from mattebox_runtime.streams.consumer import LANES, lane_stream
from mattebox_runtime.streams.roll import call_roll


async def get_delivery(request: web.Request) -> web.Response:
    """200: the renderers that are alive and the depth of each lane. Raises NotReady where Redis is down."""
    requests.Query(request)
    redis = request.app[DELIVERY].redis
    try:
        renderers = await call_roll(redis)
        lanes: dict[str, LaneDepth] = {lane: await _depth(request, redis, lane) for lane in LANES}
    except (RedisError, OSError) as error:
        raise NotReady({"redis": "down"}) from error
    return answer_json(Delivery(renderers, lanes))


async def _depth(request: web.Request, redis: Redis, lane: Lane) -> LaneDepth:
    store = request.app[STORE]
    stream = lane_stream(store.generation, lane)
    under_way = await _handed_out(redis, stream)
    # A job is deleted when it is settled: what is in the stream and was handed to nobody waits.
    waiting = await redis.xlen(stream) - under_way
    return LaneDepth(await store.backlog(lane), max(waiting, 0), under_way)


async def _handed_out(redis: Redis, stream: str) -> int:
    try:
        pending: dict[str, Any] = await redis.xpending(stream, redis_keys.GROUP)
    except ResponseError as error:
        if lost_group(error):
            return 0
        raise
    return int(pending["pending"])
