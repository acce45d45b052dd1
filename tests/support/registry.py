"""A real registry on a free port, and a renderer's side of the streams, played by hand."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from mattebox.reasons import PreviewState
from mattebox_registry.app import create_app
from mattebox_registry.http.edge import RegistryRunner
from mattebox_registry.keys import STORE
from mattebox_registry.settings import Settings
from mattebox_runtime import codec, redis_keys
from mattebox_runtime.events import (
    FIELD,
    CachedPreview,
    Failure,
    RenderEvent,
    RenderResult,
    decode_event,
    encode,
)
from mattebox_runtime.preview_cache import RedisPreviewCache
from mattebox_runtime.spec import CONTENT_TYPES
from support.wait import wait_until

ADMIN_TOKEN = "admin-token-of-the-tests"  # noqa: S105 - of the tests

Client = TestClient[web.Request, web.Application]

REPORT = {"source": {"width": 8, "height": 4}, "masks": []}

LABELS = [{"value": [255, 0, 0], "labels": ["road"], "color": "#804080"}, {"value": [0, 255, 0], "labels": ["sky"]}]


class _Server(TestServer):
    async def _make_runner(self, **_kwargs: Any) -> web.AppRunner:
        return RegistryRunner(self.app)


@asynccontextmanager
async def running_registry(data: Path, redis_url: str, **settings: Any) -> AsyncGenerator[Client, None]:
    """A registry with its own database, and a client that sends the admin token."""
    chosen = Settings(data=str(data), redis_url=redis_url, token=ADMIN_TOKEN, **settings)
    server = _Server(create_app(chosen))
    async with TestClient(server, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}) as client:
        yield client


async def add_version(client: Client, mask_labels: Sequence[Any] | None = None) -> str:
    """Make a dataset with one draft and give the draft's id."""
    async with client.post("/api/v1/datasets", json={"name": "drive"}) as answer:
        dataset = (await answer.json())["id"]
    metadata = {} if mask_labels is None else {"mask_labels": mask_labels}
    fields = {"name": "v1", "metadata": metadata}
    async with client.post(f"/api/v1/datasets/{dataset}/versions", json=fields) as answer:
        version: str = (await answer.json())["id"]
    return version


async def add_frames(client: Client, version: str, *frames: dict[str, Any]) -> None:
    """Post frames, all of which must be taken."""
    async with client.post(f"/api/v1/versions/{version}/frames", json=list(frames)) as answer:
        assert answer.status == 200, await answer.text()
        assert (await answer.json())["rejected"] == []


def frame(frame_id: str, *mask_ids: str) -> dict[str, Any]:
    """A frame of one source with masks."""
    masks = [{"id": mask, "uri": f"file:///masks/{frame_id}/{mask}.png"} for mask in mask_ids]
    return {"id": frame_id, "sources": [{"uri": f"file:///images/{frame_id}.jpg", "masks": masks}]}


def url(version: str, frame_id: str = "f", query: str = "") -> str:
    """The path of a preview."""
    return f"/api/v1/versions/{version}/frames/{frame_id}/preview{query}"


async def get(client: Client, path: str, **headers: str) -> tuple[int, Any, Mapping[str, str]]:
    """Give status, body and headers; JSON bodies decoded."""
    async with client.get(path, headers=headers) as answer:
        is_json = answer.content_type.endswith("json")
        return answer.status, await (answer.json() if is_json else answer.read()), answer.headers


class HandRenderer:
    """Reads jobs and answers them as a renderer does, one at a time, when told to."""

    def __init__(self, client: Client, redis: Redis) -> None:
        app = client.server.app  # type: ignore[attr-defined]  # a TestServer has it
        self._store = app[STORE]
        self._redis = redis
        self.cache = RedisPreviewCache(redis)

    async def job(
        self, *, key: str | None = None, frame: str | None = None, force: bool = False
    ) -> tuple[int, RenderEvent]:
        """Wait for a job of a key or frame, a forced one if so wanted, and give it with its number."""

        async def find() -> tuple[int, RenderEvent] | None:
            for number, event in await self.jobs():
                if key in {None, event.key.hex()} and frame in {None, event.frame} and event.force >= force:
                    return number, event
            return None

        return await wait_until(find, description=f"a job of {key or frame}")

    async def jobs(self) -> list[tuple[int, RenderEvent]]:
        """All jobs in both streams."""
        generation = self._store.generation
        entries: list[Any] = []
        for stream in (redis_keys.requests_stream(generation), redis_keys.frames_stream(generation)):
            entries += await self._redis.xrange(stream) or []
        return [(int(id_.partition(b"-")[0]), decode_event(fields[FIELD])) for id_, fields in entries]

    async def draw(
        self,
        *,
        key: str | None = None,
        frame: str | None = None,
        force: bool = False,
        body: bytes = b"picture",
        state: PreviewState = "ready",
        failure: Failure | None = None,
        report: dict[str, Any] | None = None,
    ) -> RenderEvent:
        """Settle one job: cache a picture unless the state is one without, send the result, drop the entry."""
        number, event = await self.job(key=key, frame=frame, force=force)
        packed = codec.pack(report or REPORT)
        if state in {"ready", "partial"}:
            content_type = CONTENT_TYPES[event.render_spec().format]
            await self.cache.put(CachedPreview(event.key, state, content_type, 8, 4, body, packed, failure))
        result = RenderResult(
            "preview_rendered" if failure is None else "preview_failed",
            event.key,
            number,
            state,
            failure=failure,
            report=packed,
        )
        generation = self._store.generation
        await self._redis.xadd(redis_keys.previews_stream(generation), {FIELD: encode(result)})
        for stream in (redis_keys.requests_stream(generation), redis_keys.frames_stream(generation)):
            await self._redis.xdel(stream, f"{number}-0")
        return event
