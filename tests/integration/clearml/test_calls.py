"""Calls as they are on the wire, and what the SDK itself never sends."""

import asyncio
import base64
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from support.registry import ADMIN_TOKEN, Client, running_registry


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url, max_batch_bytes=10_000) as running:
        yield running


async def sign_in(client: Client, secret: str = ADMIN_TOKEN) -> dict[str, str]:
    """Give the headers of somebody who is signed in."""
    given = base64.b64encode(f"any word:{secret}".encode()).decode()
    async with client.get("/auth.login", headers={"Authorization": f"Basic {given}"}) as answer:
        assert answer.status == 200, await answer.text()
        return {"Authorization": f"Bearer {(await answer.json())['data']['token']}"}


class Caller:
    """Makes calls, as a POST or as a GET with a body, which is how the SDK does."""

    def __init__(self, client: Client, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    async def refused(self, call: str, status: int, **body: Any) -> str:
        """Give the reason, of which HTTP and the envelope say the same status."""
        async with self.client.get(f"/v2.23/{call}", json=body, headers=self.headers) as answer:
            meta = (await answer.json())["meta"]
        assert (answer.status, meta["result_code"]) == (status, status), meta
        assert meta["endpoint"]["name"] == call
        return f"{meta['error_data']['code']}: {meta['result_msg']}"

    async def __call__(self, call: str, **body: Any) -> dict[str, Any]:
        async with self.client.post(f"/v2.23/{call}", json=body, headers=self.headers) as answer:
            found = await answer.json()
        assert (answer.status, found["meta"]["result_msg"]) == (200, "OK"), found
        data: dict[str, Any] = found["data"]
        return data

    async def new_version(self, *frame_ids: str) -> dict[str, str]:
        """Make a dataset with a version of some frames."""
        dataset = (await self("datasets.create", name="".join(frame_ids) or "empty", method="get"))["id"]
        version = (await self("datasets.create_version", dataset=dataset, name="v"))["id"]
        frames = [{"id": name, "odd": name, "sources": [{"uri": "https://example.org/a.png"}]} for name in frame_ids]
        saved = await self("datasets.save_frames", version=version, frames=frames)
        assert (saved["saved"], saved["ids"], saved["errors"]) == (len(frames), list(frame_ids), [])
        return {"dataset": dataset, "version": version}


@pytest.fixture
async def call(client: Client) -> Caller:
    """The operator, signed in."""
    return Caller(client, await sign_in(client))


async def test_nobody_calls_without_a_login(client: Client) -> None:
    """A token of the API is none, and a login is no token of the API."""
    stranger = Caller(client, {})
    assert "not_authenticated" in await stranger.refused("datasets.get_all", 401)
    assert "not_authenticated" in await stranger.refused("tasks.create", 401)
    assert "auth.login takes the access key and the secret key" in await stranger.refused("datasets.get_all", 401)
    given = base64.b64encode(b"a:wrong").decode()
    async with client.get("/auth.login", headers={"Authorization": f"Basic {given}"}) as answer:
        assert (answer.status, (await answer.json())["meta"]["result_code"]) == (401, 401)
        assert "WWW-Authenticate" not in answer.headers  # a browser would ask, and send what it was told ever after
    async with client.get("/api/v1/datasets", headers=await sign_in(client)) as answer:
        assert answer.status == 401


async def test_a_login_has_the_scopes_of_its_token_until_that_is_revoked(client: Client) -> None:
    """Then it is forbidden everything, where the SDK gives up."""
    async with client.post("/api/v1/tokens", json={"name": "reader", "scopes": ["read", "ingest"]}) as answer:
        made = await answer.json()
    writer = Caller(client, await sign_in(client, made["token"]))
    version = await writer.new_version("a")
    assert "'admin'" in await writer.refused("datasets.delete_version", 403, version=version["version"], force=True)
    async with client.delete(f"/api/v1/tokens/{made['id']}") as answer:
        assert answer.status < 300
    assert "is revoked" in await writer.refused("datasets.get_all", 403)


async def test_who_calls_too_often_is_told_to_wait(tmp_path: Path, redis_url: str) -> None:
    """As everywhere."""
    async with running_registry(tmp_path, redis_url, max_rate=1) as client:
        headers = await sign_in(client)

        async def ask() -> tuple[int, int, str | None]:
            async with client.get("/v2.23/datasets.get_all", headers=headers) as answer:
                code = (await answer.json())["meta"]["result_code"]
                return answer.status, code, answer.headers.get("Retry-After")

        # One a second is let through: of so many at once, however slow the machine, some are not.
        assert (429, 429, "1") in await asyncio.gather(*(ask() for _ in range(40)))


async def test_what_is_not_translated_is_said_to_be_no_part_of_mattebox(call: Caller) -> None:
    """Calls, fields, and queries."""
    assert await call.refused("tasks.create", 404) == (
        "not_part_of_mattebox: tasks.create is not part of Mattebox, which keeps datasets, versions, frames and masks."
    )
    assert "field_mappings" in await call.refused("datasets.create", 400, name="a", field_mappings={"meta.v": {}})
    view = {"versions": [await call.new_version("a")]}
    for part in (
        {"iteration": {"order": "random"}},
        {"filters": [{"frame_query": "meta.k:1"}]},
        {"filters": [{"filter_by_roi": "no_rois"}]},
        {"output_rois": "frame_per_roi"},
    ):
        reason = await call.refused("frames.get_next_for_dataview", 400, dataview=view | part)
        assert reason.startswith("not_part_of_mattebox")
    assert "^ and $" in await call.refused("datasets.get_all", 400, name="(a+)+$")


async def test_refusals_name_what_is_wrong(call: Caller) -> None:
    """In an envelope, whatever it is."""
    assert await call.refused("datasets.get_by_id", 404, dataset="x") == "not_found: There is no dataset 'x'."
    assert "dataset: This field is required." in await call.refused("datasets.get_by_id", 400)
    assert "max_request_size_mb" in await call.refused("datasets.save_frames", 413, frames="x" * 10_000)
    version = await call.new_version("a")
    assert "neither an array" in await call.refused("datasets.save_frames", 400, version=version["version"], frames=1)
    reason = await call.refused(
        "datasets.update_version", 400, version=version["version"], metadata={"mask_labels": [{"value": "red"}]}
    )
    assert "metadata.mask_labels[0]" in reason
    assert "name_taken" in await call.refused("datasets.create", 409, name="a")


async def test_frames_come_page_by_page_and_version_by_version(call: Caller) -> None:
    """To the end, to a limit, or round and round; with the fields that nobody knows."""
    versions = [await call.new_version("a", "b", "c"), await call.new_version(), await call.new_version("d")]

    async def read(pages: int = 9, **iteration: Any) -> list[str]:
        ids: list[str] = []
        scroll, view = None, {"versions": versions, "iteration": iteration}
        for _ in range(pages):
            page = await call("frames.get_next_for_dataview", dataview=view, batch_size=2, scroll_id=scroll)
            assert [frame["odd"] for frame in page["frames"]] == [frame["id"] for frame in page["frames"]]
            ids += [frame["id"] for frame in page["frames"]]
            scroll = page["scroll_id"]
            if page["eof"]:
                break
        return ids

    assert await read() == ["a", "b", "c", "d"]
    assert await read(limit=3) == ["a", "b", "c"]
    assert await read(pages=3, infinite=True) == ["a", "b", "c", "d", "a", "b"]
    assert await read(infinite=True, limit=5) == ["a", "b", "c", "d", "a"]
    one = [{"dataset": versions[2]["dataset"], "version": "*"}]
    counted = await call("frames.get_count_for_dataview", dataview={"versions": versions, "filters": one})
    assert (counted["total"], counted["rules"][0]["count"]) == (1, 1)
    versions[:] = versions[1:2]
    assert await read(infinite=True) == []
    assert "bad_cursor" in await call.refused(
        "frames.get_next_for_dataview", 400, dataview={"versions": versions}, scroll_id="x"
    )


async def upload(call: Caller, name: str, body: bytes, to: str = "/files") -> int:
    """Send a file as the SDK does, give the status."""
    form = FormData()
    form.add_field(name, body, filename=name, content_type="image/png")
    async with call.client.post(to, data=form, headers=call.headers) as answer:
        return answer.status


async def test_a_file_that_is_uploaded_again_leaves_frames_as_they_were(client: Client, call: Caller) -> None:
    """They were given the blob that it was."""
    assert await upload(call, "/a b/c.png", b"one") == 200
    version = (await call.new_version())["version"]
    uri = str(client.make_url("/files/a%20b/c.png"))
    await call("datasets.save_frames", version=version, frames=[{"id": "f", "sources": [{"uri": uri}]}])
    assert await upload(call, "/a b/c.png", b"two") == 200
    async with client.get(f"/api/v1/versions/{version}/frames/f") as answer:
        assert (await answer.json())["sources"][0]["uri"] == f"blob:{sha256(b'one').hexdigest()}"
    async with client.get("/files/a%20b/c.png", headers=call.headers) as answer:
        assert (answer.status, await answer.read()) == (200, b"two")
    async with client.head(f"/files/sha256/{sha256(b'one').hexdigest()}", headers=call.headers) as answer:
        assert (answer.status, answer.content_length) == (200, 3)


async def test_files_have_names_of_their_own_and_are_read_by_who_may(client: Client, call: Caller) -> None:
    """No name is an address of anything else."""
    of_a_version = f"/{'a' * 32}/{'0' * 32}/c.png"
    assert await upload(call, of_a_version, b"x", to="/") == 200
    for name, to in (("/masks/c.png", "/"), ("/sha256/abc", "/files"), ("x" * 2_000, "/files")):
        assert await upload(call, name, b"x", to=to) == 400, name
    assert await upload(call, "/empty.png", b"") == 400
    for path, status in ((of_a_version, 200), ("/files/none.png", 404), ("/files/sha256/abc", 404)):
        async with client.get(path, headers=call.headers) as answer:
            assert answer.status == status, path
        # With the token of the API, which is no login here.
        async with client.get(path) as answer:
            assert answer.status == 401, path
    assert await upload(Caller(client, {}), "/a.png", b"x") == 401
    for body, boundary in ((b"x", ""), (b"x", "; boundary=b"), (b"--b\r\nno header", "; boundary=b")):
        headers = call.headers | {"Content-Type": f"multipart/form-data{boundary}"}
        async with client.post("/files", data=body, headers=headers) as answer:
            assert answer.status == 400, boundary
