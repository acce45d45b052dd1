"""The client with registries that are away, overloaded, break off, or are none: a small server plays each."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from mattebox.aio import Client, RetryPolicy
from mattebox.answers import FramesCounted, PreviewChanged, PreviewCounts
from mattebox.errors import PreviewPending, RateLimited, ServerUnavailable, UnexpectedAnswer
from mattebox.models import Frame, Source

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

QUICK = RetryPolicy(attempts=3, first_delay_s=0.001, longest_delay_s=0.002)

FRAME = Frame(id="f", sources=[Source("http://x/y.png")])


class Script:
    """Answers each request with the next of its handlers, the last one for ever, and keeps what was asked."""

    def __init__(self, *handlers: Handler) -> None:
        self._handlers = list(handlers)
        self.requests: list[web.Request] = []
        self.bodies: list[bytes] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.bodies.append(await request.read() if request.can_read_body else b"")
        handler = self._handlers.pop(0) if len(self._handlers) > 1 else self._handlers[0]
        return await handler(request)


@asynccontextmanager
async def served(script: Script) -> AsyncGenerator[Client, None]:
    """Run a script as a registry, and give a client of it."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", script.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with Client(f"http://127.0.0.1:{runner.addresses[0][1]}", "secret", retry=QUICK) as client:
            yield client
    finally:
        await runner.cleanup()


def answer(status: int, body: object = None, **headers: str) -> Handler:
    """Answer with JSON."""

    async def handle(request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response(body or {}, status=status, headers=named)

    return handle


async def hang_up(request: web.Request) -> web.StreamResponse:
    """Break off without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


DATASET = answer(201, {"id": "1", "name": "a"})
ADDED = answer(200, {"created": 1, "updated": 0, "rejected": []})


async def test_a_registry_that_is_not_there_is_told_with_what_to_do(unused_tcp_port_factory: Callable[[], int]) -> None:
    """The address is named, and how to start one."""
    url = f"http://127.0.0.1:{unused_tcp_port_factory()}"
    async with Client(url, retry=QUICK) as client:
        with pytest.raises(ServerUnavailable, match=f"{url}.*mattebox up"):
            await client.dataset("1")


async def test_a_refusal_for_now_is_asked_again() -> None:
    """503 and 429 had no effect, so that even a creation is tried again."""
    script = Script(answer(503, Retry_After="0"), answer(429, Retry_After="0"), DATASET)
    async with served(script) as client:
        assert (await client.create_dataset("a")).id == "1"
    assert len(script.requests) == 3


async def test_patience_has_an_end() -> None:
    """After the last try the registry's own words are told."""
    script = Script(answer(429, {"detail": "Too many requests."}, Retry_After="0"))
    async with served(script) as client:
        with pytest.raises(RateLimited, match="Too many requests"):
            await client.create_dataset("a")
    assert len(script.requests) == QUICK.attempts


async def test_a_creation_that_broke_off_is_not_tried_again() -> None:
    """It may have had its effect; a second one would be refused as taken."""
    script = Script(hang_up, DATASET)
    async with served(script) as client:
        with pytest.raises(ServerUnavailable, match="broke off"):
            await client.create_dataset("a")
    assert len(script.requests) == 1


async def test_a_question_that_broke_off_is_asked_again() -> None:
    """Reading twice is the same as reading once."""
    script = Script(hang_up, answer(502), DATASET)
    async with served(script) as client:
        assert (await client.dataset("1")).name == "a"


async def test_a_list_of_named_frames_is_sent_again_whole() -> None:
    """Frames with ids can be sent twice; the body is the same each time."""
    script = Script(hang_up, ADDED)
    async with served(script) as client:
        assert (await client.add_frames("v", [FRAME])).created == 1
    assert script.bodies[0] == script.bodies[1] != b""


async def test_a_stream_of_frames_is_sent_once() -> None:
    """An iterator that was drawn from cannot be drawn from again."""
    script = Script(answer(503, Retry_After="0"), ADDED)
    async with served(script) as client:
        with pytest.raises(ServerUnavailable):
            await client.add_frames("v", iter([FRAME]))
    assert len(script.requests) == 1


async def test_an_upload_is_sent_again_from_its_beginning(tmp_path: Path) -> None:
    """The file is opened anew for each try."""
    file = tmp_path / "a.png"
    file.write_bytes(b"x" * 100_000)
    script = Script(answer(404), hang_up, answer(201, {"uri": "blob:1", "size": 100_000}))
    async with served(script) as client:
        assert (await client.upload(file)).uri == "blob:1"
    assert script.bodies[-1] == file.read_bytes()


async def test_a_redirect_is_not_followed_with_the_token() -> None:
    """A login page or another host gets nothing; the address is what has to be put right."""
    script = Script(answer(302, Location="http://elsewhere.example/"))
    async with served(script) as client:
        with pytest.raises(UnexpectedAnswer, match="MATTEBOX_URL"):
            await client.dataset("1")
    assert len(script.requests) == 1


async def test_waiting_for_a_preview_has_an_end() -> None:
    """Whoever waited in vain may ask again later."""
    script = Script(answer(202, {"state": "pending"}))
    async with served(script) as client:
        with pytest.raises(PreviewPending, match=r"not drawn within 0\.2 s"):
            await client.preview("v", "f", timeout=0.2)
    assert len(script.requests) > 1


async def test_a_report_is_that_of_a_picture_whose_drawing_the_registry_has_noted() -> None:
    """The picture is there a moment earlier; nobody is told that nothing was found in its masks."""
    drawn = answer(200, {}, ETag='"k"')
    script = Script(
        drawn, answer(200, {"state": "pending"}), drawn, answer(200, {"state": "ready", "report": {"a": 1}})
    )
    async with served(script) as client:
        status = await client.report("v", "f")
    assert (status.state, status.report, len(script.requests)) == ("ready", {"a": 1}, 4)
    async with served(Script(drawn, answer(200, {"state": "pending"}))) as client:
        with pytest.raises(PreviewPending):
            await client.report("v", "f", timeout=0)


async def test_waiting_for_all_previews_has_an_end() -> None:
    """The message counts what is missing."""
    async with served(Script(answer(200, {"pending": 3, "ready": 1}))) as client:
        with pytest.raises(PreviewPending, match="3 previews"):
            await client.wait_for_previews("v", timeout=0)


def stream(*events: bytes) -> Handler:
    """Answer with an event stream that then breaks off."""

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for event in events:
            await response.write(event)
        assert request.transport is not None
        request.transport.close()
        return response

    return handle


async def test_events_go_on_where_they_broke_off() -> None:
    """The registry is asked for what came after the last whole event; what was cut off comes again."""
    script = Script(
        stream(b"retry: 1\nid: 7\nevent: frames\ndata: {}\n\n", b"id: 8\nevent: preview\nda"),
        answer(200, {}),
        stream(b'id: 8\nevent: preview\ndata: {"frame_id":"f","state":"ready","key":"k"}\n\n'),
    )
    async with served(script) as client, asyncio.timeout(10):
        events = client.events("v")
        assert await anext(events) == FramesCounted(PreviewCounts())
        assert await anext(events) == PreviewChanged("f", "ready", "k")
    assert script.requests[0].headers.get("Last-Event-ID") is None
    assert script.requests[-1].headers["Last-Event-ID"] == "7"
