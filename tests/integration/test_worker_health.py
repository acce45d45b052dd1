"""How a renderer's health is seen from outside."""

import json
from collections.abc import AsyncGenerator

import pytest
from aiohttp import ClientSession

from mattebox_renderer.app import is_well
from mattebox_renderer.health import HOST, has_claim, open_health
from mattebox_renderer.settings import Settings
from mattebox_runtime import redis_keys
from mattebox_runtime.metrics import RendererMetrics
from support.delivered import redis_at
from support.wait import wait_until
from support.working import working


@pytest.fixture
async def client() -> AsyncGenerator[ClientSession, None]:
    """An HTTP client."""
    async with ClientSession() as session:
        yield session


@pytest.mark.parametrize(("well", "status", "told"), [(False, 503, "waiting"), (True, 200, "ok")])
async def test_healthz_tells_whether_jobs_are_read(client: ClientSession, well: bool, status: int, told: str) -> None:
    async with (
        open_health(0, RendererMetrics().collectors, lambda: well) as port,
        client.get(f"http://{HOST}:{port}/healthz") as answer,
    ):
        assert (answer.status, json.loads(await answer.text())) == (status, {"status": told})


async def test_metrics_are_those_of_this_renderer(client: ClientSession) -> None:
    metrics = RendererMetrics()
    for _ in range(3):
        metrics.count_end("ready", 0.01)
    async with (
        open_health(0, metrics.collectors, lambda: True) as port,
        client.get(f"http://{HOST}:{port}/metrics") as answer,
    ):
        assert 'mattebox_renders_total{state="ready"} 3.0' in (await answer.text()).splitlines()


async def test_a_living_worker_has_a_claim_in_redis(redis_url: str) -> None:
    settings = Settings(redis_url=redis_url, worker_name="host")
    async with redis_at(redis_url) as redis:
        await redis.set(redis_keys.GENERATION, "g")
    assert not await is_well(settings)
    async with working(redis_url, "host"):
        await wait_until(lambda: is_well(settings), description="the claim")
    assert not await is_well(settings)


async def test_without_redis_nobody_is_well() -> None:
    assert not await has_claim("redis://127.0.0.1:1", "host")
