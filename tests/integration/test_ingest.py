"""Frames in bulk: a verdict on each, and everything acknowledged on disk."""

import asyncio
import contextlib
import gzip
import io
import json
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientError

from mattebox_registry.keys import STORE
from mattebox_registry.rules.ingestion import HOPELESS_REJECTED, REJECTED_LISTED
from mattebox_registry.store.port import Store
from support.answers import Answer, call
from support.registry import Client, add_version, frame, running_registry
from support.rounds import counted_rounds
from support.wait import wait_until

NDJSON = "application/x-ndjson"
MSGPACK = "application/msgpack"
BAD = {"id": "bad", "sources": [{"uri": 3}]}


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A registry with small limits."""
    async with running_registry(tmp_path, redis_url, max_frame_bytes=4096, max_batch_bytes=200_000) as running:
        yield running


@pytest.fixture
async def version(client: Client) -> str:
    """An empty draft."""
    return await add_version(client)


def store_of(client: Client) -> Store:
    store: Store = client.server.app[STORE]  # type: ignore[attr-defined]  # a TestServer has it
    return store


async def post(client: Client, version: str, body: Any, kind: str = "application/json", **headers: str) -> Answer:
    return await call(
        client, "POST", f"/versions/{version}/frames", data=body, headers={"Content-Type": kind, **headers}
    )


async def frame_count(client: Client, version: str) -> int:
    return int((await call(client, "GET", f"/versions/{version}")).body["frame_count"])


def lines(*documents: Any) -> bytes:
    return b"\n".join(json.dumps(document).encode() for document in documents)


def bodies_of(documents: list[Any]) -> dict[str, tuple[bytes, str]]:
    """The same frames in every way they can be posted."""
    return {
        "array": (json.dumps(documents).encode(), "application/json"),
        "envelope": (json.dumps({"frames": documents}).encode(), "application/json; charset=utf-8"),
        "lines": (lines(*documents), NDJSON),
        "lines that end": (lines(*documents) + b"\r\n\n", NDJSON),
        "msgpack": (msgspec.msgpack.encode(documents), MSGPACK),
    }


@pytest.mark.parametrize("way", list(bodies_of([])))
async def test_each_frame_gets_its_verdict(client: Client, version: str, way: str) -> None:
    documents = [frame("a"), BAD, frame("b", "seg"), {"sources": []}, frame("a")]
    answer = await post(client, version, *bodies_of(documents)[way])
    assert answer.status == 200
    assert (answer.body["created"], answer.body["updated"], answer.body["rejected_count"]) == (2, 1, 2)
    assert [(rejected["index"], rejected["id"]) for rejected in answer.body["rejected"]] == [(1, "bad"), (3, None)]
    assert answer.body["rejected"][0]["errors"][0]["loc"] == "sources[0].uri"
    assert "ids" not in answer.body
    again = await post(client, version, *bodies_of(documents)[way])
    assert (again.body["created"], again.body["updated"]) == (0, 3)
    assert await frame_count(client, version) == 2


async def test_frames_without_an_id_get_one_told_in_order(client: Client, version: str) -> None:
    anonymous = {"sources": [{"uri": "x"}]}
    answer = await post(client, version, json.dumps([anonymous, frame("b"), BAD, anonymous]).encode())
    first, named, last = answer.body["ids"]
    assert named == "b"
    assert first < last
    for frame_id in (first, last):
        assert (await call(client, "GET", f"/versions/{version}/frames/{frame_id}")).body["sources"] == [{"uri": "x"}]


async def test_an_empty_array_is_no_fault(client: Client, version: str) -> None:
    assert (await post(client, version, b"[]")).body["created"] == 0
    assert (await post(client, version, b'{"frames": []}')).body["created"] == 0


async def test_a_body_that_is_none_is_refused(client: Client, version: str) -> None:
    for body, kind, verdict, words in (
        (b"", "application/json", (400, "empty_body"), "empty"),
        (b" \n", "application/json", (400, "empty_body"), "empty"),
        (b"", NDJSON, (400, "empty_body"), "empty"),
        (b"\n \n", NDJSON, (400, "empty_body"), "empty"),
        (b"", MSGPACK, (400, "empty_body"), "empty"),
        (b'[{"id":"a"},\n{"id":]', "application/json", (400, "bad_json"), "line 2"),
        (b"[" * 100_000, "application/json", (400, "bad_json"), "deeply"),
        (b"[NaN]", "application/json", (400, "bad_json"), "byte 1"),
        (b"3", "application/json", (400, "invalid_body"), "array"),
        (b'{"frame": []}', "application/json", (400, "invalid_body"), "frames"),
        (b"\x93\x01", MSGPACK, (400, "bad_msgpack"), "msgpack"),
        (b"\x01", MSGPACK, (400, "invalid_body"), "array"),
        (b"a=b", "application/x-www-form-urlencoded", (415, "wrong_content_type"), NDJSON),
        (b"[" + b" " * 200_000 + b"]", "application/json", (413, "body_too_large"), "200000"),
        (b"\x90" * 200_001, MSGPACK, (413, "body_too_large"), "200000"),
        (gzip.compress(b"[" + b" " * 5_000_000 + b"]"), "application/json; gzip", (413, "body_too_large"), "200000"),
        (b"no gzip at all", "application/json; gzip", (400, "body_broken"), "Content-Encoding"),
    ):
        media, _, encoding = kind.partition("; ")
        headers = {"Content-Encoding": encoding} if encoding else {}
        answer = await post(client, version, body, media, **headers)
        assert answer.verdict == verdict, body[:40]
        assert words in answer.body["detail"]
    assert await frame_count(client, version) == 0


async def test_an_unknown_version_is_told_before_the_body_is_read(client: Client) -> None:
    assert (await post(client, "nobody", b"[]")).verdict == (404, "not_found")


async def test_compressed_frames_are_unpacked(client: Client, version: str) -> None:
    body = gzip.compress(lines(*(frame(f"f{number}") for number in range(2_000))))
    answer = await post(client, version, body, NDJSON, **{"Content-Encoding": "gzip"})
    assert answer.body["created"] == 2_000


async def test_a_gzip_stream_that_ends_too_early_is_told_with_what_was_stored(client: Client, version: str) -> None:
    packer = zlib.compressobj(wbits=31)
    cut = packer.compress(lines(*(frame(f"f{number}") for number in range(700)), BAD) + b'\n{"id":"torn')
    cut += packer.flush(zlib.Z_SYNC_FLUSH)
    answer = await post(client, version, cut, NDJSON, **{"Content-Encoding": "gzip"})
    assert answer.verdict == (400, "body_broken")
    counts = {name: answer.body[name] for name in ("created", "updated", "rejected_count")}
    assert counts == {"created": 700, "updated": 0, "rejected_count": 1}
    assert await frame_count(client, version) == 700


@pytest.mark.parametrize("blank", [b"\n", b" \r\n"])
async def test_a_bomb_of_blank_lines_is_refused_and_others_have_their_turn(
    client: Client, version: str, blank: bytes
) -> None:
    """20 MB in 20 kB: given up soon, and the loop goes round for each piece."""
    bomb = gzip.compress(lines(frame("a")) + b"\n" + blank * 20_000_000)
    async with counted_rounds() as rounds:
        answer = await post(client, version, bomb, NDJSON, **{"Content-Encoding": "gzip"})
    assert answer.verdict == (413, "body_too_large")
    assert "200 times" in answer.body["detail"]
    assert answer.body["created"] == 1
    assert rounds.count > 10
    assert rounds.longest_s < 0.5


async def test_blank_lines_that_are_no_bomb_are_read_in_pieces(client: Client, version: str) -> None:
    async with counted_rounds() as rounds:
        answer = await post(client, version, io.BytesIO(lines(frame("a")) + b"\n" * 20_000_000), NDJSON)
    assert answer.body["created"] == 1
    assert rounds.longest_s < 0.5


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "garbage", "gzip, gzip"])
@pytest.mark.parametrize("path", ["/versions/{}/frames", "/datasets", "/blobs"])
async def test_a_content_encoding_that_is_not_known_is_named(
    client: Client, version: str, path: str, encoding: str
) -> None:
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    answer = await call(client, "POST", path.format(version), data=b"{}", headers=headers)
    assert answer.verdict == (415, "wrong_content_encoding")
    assert answer.headers["Accept-Encoding"] == "gzip, identity"
    assert "gzip" in answer.body["detail"]


async def test_a_body_as_it_is_may_say_so(client: Client, version: str) -> None:
    answer = await post(client, version, lines(frame("a")), NDJSON, **{"Content-Encoding": "Identity"})
    assert answer.body["created"] == 1


@pytest.mark.parametrize("way", ["array", "envelope", "msgpack"])
async def test_a_body_full_of_what_is_no_frame_is_given_up(client: Client, version: str, way: str) -> None:
    """With the fault of the first, the counts, and what was a frame stored."""
    body, kind = bodies_of([frame("a"), *[1] * 50_000])[way]
    answer = await post(client, version, body, kind)
    assert answer.verdict == (400, "not_frames")
    assert answer.body["created"] == 1
    assert HOPELESS_REJECTED <= answer.body["rejected_count"] < HOPELESS_REJECTED + 1_000
    assert answer.body["errors"][0]["message"] == "Give object, not integer."
    assert await frame_count(client, version) == 1


@pytest.mark.parametrize("way", list(bodies_of([])))
async def test_a_batch_that_is_mostly_bad_still_gets_its_verdicts(client: Client, version: str, way: str) -> None:
    """Short of being given up, also where the items are so short that they are cut off one by one."""
    good = [frame(f"f{number}") for number in range(3)]
    answer = await post(client, version, *bodies_of([good[0], *[1] * 4_000, good[1], *[{}] * 4_000, good[2]])[way])
    assert (answer.status, answer.body["created"], answer.body["rejected_count"]) == (200, 3, 8_000)
    assert len(answer.body["rejected"]) == REJECTED_LISTED


async def test_a_bad_line_costs_that_line_alone(client: Client, version: str) -> None:
    """Broken JSON, broken UTF-8 and a line over the limit are rejected by their position among the frames."""
    broken = [b"{", b'{"id":"\xff"}', lines(frame("long") | {"filler": "x" * 5_000}), b'{"id":"nul"}\x00']
    body = b"\n".join([lines(frame("a")), b"", *broken, lines(frame("b"))])
    answer = await post(client, version, body, NDJSON)
    assert (answer.body["created"], answer.body["rejected_count"]) == (2, 4)
    assert [rejected["index"] for rejected in answer.body["rejected"]] == [1, 2, 3, 4]
    assert "4096" in answer.body["rejected"][2]["errors"][0]["message"]


async def test_a_document_over_the_limit_is_rejected_in_an_array_too(client: Client, version: str) -> None:
    documents = [frame("a"), frame("long") | {"filler": "x" * 5_000}]
    for body, kind in (
        (json.dumps(documents).encode(), "application/json"),
        (msgspec.msgpack.encode(documents), MSGPACK),
    ):
        answer = await post(client, version, body, kind)
        assert [rejected["index"] for rejected in answer.body["rejected"]] == [1]


async def test_many_rejects_are_counted_and_the_first_are_listed(client: Client, version: str) -> None:
    answer = await post(client, version, b"[]\n" * (REJECTED_LISTED + 5), NDJSON)
    assert len(answer.body["rejected"]) == REJECTED_LISTED
    assert answer.body["rejected_count"] == REJECTED_LISTED + 5


async def test_a_stream_is_stored_while_it_comes(client: Client, version: str) -> None:
    """Whole batches are on disk before the stream ends, and all that came whole is stored when it breaks off."""
    sent = asyncio.Event()

    async def stream() -> AsyncIterator[bytes]:
        for number in range(1_200):
            yield lines(frame(f"{number:04d}")) + b"\n"
        await sent.wait()
        msg = "the client dies"
        raise ClientError(msg)

    async def stored() -> bool:
        return (await store_of(client).version(version)).frame_count >= 1_000

    posting = asyncio.create_task(post(client, version, stream(), NDJSON))
    await wait_until(stored, description="two batches")
    sent.set()
    with pytest.raises(ClientError):
        await posting

    async def all_stored() -> bool:
        return (await store_of(client).version(version)).frame_count == 1_200

    await wait_until(all_stored, description="every frame that was sent whole")


async def test_a_body_that_stops_coming_is_given_up(tmp_path: Path, redis_url: str) -> None:
    forever = asyncio.Event()

    async def stream() -> AsyncIterator[bytes]:
        yield lines(frame("a")) + b"\n"
        await forever.wait()

    async with running_registry(tmp_path, redis_url, body_timeout_s=0.1) as impatient:
        answer = await post(impatient, await add_version(impatient), stream(), NDJSON)
    assert answer.verdict == (408, "body_timeout")


async def test_a_document_that_drips_is_given_up(tmp_path: Path, redis_url: str) -> None:
    """There is always a byte in time, and never an end; a stream may take as long as it likes."""
    silent = asyncio.Event()

    async def drip(end: bytes, count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b" "
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(silent.wait(), 0.05)
        yield end

    async with running_registry(tmp_path, redis_url, body_timeout_s=0.25) as impatient:
        version = await add_version(impatient)
        assert (await post(impatient, version, drip(b"[]", 1_000))).verdict == (408, "body_timeout")
        assert (await post(impatient, version, drip(lines(frame("a")), 25), NDJSON)).body["created"] == 1


async def test_labels_that_change_under_a_stream_hold_for_all_its_frames(client: Client, version: str) -> None:
    half = asyncio.Event()

    async def stream() -> AsyncIterator[bytes]:
        for number in range(1_500):
            yield lines(frame(f"{number:04d}", "seg")) + b"\n"
        await half.wait()
        for number in range(1_500, 3_000):
            yield lines(frame(f"{number:04d}", "seg")) + b"\n"

    async def begun() -> bool:
        return (await store_of(client).version(version)).frame_count >= 500

    posting = asyncio.create_task(post(client, version, stream(), NDJSON))
    await wait_until(begun, description="a batch")
    labels = {"mask_labels": [{"value": [1, 1, 1], "labels": ["car"]}]}
    assert (await call(client, "PUT", f"/versions/{version}/mask-labels", json=labels)).status == 200
    half.set()
    assert (await posting).body["created"] == 3_000

    async def restyled() -> bool:
        return (await store_of(client).version(version)).restyle_after is None

    await wait_until(restyled, description="the end of the restyle")
    expected = await add_version_like(client, labels["mask_labels"])
    for frame_id in ("0000", "1499", "1500", "2999"):
        await post(client, expected, lines(frame(frame_id, "seg")), NDJSON)
        one, other = [await store_of(client).frame(v, frame_id) for v in (version, expected)]
        assert one.key == other.key


async def add_version_like(client: Client, mask_labels: list[Any]) -> str:
    dataset = (await call(client, "POST", "/datasets", json={"name": "expected"})).body["id"]
    fields = {"name": "v", "metadata": {"mask_labels": mask_labels}}
    return str((await call(client, "POST", f"/datasets/{dataset}/versions", json=fields)).body["id"])
