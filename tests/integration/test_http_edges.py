"""What every answer has in common, whatever was asked."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from mattebox_registry.errors import StorageBusy, StorageFull
from mattebox_registry.http.problems import KINDS, refusal_problem
from support.answers import call
from support.registry import Client, running_registry


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url, max_batch_bytes=2_000) as running:
        yield running


async def test_paths_and_methods_that_are_not_there_are_problems(client: Client) -> None:
    assert (await call(client, "GET", "/nothing")).verdict == (404, "no_such_path")
    refused = await call(client, "PATCH", "/datasets")
    assert refused.verdict == (405, "method_not_allowed")
    assert refused.headers["Allow"] == "GET,HEAD,POST"


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/docs", "/api/v1/datasets", "/api/v1/openapi.json", "/no"])
async def test_head_is_answered_as_get_is_without_a_body(client: Client, path: str) -> None:
    async with client.get(path) as got, client.head(path) as asked:
        assert asked.status == got.status
        assert asked.headers["Content-Type"] == got.headers["Content-Type"]
        assert await asked.read() == b""


async def test_parameters_that_are_not_there_are_refused(client: Client) -> None:
    for path in ("previews", "events"):
        refused = await call(client, "GET", f"/versions/v/{path}?colour=red")
        assert refused.verdict == (400, "bad_parameter")
        assert refused.locs == ["colour"]


async def test_every_answer_carries_its_request_id_and_security_headers(client: Client) -> None:
    for path in ("/datasets", "/nothing"):
        headers = (await call(client, "GET", path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Server"] == "mattebox"
        assert len(headers["X-Request-Id"]) == 16


async def test_a_request_id_of_the_client_is_kept_if_it_is_harmless(client: Client) -> None:
    kept = await call(client, "GET", "/datasets", headers={"X-Request-Id": "trace-1.2_3"})
    assert kept.headers["X-Request-Id"] == "trace-1.2_3"
    for odd in ("a b", "x" * 65, "ü", ""):
        replaced = await call(client, "GET", "/datasets", headers={"X-Request-Id": odd})
        assert replaced.headers["X-Request-Id"] != odd


async def test_bodies_are_read_strictly(client: Client) -> None:
    for body, headers, verdict in (
        (b"", {}, (400, "empty_body")),
        (b"{", {}, (400, "bad_json")),
        (b'{"name":"\xff"}', {}, (400, "bad_json")),
        (b'{"name":"\\ud800"}', {}, (400, "bad_json")),
        (b'{"name":"' + b"x" * 3_000 + b'"}', {}, (413, "body_too_large")),
        (b"name=x", {"Content-Type": "text/plain"}, (415, "wrong_content_type")),
    ):
        sent = {"Content-Type": "application/json", **headers}
        assert (await call(client, "POST", "/datasets", data=body, headers=sent)).verdict == verdict, body[:20]


async def test_half_a_character_is_not_taken_for_a_body_that_is_cut_off(client: Client) -> None:
    for body in (b'{"name":"\\ud800"}', b'{"name":"\\ud800 and more"}', b'{"name":"\\udc00 and more"}', b'"\\ud800"'):
        refused = await call(client, "POST", "/datasets", data=body, headers={"Content-Type": "application/json"})
        assert "half a character" in refused.body["detail"]
    cut = await call(client, "POST", "/datasets", data=b'{"name":"', headers={"Content-Type": "application/json"})
    assert "truncated" in cut.body["detail"]


async def test_the_metadata_may_hold_any_json(client: Client) -> None:
    dataset = (await call(client, "POST", "/datasets", json={"name": "d"})).body["id"]
    metadata = {"big": 2**80, "float": 1e-300, "nul": "\0", "deep": [[[{"a": None}]]], "ü": True}
    made = await call(client, "POST", f"/datasets/{dataset}/versions", json={"name": "v", "metadata": metadata})
    assert made.body["metadata"] == metadata


async def test_a_fault_of_ours_says_nothing_of_what_happened(client: Client, tmp_path: Path) -> None:
    """A database whose table is gone: no answer names the table or the query."""
    with closing(sqlite3.connect(tmp_path / "mattebox.db")) as vandal:
        vandal.execute("DROP TABLE tokens")
    answer = await call(client, "GET", "/tokens")
    assert answer.verdict == (500, "internal_error")
    assert "no such table" not in str(answer.body)
    assert "SELECT" not in str(answer.body)


def test_every_refusal_has_a_status_and_a_code_of_its_own() -> None:
    codes = [kind.code for kind in KINDS.values()]
    assert len(set(codes)) == len(codes)
    assert all(400 <= kind.status < 600 for kind in KINDS.values())


def test_a_full_disk_and_a_busy_database_are_told_apart() -> None:
    full, busy = refusal_problem(StorageFull()), refusal_problem(StorageBusy())
    assert (full.status, busy.status) == (507, 503)
    assert busy.headers["Retry-After"] == "1"
    assert b"nothing of the request was stored" in full.body  # type: ignore[operator]  # JSON bytes
