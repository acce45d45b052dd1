"""Frames of any number as one request body."""

from collections.abc import AsyncGenerator, AsyncIterable, Iterable

import msgspec

from mattebox._batches import each
from mattebox._protocol import Request, decipher
from mattebox._requests import FrameLike
from mattebox.aio._transport import Transport
from mattebox.answers import AddedFrames
from mattebox.errors import MatteboxError

CHUNK_BYTES = 64 * 1024
"""Lines are gathered to chunks of this size: a write to the socket per frame would cost more than the frame."""


class LineStream:
    """An NDJSON body drawn from the caller's iterator while it is sent."""

    def __init__(self, frames: Iterable[FrameLike] | AsyncIterable[FrameLike]) -> None:
        self._frames = frames
        self._fault: Exception | None = None

    async def send(self, transport: Transport, request: Request[AddedFrames]) -> AddedFrames:
        """Send the frames once.

        Raises:
            Exception: whatever the caller's iterator raised; without this it would pass for a broken connection.
        """
        try:
            answer = await transport.send_once(request, self._chunks)
        except MatteboxError:
            if self._fault is not None:
                raise self._fault from None
            raise
        return decipher(request, answer)

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        encoder = msgspec.json.Encoder()
        chunk = bytearray()
        try:
            async for frame in each(self._frames):
                chunk += encoder.encode(frame) + b"\n"
                if len(chunk) >= CHUNK_BYTES:
                    yield bytes(chunk)
                    chunk.clear()
        except Exception as fault:
            self._fault = fault
            raise
        yield bytes(chunk)
