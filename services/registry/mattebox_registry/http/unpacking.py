"""Bodies that come packed, unpacked in pieces: no request holds the event loop, and none grows without end."""

import asyncio
import zlib
from collections.abc import AsyncIterable, AsyncIterator

from mattebox_registry.errors import BodyTooLarge
from mattebox_registry.http.refusals import BodyBroken

MAX_EXPANSION = 200
"""Times a gzip body may grow: frames grow about 10 to 60 times, a body made to harm up to 1,032 times."""

FREE_BYTES = 2**20
"""What a body may unpack to whatever it grew from: small bodies of one repeated frame grow more."""

PIECE_BYTES = 2**17

_GZIP_WBITS = 16 + zlib.MAX_WBITS


async def gunzip(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Unpack gzip, of one member or several, in pieces of at most `PIECE_BYTES`; nothing unpacks to nothing.

    Raises:
        BodyBroken: it is no gzip, or ends before its end.
        BodyTooLarge: it grows more than `MAX_EXPANSION` times.
    """
    member = _Member()
    taken = given = 0
    async for chunk in chunks:
        taken += len(chunk)
        packed = chunk
        while packed:
            if member.eof:
                member = _Member()
            piece, packed = member.unpack(packed)
            given += len(piece)
            if given > max(FREE_BYTES, MAX_EXPANSION * (taken - len(packed))):
                raise BodyTooLarge(f"{MAX_EXPANSION} times its gzip, which is the most that is unpacked")
            if piece:
                yield piece
            # What was read ahead needs no waiting, so others would not have their turn.
            await asyncio.sleep(0)
    if taken and not member.eof:
        raise BodyBroken


class _Member:
    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(_GZIP_WBITS)

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    def unpack(self, packed: bytes) -> tuple[bytes, bytes]:
        """Give a piece and what is still packed."""
        try:
            piece = self._unpacker.decompress(packed, PIECE_BYTES)
        except zlib.error as error:
            raise BodyBroken from error
        return piece, self._unpacker.unconsumed_tail or self._unpacker.unused_data
