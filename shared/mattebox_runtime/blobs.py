"""Uploads: bytes named by their SHA-256, in a local directory or an object store.

The registry writes them, the renderers read them; both open the same place with `open_blobs`.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterable, AsyncIterator
from datetime import timedelta
from hashlib import sha256 as new_sha256
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

SCHEME = "blob"

# Two parts of 5 MiB, the least S3 takes, are all that an upload of any length holds in memory.
_PART_BYTES = 5 * 2**20
_PARTS_AT_A_TIME = 2

_READ_BYTES = 2**18

# Only the operator names endpoints: one with http:// is meant. The library's own default is three minutes of retries.
_CLIENT: Any = {"allow_http": True}
_RETRIES: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobMissing(LookupError):
    """There is no blob of this digest."""


class BlobEmpty(ValueError):
    """An upload had no bytes."""


class BlobTooLarge(ValueError):
    """A blob has more bytes than the caller allows."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"The blob is larger than {max_bytes} bytes.")
        self.max_bytes = max_bytes


class BlobStoreFailed(Exception):
    """The directory or object store could not do what was asked; the cause says why."""


class Blob(NamedTuple):
    """A stored upload."""

    sha256: str
    size: int

    @property
    def uri(self) -> str:
        """The URI by which frames refer to it."""
        return f"{SCHEME}:{self.sha256}"


class Blobs:
    """Content-addressed bytes in an obstore store, and names for some; `directory` where that is a local one."""

    def __init__(self, store: Any, directory: Path | None) -> None:
        self._store = store
        self._directory = directory

    async def put(self, chunks: AsyncIterable[bytes], *, max_bytes: int) -> Blob:
        """Store a stream under the digest of its bytes, on disk when this returns; half an upload leaves nothing.

        Raises BlobEmpty, BlobTooLarge, BlobStoreFailed, and what `chunks` raises.
        """
        upload = _Upload(chunks, max_bytes)
        temporary = f"uploads/{uuid4().hex}"
        try:
            await obstore.put_async(
                self._store, temporary, upload.read(), chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_A_TIME
            )
            if not upload.size:
                await obstore.delete_async(self._store, temporary)
                raise BlobEmpty("the upload is empty")
            blob = Blob(upload.digest.hexdigest(), upload.size)
            await self._keep(temporary, blob.sha256)
        except BaseError as error:
            raise BlobStoreFailed(str(error)) from error
        return blob

    async def _keep(self, temporary: str, sha256: str) -> None:
        if self._directory is not None:
            await asyncio.to_thread(_sync, self._directory / temporary)
        await obstore.rename_async(self._store, temporary, _path(sha256))
        if self._directory is not None:
            await asyncio.to_thread(_sync, (self._directory / _path(sha256)).parent)

    async def size(self, sha256: str) -> int:
        """Give the size of a blob in bytes. Raises BlobMissing, BlobStoreFailed."""
        try:
            meta = await obstore.head_async(self._store, _path(sha256))
        except FileNotFoundError as error:
            raise BlobMissing(sha256) from error
        except BaseError as error:
            raise BlobStoreFailed(str(error)) from error
        return int(meta["size"])

    async def get(self, sha256: str, *, max_bytes: int) -> bytes:
        """Give a whole blob. Raises BlobMissing, BlobTooLarge, BlobStoreFailed."""
        try:
            found = await obstore.get_async(self._store, _path(sha256))
            if found.meta["size"] > max_bytes:
                raise BlobTooLarge(max_bytes)
            return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise BlobMissing(sha256) from error
        except BaseError as error:
            raise BlobStoreFailed(str(error)) from error

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        """Give a blob in parts. Raises BlobMissing, BlobStoreFailed."""
        try:
            found = await obstore.get_async(self._store, _path(sha256))
            async for part in found.stream(min_chunk_size=_READ_BYTES):
                yield bytes(part)
        except FileNotFoundError as error:
            raise BlobMissing(sha256) from error
        except BaseError as error:
            raise BlobStoreFailed(str(error)) from error

    async def name(self, name: str, sha256: str) -> None:
        """Let a name stand for a blob from now on, on disk when this returns. Raises BlobStoreFailed."""
        path = _name_path(name)
        try:
            await obstore.put_async(self._store, path, sha256.encode())
        except BaseError as error:
            raise BlobStoreFailed(str(error)) from error
        if self._directory is not None:
            await asyncio.to_thread(_sync, self._directory / path)
            await asyncio.to_thread(_sync, (self._directory / path).parent)

    async def named(self, name: str) -> str:
        """Give the SHA-256 of the blob that a name stands for. Raises BlobMissing, BlobStoreFailed."""
        try:
            found = await obstore.get_async(self._store, _name_path(name))
            return bytes(await found.bytes_async()).decode()
        except FileNotFoundError as error:
            raise BlobMissing(name) from error
        except BaseError as error:
            raise BlobStoreFailed(str(error)) from error

    def local_path(self, sha256: str) -> str | None:
        """Name the file a blob lies in, or would lie in; None where blobs are not local files. Raises BlobMissing."""
        return None if self._directory is None else f"{self._directory}/{_path(sha256)}"


class _Upload:
    """Counts and digests a stream on its way through."""

    def __init__(self, chunks: AsyncIterable[bytes], max_bytes: int) -> None:
        self._chunks = chunks
        self._max_bytes = max_bytes
        self.digest = new_sha256()
        self.size = 0

    async def read(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._max_bytes:
                raise BlobTooLarge(self._max_bytes)
            self.digest.update(chunk)
            yield chunk


def open_blobs(place: str | Path) -> Blobs:
    """Open the blobs at an object store URL (file, s3, gs, az, memory) or in a directory, made if missing.

    Credentials of object stores come from the environment, as obstore reads it.

    Raises:
        BlobStoreFailed: the URL cannot be used.
    """
    try:
        if isinstance(place, str) and "://" in place and not place.startswith("file://"):
            return Blobs(from_url(place, client_options=_CLIENT, retry_config=_RETRIES), None)
        directory = Path(str(place).removeprefix("file://")).absolute()
        directory.mkdir(parents=True, exist_ok=True)
        return Blobs(LocalStore(directory), directory)
    except (BaseError, OSError) as error:
        # What follows the first line is obstore's own state.
        msg = f"The place of the uploads cannot be used: {str(error).partition(chr(10))[0]}"
        raise BlobStoreFailed(msg) from error


def _path(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise BlobMissing(sha256)
    # 256 directories keep each one short.
    return f"sha256/{sha256[:2]}/{sha256}"


def _name_path(name: str) -> str:
    # A digest, so that no name can be a path.
    digest = new_sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return f"names/{digest[:2]}/{digest}"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
