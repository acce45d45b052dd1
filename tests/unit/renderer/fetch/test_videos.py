"""A video is downloaded once for all frames that are asked for in a while; whatever else is fetched is not kept."""

import asyncio
import os
from collections.abc import Callable

import psutil
import pytest

from mattebox_renderer.fetch import Fetched, FetchFailed, NoRoom
from mattebox_renderer.fetch import videos as videos_module
from mattebox_renderer.fetch.videos import Videos
from support.fetched import fetched
from support.wait import wait_until

VIDEO = b"\0\0\0\x18ftypisom" + bytes(1000)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(1000)


class Origin:
    """Counts downloads, each of which waits to be let through."""

    def __init__(self, content: bytes | Exception, *, open_at_once: bool = True) -> None:
        self.content = content
        self.downloads = 0
        self.opened = asyncio.Event()
        if open_at_once:
            self.opened.set()

    async def download(self) -> Fetched:
        self.downloads += 1
        await self.opened.wait()
        if isinstance(self.content, Exception):
            raise self.content
        return fetched(self.content)


class Waiting:
    """A seat that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def wait(self) -> None:
        self.told.append("wait")

    def begin(self) -> None:
        self.told.append("begin")

    def hold(self, size: int) -> None:
        self.told.append("hold")


def content(file: Fetched) -> bytes:
    with file:
        return os.pread(file.fd, file.size, 0)


async def several(videos: Videos, origin: Origin, uri: str = "video", number: int = 5) -> list[Fetched | BaseException]:
    """Ask for a URI several times at once; the origin answers when all have asked."""
    asking = [asyncio.create_task(videos.fetch(uri, None, origin.download), name="ask") for _ in range(number)]
    for _ in range(3):
        await asyncio.sleep(0)
    origin.opened.set()
    return await asyncio.gather(*asking, return_exceptions=True)


async def test_frames_of_a_video_share_a_download() -> None:
    """Those that ask at the same time, and those that ask later."""
    origin, videos = Origin(VIDEO, open_at_once=False), Videos(10_000)
    answers = await several(videos, origin)
    answers.append(await videos.fetch("video", None, origin.download))
    assert [content(answer) for answer in answers if isinstance(answer, Fetched)] == [VIDEO] * 6
    assert origin.downloads == 1


async def test_pictures_are_downloaded_by_everybody() -> None:
    """Those that waited do not wait for each other."""
    origin, videos = Origin(PICTURE, open_at_once=False), Videos(10_000)
    assert [content(answer) for answer in await several(videos, origin) if isinstance(answer, Fetched)] == [PICTURE] * 5
    assert origin.downloads == 5


async def test_a_failure_is_that_of_all_who_wait_and_of_nobody_later() -> None:
    origin, videos = Origin(FetchFailed("not_found"), open_at_once=False), Videos(10_000)
    assert [getattr(answer, "reason", None) for answer in await several(videos, origin)] == ["not_found"] * 5
    assert origin.downloads == 1
    origin.content = VIDEO
    assert content(await videos.fetch("video", None, origin.download)) == VIDEO


@pytest.mark.parametrize("end", ["cancelled", "no room"])
async def test_whoever_waits_takes_over_a_download_that_was_given_up(end: str) -> None:
    """Neither a cancelled job nor one without room for the bytes says anything of the origin."""
    given_up = Origin(NoRoom() if end == "no room" else VIDEO, open_at_once=False)
    origin, videos = Origin(VIDEO), Videos(10_000)
    first = asyncio.create_task(videos.fetch("video", None, given_up.download), name="first")
    await wait_until(lambda: given_up.downloads, description="the download has begun")
    seat = Waiting()
    second = asyncio.create_task(videos.fetch("video", seat, origin.download), name="second")
    await wait_until(lambda: seat.told == ["wait"], description="the second one waits")
    if end == "cancelled":
        first.cancel()
    given_up.opened.set()
    with pytest.raises((asyncio.CancelledError, NoRoom)):
        await first
    assert content(await second) == VIDEO


async def test_what_is_lent_begins_a_fetch_and_holds_nothing() -> None:
    origin, videos, seat = Origin(VIDEO), Videos(10_000), Waiting()
    content(await videos.fetch("video", None, origin.download))
    content(await videos.fetch("video", seat, origin.download))
    assert seat.told == ["begin"]


async def test_the_memory_is_bounded_and_what_is_in_use_stays() -> None:
    """The least recently used goes first; what is lent makes no room, so a newcomer is not kept."""
    origin, videos = Origin(VIDEO), Videos(2 * len(VIDEO))
    for uri in ("a", "b"):
        content(await videos.fetch(uri, None, origin.download))
    in_use = [await videos.fetch(uri, None, origin.download) for uri in ("b", "a")]
    assert origin.downloads == 2
    content(await videos.fetch("c", None, origin.download))
    content(await videos.fetch("c", None, origin.download))
    assert origin.downloads == 4
    in_use.pop(0).close()
    content(await videos.fetch("c", None, origin.download))
    content(await videos.fetch("c", None, origin.download))
    assert origin.downloads == 5
    assert [content(file) for file in in_use] == [VIDEO]


async def test_after_a_while_the_origin_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the old bytes keeps them, and they count until then."""
    monkeypatch.setattr(videos_module, "KEEP_S", 0.01)
    origin, videos = Origin(VIDEO), Videos(len(VIDEO))
    held = await videos.fetch("video", None, origin.download)

    async def asked_anew() -> bool:
        content(await videos.fetch("video", None, origin.download))
        return origin.downloads > 1

    await wait_until(asked_anew, description="the origin is asked")
    content(await videos.fetch("video", None, origin.download))
    assert origin.downloads == 3
    assert content(held) == VIDEO


async def open_files(act: Callable[[Videos, Origin], object]) -> int:
    before: int = psutil.Process().num_fds()
    videos, origin = Videos(10_000), Origin(VIDEO)
    lent = await videos.fetch("video", None, origin.download)
    act(videos, origin)
    lent.close()
    videos.close()
    return int(psutil.Process().num_fds()) - before


async def test_no_file_is_left_open() -> None:
    """Whether it is closed before what is lent comes back or after."""
    assert await open_files(lambda videos, _: videos.close()) == 0
    assert await open_files(lambda videos, _: None) == 0
