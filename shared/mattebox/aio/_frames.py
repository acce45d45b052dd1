"""Frames and uploads."""

import asyncio
import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from mattebox import _requests as requests
from mattebox._requests import FrameLike, FrameLine
from mattebox.aio._ndjson import LineStream
from mattebox.aio._paging import all_items
from mattebox.aio._transport import Transport, fetch
from mattebox.answers import AddedFrames, Blob, StoredFrame, stored_frame
from mattebox.errors import Invalid, NotFound
from mattebox.reasons import PreviewState


class FrameCalls:
    """The calls of `Client` about frames and the files they point to."""

    _transport: Transport

    async def add_frames(self, version_id: str, frames: Iterable[FrameLike] | AsyncIterable[FrameLike]) -> AddedFrames:
        """Store frames, any number of them, in one request of constant memory.

        Bad frames are rejected one by one, the rest is on disk when this returns. A frame with the id of a stored
        one replaces it. A list or tuple is sent again after a broken connection, if all its frames have ids.

        Raises:
            NotFound, Conflict: no such version, or it is published; nothing was stored.
            ServerUnavailable: it broke off, some of the frames may be stored.
        """
        try:
            if isinstance(frames, Sequence):
                request = requests.add_frames(version_id, frames)
                return await self._transport.call(request)
            return await LineStream(frames).send(self._transport, requests.stream_frames(version_id))
        except Invalid as refusal:
            if refusal.code == "empty_body":
                return AddedFrames(0, 0)
            raise

    async def add_lines(self, version_id: str, lines: Sequence[FrameLine]) -> AddedFrames:
        """Store frames that are written already, as `add_frames` stores a list. Raises what that raises."""
        return await self._transport.call(requests.add_lines(version_id, lines))

    async def frame(self, version_id: str, frame_id: str) -> StoredFrame:
        """Give one frame. Raises NotFound."""
        return stored_frame(await self._transport.call(requests.frame(version_id, frame_id)))

    def frames(
        self, version_id: str, *, context_id: str | None = None, state: PreviewState | None = None
    ) -> AsyncIterator[StoredFrame]:
        """Give the version's frames by context, timestamp and id, or those whose default preview is in `state`."""
        return all_items(
            self._transport,
            lambda cursor: requests.frames(
                version_id, context_id=context_id, state=state, cursor=cursor, limit=requests.FRAME_PAGE
            ),
            lambda page: [stored_frame(frame) for frame in page.frames],
        )

    async def put_frame(self, version_id: str, frame_id: str, frame: FrameLike) -> StoredFrame:
        """Store one frame under an id. Raises NotFound, Conflict, Invalid."""
        return stored_frame(await self._transport.call(requests.put_frame(version_id, frame_id, frame)))

    async def delete_frame(self, version_id: str, frame_id: str) -> None:
        """Delete one frame. Raises NotFound, Conflict."""
        await self._transport.call(requests.delete_frame(version_id, frame_id))

    async def delete_frames(self, version_id: str, frame_ids: Iterable[str]) -> int:
        """Delete the frames that exist of these, say how many there were. Raises NotFound, Conflict."""
        deleted = 0
        for batch in requests.id_batches(frame_ids):
            deleted += (await self._transport.call(requests.delete_frames(version_id, batch))).deleted
        return deleted

    async def upload(self, file: Path, *, attempts: int | None = None) -> Blob:
        """Store a file with the registry, unless it has the same bytes already; tried as often as `attempts` says.

        Raises:
            OSError: the file cannot be read.
        """
        digest, size = await asyncio.to_thread(_digest, file)
        try:
            await self._transport.call(requests.has_blob(digest))
        except NotFound:
            return await self._transport.call(requests.upload(), lambda: file.open("rb"), attempts=attempts)
        return Blob(f"blob:{digest}", size)

    async def download(self, uri: str, file: Path) -> None:
        """Write an upload (`blob:<sha256>`) or what lies at an http or https URL to a file.

        Raises:
            NotFound: no such upload.
            ServerUnavailable: it did not arrive whole.
            InputError: the host of the URL does not hand it out.
        """
        with file.open("wb") as target:
            async with self._bytes_of(uri) as chunks:
                async for chunk in chunks:
                    target.write(chunk)

    def _bytes_of(self, uri: str) -> AbstractAsyncContextManager[AsyncIterable[bytes]]:
        sha256 = uri.removeprefix("blob:")
        return fetch(uri) if sha256 == uri else self._transport.stream(requests.blob(sha256))


def _digest(file: Path) -> tuple[str, int]:
    with file.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        return digest, handle.tell()
