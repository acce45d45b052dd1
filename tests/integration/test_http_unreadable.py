"""Requests that are no HTTP, or too much of it: each gets a problem in the API's own words."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from mattebox_registry.http.edge import MAX_HEADER_BYTES, MAX_URL_BYTES
from support.registry import ADMIN_TOKEN, Client, running_registry

SECRET = "the-secret-of-this-request"  # noqa: S105 - of the tests


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url) as running:
        yield running


async def exchange(client: Client, request: bytes) -> tuple[bytes, bytes]:
    """Send bytes and give head and body of what comes until the server closes."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    try:
        writer.write(request)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    return head, body


def get(target: str = "/api/v1/datasets", *headers: str, method: str = "GET") -> bytes:
    given = ["Host: x", f"Authorization: Bearer {ADMIN_TOKEN}", *headers]
    return "\r\n".join([f"{method} {target} HTTP/1.1", *given, "", ""]).encode()


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (get("/api/v1/" + SECRET * 400), 414, "url_too_long"),
        (get("/api/v1/datasets", "X-Long: " + SECRET * 1_000), 431, "header_too_long"),
        (get("/api/v1/datasets", SECRET * 1_000 + ": x"), 431, "header_too_long"),
        (get(f"/{SECRET}", method="FOO"), 400, "bad_request"),
        (get("/api/v1/events", f"Last-Event-ID: \0{SECRET}"), 400, "bad_request"),
        (get("/api/v1/datasets", f"X Bad: {SECRET}"), 400, "bad_request"),
        (get("/api/v1/datasets", f"Content-Length: {SECRET}"), 400, "bad_request"),
        (get("/api/v1/datasets", *(f"X-{number}: {SECRET}" for number in range(500))), 400, "bad_request"),
        (get(f"http://[{SECRET}/"), 400, "bad_request"),
        (f"{SECRET}\r\n\r\n".encode(), 400, "bad_request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400, "bad_request"),
    ],
)
async def test_what_cannot_be_read_is_a_problem(client: Client, request_: bytes, status: int, code: str) -> None:
    """Nothing of the request comes back, and nothing of it is in the log, which has one line on it."""
    with capture_logs() as logged:
        head, body = await exchange(client, request_)
    assert int(head.split()[1]) == status
    assert b"Content-Type: application/problem+json" in head
    assert b"Server: mattebox" in head
    assert b"X-Request-Id: " in head
    problem = json.loads(body)
    assert (problem["status"], problem["code"]) == (status, code)
    assert SECRET.encode() not in body
    assert [event["event"] for event in logged] == ["request unreadable"]
    assert SECRET not in repr(logged)


async def test_the_longest_url_and_header_are_read(client: Client) -> None:
    target = "/api/v1/datasets?x=".ljust(MAX_URL_BYTES, "x")
    for request in (get(target, "Connection: close"), get("/healthz", "X-Long: ".ljust(MAX_HEADER_BYTES, "x"))):
        head, body = await exchange(client, request.replace(b"Host: x", b"Host: x\r\nConnection: close"))
        assert (b"200" in head.splitlines()[0]) or json.loads(body)["code"] == "bad_parameter"


async def test_a_fault_outside_of_the_application_is_a_problem_and_one_event(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of what happened is told to the client."""

    def fail(*_: object) -> None:
        msg = "a fault of ours"
        raise RuntimeError(msg)

    monkeypatch.setattr("mattebox_registry.http.front.Front._resolution", fail)
    with capture_logs() as logged:
        head, body = await exchange(client, get())
    assert b"500" in head.splitlines()[0]
    assert json.loads(body)["code"] == "internal_error"
    assert b"a fault of ours" not in body
    assert [event["event"] for event in logged] == ["connection failed"]
