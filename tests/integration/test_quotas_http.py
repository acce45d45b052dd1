"""Over quota: 429, when to come again, and nothing done."""

import asyncio
from pathlib import Path

from redis.asyncio import Redis

from support.registry import Client, HandRenderer, add_frames, add_version, frame, running_registry


async def refusal(client: Client, path: str) -> tuple[int, str, bool]:
    """Status and code of an answer, and whether it says when to come again."""
    async with client.get(path) as answer:
        body = await answer.json()
        return answer.status, body.get("code", ""), int(answer.headers.get("Retry-After", "0")) > 0


async def test_a_token_may_have_so_many_previews_waiting(tmp_path: Path, redis_url: str) -> None:
    """What waits already may be asked for again, what is drawn makes room, and others are not concerned."""
    async with running_registry(tmp_path, redis_url, max_requested=2) as client, Redis.from_url(redis_url) as redis:
        version = await add_version(client)
        await add_frames(client, version, frame("f"))
        path = f"/api/v1/versions/{version}/frames/f/preview?size="
        assert [(await refusal(client, f"{path}{size}"))[0] for size in (160, 320, 160)] == [202] * 3
        assert await refusal(client, f"{path}1280") == (429, "too_many_requested", True)
        async with client.post("/api/v1/tokens", json={"name": "other", "scopes": ["read"]}) as answer:
            other = {"Authorization": f"Bearer {(await answer.json())['token']}"}
        async with client.get(f"{path}1280", headers=other) as answer:
            assert answer.status == 202
        async with client.get(f"{path}160") as answer:
            await HandRenderer(client, redis).draw(key=(await answer.json())["key"])
        async with client.get(f"{path}160&wait=10") as answer:
            assert answer.status == 200
        assert (await refusal(client, f"{path}2048"))[0] == 202


async def test_a_token_may_send_so_many_requests_and_open_so_many_streams(tmp_path: Path, redis_url: str) -> None:
    async with running_registry(tmp_path, redis_url, max_rate=5, max_streams=1) as client:
        version = await add_version(client)
        events = f"/api/v1/versions/{version}/events"
        async with client.get(events) as stream:
            assert stream.status == 200
            assert await refusal(client, events) == (429, "too_many_streams", True)
        answers = await asyncio.gather(*(refusal(client, "/api/v1/datasets") for _ in range(200)))
        assert (429, "too_many_requests", True) in answers
        async with client.get("/healthz") as answer:
            assert answer.status == 200
