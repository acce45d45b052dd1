"""One way to bytes for every scheme."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path

from aiohttp.abc import AbstractResolver

from mattebox_renderer.fetch import objects
from mattebox_renderer.fetch.content import Download, Fetched, FetchFailed
from mattebox_renderer.fetch.files import FileRoots, Opening, fetch_path, locate_path, open_all
from mattebox_renderer.fetch.objects import Objects
from mattebox_renderer.fetch.turns import Seat
from mattebox_renderer.fetch.uris import scheme_of
from mattebox_renderer.fetch.videos import Videos
from mattebox_renderer.fetch.web import Web, open_web
from mattebox_renderer.settings import Settings
from mattebox_runtime.blobs import BlobMissing, Blobs, BlobStoreFailed, BlobTooLarge, open_blobs

AT_ONCE_S = 1.0
"""Longest time for the files of a job together. Where it takes longer, each is waited for by itself."""


class Fetcher:
    """Opens what a URI of a frame points to; made by `open_fetcher`."""

    def __init__(self, settings: Settings, web: Web, blobs: Blobs, videos: Videos) -> None:
        self._timeout_s = settings.fetch_timeout_s
        self._max_bytes = settings.max_source_bytes
        self._web = web
        self._videos = videos
        self._files = FileRoots(settings.file_roots, self._max_bytes)
        self._objects = Objects(self._max_bytes, self._timeout_s)
        self._blobs = blobs

    async def open_local(self, uris: Sequence[str], seat: Seat | None = None) -> list[Fetched | FetchFailed] | None:
        """Open files of this machine in one go; None where one is elsewhere, or they are slow to open.

        The caller closes them.
        """
        openings = [opening for uri in uris if (opening := self._locate(uri)) is not None]
        if len(openings) < len(uris):
            return None
        if seat is not None:
            seat.begin()
        try:
            async with asyncio.timeout(min(AT_ONCE_S, self._timeout_s)):
                return await open_all(openings)
        except TimeoutError:
            return None

    def _locate(self, uri: str) -> Opening | None:
        """Tell how to open a file of this machine, or how it fails; None for what is not one."""
        try:
            scheme = scheme_of(uri)
            if scheme == "file":
                return self._files.locate(uri)
            path = self._blobs.local_path(uri.partition(":")[2]) if scheme == "blob" else None
        except BlobMissing:
            return partial(_fail, FetchFailed("not_found"))
        except FetchFailed as failure:
            return partial(_fail, failure)
        return None if path is None else locate_path(path, self._max_bytes)

    async def fetch(self, uri: str, seat: Seat | None = None) -> Fetched:
        """Fetch the bytes of a URI; the caller closes them, and `seat` is told when they are waited for.

        Raises:
            FetchFailed: with the reason to tell, and whether trying again later may help.
            NoRoom: `seat` does not let it hold the bytes.
        """
        scheme = scheme_of(uri)
        if scheme == "file":
            return await self._fetch_now(scheme, uri, seat)
        return await self._videos.fetch(uri, seat, partial(self._fetch_now, scheme, uri, seat))

    async def _fetch_now(self, scheme: str, uri: str, seat: Seat | None) -> Fetched:
        if scheme in ("http", "https"):
            return await self._web.fetch(uri, self._timeout_s, seat)
        if seat is not None:
            seat.begin()
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._fetch_stored(scheme, uri, seat)
        except TimeoutError as error:
            raise FetchFailed("timeout", transient=True) from error

    async def _fetch_stored(self, scheme: str, uri: str, seat: Seat | None) -> Fetched:
        if scheme == "file":
            return await self._files.fetch(uri)
        if scheme == "blob":
            return await self._fetch_blob(uri.partition(":")[2], seat)
        if scheme in objects.SCHEMES:
            return await self._objects.fetch(scheme, uri, seat)
        raise FetchFailed("unsupported_scheme")

    async def _fetch_blob(self, sha256: str, seat: Seat | None) -> Fetched:
        try:
            path = self._blobs.local_path(sha256)
            if path is not None:
                return await fetch_path(path, self._max_bytes)
            with Download(self._max_bytes, seat) as download:
                download.write(await self._blobs.get(sha256, max_bytes=self._max_bytes))
                return download.finish()
        except BlobMissing as error:
            raise FetchFailed("not_found") from error
        except BlobTooLarge as error:
            raise FetchFailed("too_large") from error
        except BlobStoreFailed as error:
            raise FetchFailed("unreachable", transient=True) from error


def _fail(failure: FetchFailed) -> Fetched:
    raise failure


@asynccontextmanager
async def open_fetcher(
    settings: Settings, *, resolver: AbstractResolver | None = None
) -> AsyncGenerator[Fetcher, None]:
    """Open the ways to files, hosts and stores; `resolver` is the system's if not given.

    Raises:
        SettingsError: an entry of `allow_cidrs` is not a network.
        BlobStoreFailed: the place of the uploads cannot be used.
    """
    blobs = open_blobs(settings.blobs or Path(settings.data) / "blobs")
    async with open_web(settings, resolver=resolver) as web:
        with closing(Videos(settings.max_kept_bytes)) as videos:
            yield Fetcher(settings, web, blobs, videos)
