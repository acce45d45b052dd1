"""Videos that were downloaded a moment ago: a batch of their frames is one download, not one for each frame."""

import asyncio
import os
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial

from mattebox_renderer.fetch.content import Fetched, FetchFailed
from mattebox_renderer.fetch.turns import Seat
from mattebox_runtime.media import HEAD_BYTES, video_format

KEEP_S = 30.0
"""From its download on: for so long nobody looks whether the origin has changed."""

Download = Callable[[], Awaitable[Fetched]]


class _Kept:
    def __init__(self, file: Fetched) -> None:
        self.file = file
        self.users = 0
        self.fresh = True


class _UnderWay:
    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.failure: FetchFailed | None = None
        self.not_kept = False


class Videos:
    """Lends downloaded videos to those who ask for the same URI while they are fresh, in bounded memory."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._stale: set[_Kept] = set()
        self._under_way: dict[str, _UnderWay] = {}

    async def fetch(self, uri: str, seat: Seat | None, download: Download) -> Fetched:
        """Give a video that is kept, else what `download` gives, which is kept if it is a video and has room.

        Of several who ask for one URI at a time one downloads, and its failure is that of all.

        Raises:
            FetchFailed, NoRoom: as `download` does.
        """
        while True:
            kept = self._kept.get(uri)
            if kept is not None:
                if seat is not None:
                    seat.begin()
                self._kept.move_to_end(uri)
                return self._lend(kept)
            under_way = self._under_way.get(uri)
            if under_way is None:
                return await self._download(uri, download)
            if seat is not None:
                seat.wait()
            await under_way.ended.wait()
            if under_way.failure is not None:
                raise FetchFailed(under_way.failure.reason, transient=under_way.failure.transient)
            if under_way.not_kept:
                return await download()

    def close(self) -> None:
        """Let go of everything; what is lent stays open for those who have it."""
        for kept in (*self._kept.values(), *self._stale):
            kept.file.close()
        self._kept.clear()
        self._stale.clear()

    async def _download(self, uri: str, download: Download) -> Fetched:
        under_way = self._under_way[uri] = _UnderWay()
        try:
            file = await download()
            kept = self._keep(uri, file)
            under_way.not_kept = kept is None
        except FetchFailed as failure:
            under_way.failure = failure
            raise
        finally:
            del self._under_way[uri]
            under_way.ended.set()
        return file if kept is None else self._lend(kept)

    def _keep(self, uri: str, file: Fetched) -> _Kept | None:
        if video_format(os.pread(file.fd, HEAD_BYTES, 0)) is None or not self._make_room(file.size):
            return None
        kept = self._kept[uri] = _Kept(file)
        asyncio.get_running_loop().call_later(KEEP_S, self._expire, uri, kept)
        return kept

    def _make_room(self, size: int) -> bool:
        """Let go of what nobody uses, the least recently lent first, as long as there is no room."""
        for uri, kept in list(self._kept.items()):
            if self._size + size <= self._max_bytes:
                break
            if not kept.users:
                self._expire(uri, kept)
        return self._size + size <= self._max_bytes

    @property
    def _size(self) -> int:
        return sum(kept.file.size for kept in (*self._kept.values(), *self._stale))

    def _lend(self, kept: _Kept) -> Fetched:
        handle = os.dup(kept.file.fd)
        kept.users += 1
        return Fetched(handle, kept.file.size, on_close=partial(self._take_back, kept))

    def _take_back(self, kept: _Kept) -> None:
        kept.users -= 1
        if not kept.fresh and not kept.users:
            self._stale.discard(kept)
            kept.file.close()

    def _expire(self, uri: str, kept: _Kept) -> None:
        """Lend a video to nobody any more; whoever has it keeps it, and it counts until then."""
        if self._kept.get(uri) is kept:
            del self._kept[uri]
            kept.fresh = False
            if kept.users:
                self._stale.add(kept)
            else:
                kept.file.close()
