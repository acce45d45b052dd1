"""What users are told when the registry does not do what they ask, and how sending goes on in spite of it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

import mattebox
from mattebox import Dataset, DatasetVersion, RetryPolicy, SingleFrame, aio
from mattebox.errors import Forbidden, ServerUnavailable, Unauthorized
from mattebox.frame_batches import Batch, take_batches
from mattebox.frame_sending import Sender, Sending
from support.live_stack import LiveRegistry

QUICK = RetryPolicy(attempts=2, first_delay_s=0.001, longest_delay_s=0.002)


def test_a_registry_that_is_not_there_is_told_with_what_to_start(unused_tcp_port_factory: Callable[[], int]) -> None:
    """The address, the command, the variable."""
    url = f"http://127.0.0.1:{unused_tcp_port_factory()}"
    with (
        mattebox.connect(url, retry=QUICK),
        pytest.raises(ServerUnavailable, match=rf"{url}: start one with `mattebox up`, or set MATTEBOX_URL"),
    ):
        Dataset.list()


def test_a_wrong_token_is_told_with_where_the_right_one_is(registry: LiveRegistry) -> None:
    """Of a local server it lies in its data directory."""
    with mattebox.connect(registry.url, "wrong"), pytest.raises(Unauthorized, match=r"MATTEBOX_TOKEN.*data/token"):
        DatasetVersion.create_version(dataset_name="x", version_name="y")


def test_a_token_that_may_not_write_is_told_how_to_get_one(
    version: DatasetVersion, connected: mattebox.Client, registry: LiveRegistry
) -> None:
    """It may still read."""
    reader = connected.run(lambda calls: calls.create_token("reader", ["read"]))
    with mattebox.connect(registry.url, reader.token):
        same = DatasetVersion.get_version(version_id=version.id)
        with pytest.raises(Forbidden, match="mattebox token create"):
            same.add_frames([SingleFrame(source="http://x/y.png")])


class Uploads:
    """A registry behind a proxy that breaks off uploads: so many of them fail."""

    def __init__(self, failing: int, status: int = 502) -> None:
        self._failing = failing
        self._status = status
        self.posts = 0

    async def ask(self, request: web.Request) -> web.Response:
        """Know no blob."""
        return web.Response(status=404)

    async def take(self, request: web.Request) -> web.Response:
        """Take an upload, or not."""
        self.posts += 1
        await request.read()
        if self.posts <= self._failing:
            return web.Response(status=self._status)
        return web.json_response({"uri": "blob:1", "size": 1}, status=201)

    async def add(self, request: web.Request) -> web.Response:
        """Take frames."""
        return web.json_response({"created": (await request.text()).count("\n"), "updated": 0, "rejected": []})

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[aio.Client, None]:
        """Serve, and give a client."""
        app = web.Application()
        app.router.add_route("HEAD", "/api/v1/blobs/{sha}", self.ask)
        app.router.add_post("/api/v1/blobs", self.take)
        app.router.add_post("/api/v1/versions/v/frames", self.add)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            async with aio.Client(f"http://127.0.0.1:{runner.addresses[0][1]}", "t", retry=QUICK) as client:
                yield client
        finally:
            await runner.cleanup()


@pytest.fixture
def frames(tmp_path: Path) -> list[SingleFrame]:
    """One of a local file, one of a URI."""
    (tmp_path / "photo.png").write_bytes(b"bytes")
    return [SingleFrame(source=tmp_path / "photo.png"), SingleFrame(source="http://x/y.png")]


def sender(*, upload_attempts: int) -> Sender:
    """Give what uploads a file so often."""
    return Sender(Sending("v", None, True, upload_attempts))


def batch(frames: list[SingleFrame]) -> Batch:
    """Make one batch of all."""
    (taken,) = take_batches(iter(frames), len(frames))
    return taken


async def test_an_upload_that_breaks_off_is_tried_as_often_as_wanted(frames: list[SingleFrame]) -> None:
    """Four times, where the client's own patience is two."""
    uploads = Uploads(failing=3)
    async with uploads.client() as client:
        assert await sender(upload_attempts=4).send(client, batch(frames)) == []
    assert uploads.posts == 4


async def test_a_frame_whose_upload_never_arrives_fails_alone(frames: list[SingleFrame]) -> None:
    """The others are sent."""
    uploads = Uploads(failing=9)
    async with uploads.client() as client:
        (failed,) = await sender(upload_attempts=2).send(client, batch(frames))
    assert (failed["frame"], failed["error_type"]) == (frames[0], "upload")
    assert "photo.png' did not arrive" in failed["error"]
    assert uploads.posts == 2


async def test_a_registry_that_takes_nothing_more_ends_the_sending(frames: list[SingleFrame]) -> None:
    """Failing frame after frame would help nobody."""
    uploads = Uploads(failing=9, status=503)
    async with uploads.client() as client:
        with pytest.raises(ServerUnavailable):
            await sender(upload_attempts=2).send(client, batch(frames))
