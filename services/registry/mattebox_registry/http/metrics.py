"""The metrics page for Prometheus."""

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from mattebox_registry.keys import METRICS, STORE
from mattebox_runtime.streams.consumer import LANES


async def get_metrics(request: web.Request) -> web.Response:
    """200 every metric in the text format."""
    metrics = request.app[METRICS]
    for lane in LANES:
        metrics.backlog_jobs.labels(lane).set(await request.app[STORE].backlog(lane))
        metrics.outbox_jobs.labels(lane).set(await request.app[STORE].outstanding(lane))
    return web.Response(body=generate_latest(metrics.collectors), headers={"Content-Type": CONTENT_TYPE_LATEST})
