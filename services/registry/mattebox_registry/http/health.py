"""Whether the process lives, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable

import structlog
from aiohttp import web
from redis.exceptions import RedisError

from mattebox_registry.errors import NotReady, StorageBusy, StorageFull
from mattebox_registry.http.bodies import answer_json
from mattebox_registry.keys import DELIVERY, STORE

CHECK_TIMEOUT_S = 2.0

log = structlog.get_logger()


async def get_health(_request: web.Request) -> web.Response:
    """200: the process answers."""
    return answer_json({"status": "ok"})


async def get_readiness(request: web.Request) -> web.Response:
    """200: database and Redis answer, and jobs are delivered. Raises NotReady naming what is not so."""
    delivery = request.app[DELIVERY]
    store, redis = await asyncio.gather(
        _answers("store", request.app[STORE].ping()), _answers("redis", delivery.redis.ping())
    )
    stalled = delivery.stalled()
    if stalled:
        log.warning("not ready", part="delivery", loops=stalled)
    well = {"store": store, "redis": redis, "delivery": not stalled}
    checks = {part: "ok" if answers else "down" for part, answers in well.items()}
    if not all(well.values()):
        raise NotReady(checks)
    return answer_json({"status": "ok", "checks": checks})


async def _answers(part: str, ping: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await ping
    except (RedisError, StorageBusy, StorageFull, OSError, TimeoutError) as error:
        log.warning("not ready", part=part, error=type(error).__name__)
        return False
    return True
