"""What uploads promise, in a local directory and in an object store alike."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mattebox_runtime.blobs import BlobEmpty, BlobMissing, Blobs, BlobStoreFailed, BlobTooLarge, open_blobs

PLENTY = 2**30
NOWHERE = "0" * 64


@pytest.fixture(params=["directory", "file url", "object store"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """Blobs of every kind that needs no account."""
    places: dict[str, str | Path] = {
        "directory": tmp_path / "blobs",
        "file url": f"file://{tmp_path}/blobs",
        "object store": "memory:///",
    }
    return open_blobs(places[request.param])


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_a_blob_is_named_by_the_digest_of_its_bytes(blobs: Blobs) -> None:
    """The uri is `blob:` and the SHA-256 of the whole stream, however it was cut."""
    blob = await blobs.put(stream(b"mask", b"", b" bytes"), max_bytes=PLENTY)
    assert blob.uri == "blob:" + hashlib.sha256(b"mask bytes").hexdigest()
    assert blob.size == 10
    assert await blobs.get(blob.sha256, max_bytes=PLENTY) == b"mask bytes"
    assert await blobs.size(blob.sha256) == 10


async def test_the_same_bytes_twice_are_the_same_blob(blobs: Blobs) -> None:
    """Uploading again, even at the same time, gives the same uri and changes nothing."""
    first, *others = await asyncio.gather(*(blobs.put(stream(b"twin"), max_bytes=PLENTY) for _ in range(8)))
    assert all(other == first for other in others)
    assert await blobs.get(first.sha256, max_bytes=PLENTY) == b"twin"


async def test_an_upload_of_many_parts_comes_back_whole(blobs: Blobs) -> None:
    """An upload larger than all parts that are held at a time is stored byte for byte."""
    chunk = bytes(range(256)) * 4096
    blob = await blobs.put(stream(*[chunk] * 14), max_bytes=PLENTY)
    assert blob.size == 14 * 2**20
    assert await blobs.get(blob.sha256, max_bytes=PLENTY) == chunk * 14
    assert b"".join([part async for part in blobs.read(blob.sha256)]) == chunk * 14


async def test_a_name_stands_for_the_blob_it_was_given_last(blobs: Blobs) -> None:
    """Be it a path or anything else; none is a path of the store."""
    for name in ("/files/a.png", "../../secret", "ä\udcff", "x" * 9_000):
        await blobs.name(name, NOWHERE)
        await blobs.name(name, "1" * 64)
        assert await blobs.named(name) == "1" * 64
    with pytest.raises(BlobMissing):
        await blobs.named("/files/b.png")


async def test_what_is_not_there_cannot_be_read(blobs: Blobs) -> None:
    """Nor what is no digest."""
    for missing in ("0" * 64, "../secret"):
        with pytest.raises(BlobMissing):
            [part async for part in blobs.read(missing)]


async def test_an_empty_upload_is_refused(blobs: Blobs) -> None:
    """No bytes, no blob."""
    with pytest.raises(BlobEmpty):
        await blobs.put(stream(), max_bytes=PLENTY)


async def test_the_size_limit_is_exact(blobs: Blobs) -> None:
    """As many bytes as allowed are taken, one more is refused."""
    assert (await blobs.put(stream(b"12345"), max_bytes=5)).size == 5
    with pytest.raises(BlobTooLarge):
        await blobs.put(stream(b"12345", b"6"), max_bytes=5)


async def test_a_blob_over_the_readers_limit_is_not_read(blobs: Blobs) -> None:
    """A reader says how much it can hold."""
    blob = await blobs.put(stream(b"12345"), max_bytes=5)
    with pytest.raises(BlobTooLarge):
        await blobs.get(blob.sha256, max_bytes=4)


@pytest.mark.parametrize("sha256", [NOWHERE, "", "abc", "../../etc/passwd", NOWHERE.replace("0", "G"), NOWHERE + "\n"])
async def test_what_was_never_uploaded_is_missing(blobs: Blobs, sha256: str) -> None:
    """Unknown digests and words that are none are missing, never a path."""
    with pytest.raises(BlobMissing):
        await blobs.size(sha256)
    with pytest.raises(BlobMissing):
        await blobs.get(sha256, max_bytes=PLENTY)


async def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """A client that disconnects half-way leaves no file behind, and its error reaches the caller."""

    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 2**20
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await open_blobs(tmp_path).put(broken(), max_bytes=PLENTY)
    assert [files for _, _, files in os.walk(tmp_path) if files] == []


async def test_a_local_blob_has_a_path(tmp_path: Path) -> None:
    """In a directory a blob is a plain file that a renderer can open itself."""
    blobs = open_blobs(tmp_path)
    blob = await blobs.put(stream(b"pixels"), max_bytes=PLENTY)
    path = blobs.local_path(blob.sha256)
    assert path is not None
    assert (tmp_path / path).read_bytes() == b"pixels"
    assert open_blobs("memory:///").local_path(blob.sha256) is None


async def test_blobs_outlive_the_process_that_wrote_them(tmp_path: Path) -> None:
    """A second opening of the place finds what the first stored."""
    blob = await open_blobs(tmp_path).put(stream(b"kept"), max_bytes=PLENTY)
    assert await open_blobs(f"file://{tmp_path}").get(blob.sha256, max_bytes=PLENTY) == b"kept"


def test_a_place_that_cannot_hold_blobs_is_refused(tmp_path: Path) -> None:
    """A URL of no known kind, or a file in the directory's place, is told at opening."""
    (tmp_path / "file").touch()
    for place in ("gopher://blobs", tmp_path / "file"):
        with pytest.raises(BlobStoreFailed):
            open_blobs(place)


async def test_a_directory_that_cannot_be_written_fails_as_such(tmp_path: Path) -> None:
    """A store that breaks under an upload is told apart from a bad upload."""
    blobs = open_blobs(tmp_path / "blobs")
    (tmp_path / "blobs").rmdir()
    (tmp_path / "blobs").touch()
    with pytest.raises(BlobStoreFailed):
        await blobs.put(stream(b"x"), max_bytes=PLENTY)
