"""Uploads, health, metrics and documentation over HTTP."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from mattebox_renderer.fetch import Fetched, Seat
from support.registry import Client, add_frames, add_version, frame, running_registry
from support.wait import wait_until
from support.working import working

MAX_BLOB_BYTES = 100_000
NOBODY = {"Authorization": ""}


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url, max_blob_bytes=MAX_BLOB_BYTES) as running:
        yield running


async def test_an_upload_is_named_by_its_bytes_and_found_again(client: Client) -> None:
    """201 with the uri, the same for the same bytes; HEAD asks without sending."""
    body = b"mask" * 1000
    sha256 = hashlib.sha256(body).hexdigest()
    async with client.head(f"/api/v1/blobs/{sha256}") as answer:
        assert answer.status == 404
    for _ in range(2):
        async with client.post("/api/v1/blobs", data=body) as answer:
            assert answer.status == 201
            assert await answer.json() == {"uri": f"blob:{sha256}", "size": 4000}
    async with client.head(f"/api/v1/blobs/{sha256}") as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, "4000")


async def test_an_upload_is_handed_out_again_to_keep_and_not_to_show(client: Client) -> None:
    """Anybody's bytes: no browser may take them for a page of the registry."""
    body = b"<script>" * 100
    async with client.post("/api/v1/blobs", data=body) as answer:
        sha256 = (await answer.json())["uri"].removeprefix("blob:")
    async with client.get(f"/api/v1/blobs/{sha256}") as answer:
        assert (answer.status, await answer.read()) == (200, body)
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for missing in ("0" * 64, "no-digest"):
        async with client.get(f"/api/v1/blobs/{missing}") as answer:
            assert (answer.status, (await answer.json())["code"]) == (404, "not_found")


async def test_a_streamed_upload_needs_no_length(client: Client) -> None:
    """A body in chunks is taken as it comes."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 1000

    async with client.post("/api/v1/blobs", data=chunks()) as answer:
        assert answer.status == 201
        assert (await answer.json())["size"] == 10_000


async def test_uploads_of_any_type_keep_their_bytes(client: Client) -> None:
    """Even what looks like a form is bytes."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with client.post("/api/v1/blobs", data=b"a=b", headers=headers) as answer:
        assert (await answer.json())["uri"] == "blob:" + hashlib.sha256(b"a=b").hexdigest()


async def test_an_empty_upload_is_a_400(client: Client) -> None:
    """Nothing is not a file."""
    async with client.post("/api/v1/blobs", data=b"") as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "empty_body")


async def test_an_upload_over_the_limit_is_a_413(client: Client) -> None:
    """Whether its length was told or not."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(MAX_BLOB_BYTES // 1000 + 1):
            yield b"x" * 1000

    for body in (b"x" * (MAX_BLOB_BYTES + 1), chunks()):
        async with client.post("/api/v1/blobs", data=body) as answer:
            assert (answer.status, (await answer.json())["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("sha256", ["abc", "0" * 64, "..%2F..%2Fmattebox.db"])
async def test_what_was_not_uploaded_is_a_404(client: Client, sha256: str) -> None:
    """Words that are no digest are not paths."""
    async with client.head(f"/api/v1/blobs/{sha256}") as answer:
        assert answer.status == 404


async def test_a_store_of_uploads_that_fails_is_a_503(client: Client, tmp_path: Path) -> None:
    """Without a word of where it lies."""
    (tmp_path / "blobs").rmdir()
    (tmp_path / "blobs").touch()
    async with client.post("/api/v1/blobs", data=b"x") as answer:
        assert answer.status == 503
        assert str(tmp_path) not in await answer.text()


async def test_health_is_open_to_everybody(client: Client) -> None:
    """Probes carry no token."""
    for path in ("/healthz", "/readyz"):
        async with client.get(path, headers=NOBODY) as answer:
            assert (answer.status, (await answer.json())["status"]) == (200, "ok")


async def test_readiness_sees_that_jobs_are_no_longer_delivered(client: Client) -> None:
    """Though database and Redis answer."""
    (delivery,) = [task for task in asyncio.all_tasks() if task.get_name() == "delivery"]
    delivery.cancel()
    await asyncio.wait([delivery])
    async with client.get("/readyz") as answer:
        problem = await answer.json()
    assert (answer.status, problem["code"]) == (503, "not_ready")
    assert problem["checks"] == {"store": "ok", "redis": "ok", "delivery": "down"}


async def test_the_renderers_that_are_alive_and_their_lanes_are_shown(client: Client, redis_url: str) -> None:
    """With what they draw, and what waits for them."""
    version = await add_version(client)
    await add_frames(client, version, *(frame(str(number)) for number in range(3)))
    async with working(redis_url, "w", slots=1, fetcher=EndlessFetcher(), lease_s=0.3, grace_s=0):

        async def shown() -> Any:
            async with client.get("/api/v1/delivery") as answer:
                told = await answer.json()
            return told if any(renderer["jobs"] for renderer in told["renderers"]) else None

        told = await wait_until(shown, description="a renderer with a job")
    (renderer,) = told["renderers"]
    assert (renderer["name"], renderer["slots"], renderer["under_way"]) == ("w", 1, 1)
    (job,) = renderer["jobs"]
    assert (job["lane"], job["version"]) == ("bulk", version)
    assert told["lanes"]["bulk"] == {"backlog": 0, "waiting": 2, "under_way": 1}
    async with client.get("/api/v1/delivery") as answer:
        assert (await answer.json())["renderers"] == []


class EndlessFetcher:
    """Fetches nothing, ever."""

    async def open_local(self, uris: Sequence[str], seat: Seat | None = None) -> None:  # a Handler calls it
        """Say that nothing is a file."""

    async def fetch(self, uri: str, seat: Seat | None = None) -> Fetched:  # a Handler calls it
        """Wait until cancelled."""
        await asyncio.Event().wait()
        raise AssertionError


async def test_metrics_need_the_read_scope(client: Client) -> None:
    """They tell how much is going on, so not to everybody."""
    async with client.get("/metrics", headers=NOBODY) as answer:
        assert answer.status == 401
    async with client.get("/healthz"):
        pass
    async with client.get("/metrics") as answer:
        text = await answer.text()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'mattebox_http_request_seconds_count{method="GET",route="/healthz",status="200"} 1.0' in text
    assert 'mattebox_outbox_jobs{lane="interactive"} 0.0' in text


async def test_the_documentation_is_open_and_runs_no_foreign_code(client: Client) -> None:
    """The page, its two files and the document; nothing else of the directory."""
    for path, content_type in (
        ("/docs", "text/html"),
        ("/docs/docs.css", "text/css"),
        ("/docs/docs.js", "text/javascript"),
    ):
        async with client.get(path, headers=NOBODY) as answer:
            assert (answer.status, answer.content_type) == (200, content_type)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self';" in policy
            assert "unsafe" not in policy
    async with client.get("/api/v1/openapi.json", headers=NOBODY) as answer:
        assert (await answer.json())["openapi"].startswith("3.1")
    for path in ("/docs/docs.html.bak", "/docs/..%2Fdocs.py", "/docs/__init__.py"):
        async with client.get(path) as answer:
            assert answer.status == 404
