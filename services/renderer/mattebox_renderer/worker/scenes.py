"""What previews were painted from that somebody looked at, kept to paint them again in other colours.

Kept in this process: as much again in Redis would cost more to move than it saves, and hold a dozen times what previews
do. What is kept is as old as its files, so a forced render makes a new edition of the scene, for every renderer.
"""

import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

import structlog
from redis.exceptions import RedisError

from mattebox_renderer.fetch.content import Download, Fetched
from mattebox_renderer.worker.index_maps import values_of
from mattebox_runtime import redis_keys
from mattebox_runtime.spec import MaskSpec, RenderSpec, preview_key, unpainted
from mattebox_runtime.streams.line import Line

KEPT_S = 3600.0
EDITION_TTL_S = 2 * 3600
"""More than KEPT_S: an edition that is forgotten must not make an older one the current one again."""

MAX_SCENES = 512
"""Each holds an open file."""

log = structlog.get_logger()


class Edition(NamedTuple):
    """A scene as its files were at some time."""

    scene: bytes
    number: bytes


class _Entry(NamedTuple):
    number: bytes
    file: Fetched
    since: float


class Scenes:
    """Scenes by name up to a sum of bytes; the one not asked for the longest goes first."""

    def __init__(self, redis: Line, max_bytes: int) -> None:
        self._redis = redis
        self._max_bytes = max_bytes
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self.size_bytes = 0

    async def edition(self, scene: bytes, *, renew: bool) -> Edition | None:
        """Tell which edition of a scene is current, a new one where wanted; None while Redis cannot say."""
        key = redis_keys.scene_edition(scene)
        try:
            if renew:
                number = secrets.token_bytes(8)
                await self._redis.execute_command("SET", key, number, "EX", EDITION_TTL_S)
            else:
                number = await self._redis.execute_command("GET", key) or b""
        except RedisError as error:
            log.warning("scene has no edition", error=type(error).__name__)
            return None
        return Edition(scene, number)

    def open(self, edition: Edition) -> Fetched | None:
        """Open what is kept of an edition; whoever asked closes it."""
        entry = self._entries.get(edition.scene)
        if entry is None:
            return None
        if entry.number != edition.number or time.monotonic() - entry.since > KEPT_S:
            self.forget(edition)
            return None
        self._entries.move_to_end(edition.scene)
        return Fetched(os.dup(entry.file.fd), entry.file.size)

    def put(self, edition: Edition, kept: bytes) -> None:
        """Keep an edition in place of an older one, unless it alone is larger than an eighth of the whole."""
        self.forget(edition)
        if len(kept) > self._max_bytes // 8:
            return
        with Download(len(kept)) as download:
            download.write(kept)
            self._entries[edition.scene] = _Entry(edition.number, download.finish(), time.monotonic())
        self.size_bytes += len(kept)
        while self.size_bytes > self._max_bytes or len(self._entries) > MAX_SCENES:
            self._drop(next(iter(self._entries)))

    def forget(self, edition: Edition) -> None:
        """Drop what is kept of a scene."""
        if edition.scene in self._entries:
            self._drop(edition.scene)

    def close(self) -> None:
        """Drop everything."""
        while self._entries:
            self._drop(next(iter(self._entries)))

    def _drop(self, scene: bytes) -> None:
        entry = self._entries.pop(scene)
        self.size_bytes -= entry.file.size
        entry.file.close()


def scene_of(spec: RenderSpec, tables: Mapping[bytes, bytes]) -> bytes | None:
    """Name what a preview is painted from, the same for all colours and opacities of its labels.

    None where it cannot be painted anew: outlines are found at full size, and pictures without labels have no colours.
    """
    is_labelled = any(mask.mode == "segmentation" for mask in spec.masks)
    if spec.format == "index" or spec.outline or not is_labelled:
        return None
    unpainted = RenderSpec(
        source=spec.source,
        masks=tuple(_unpainted(mask, tables) for mask in spec.masks),
        size=spec.size,
        format="jpeg" if spec.background is None and spec.format == "jpeg" else "png",
        background=spec.background,
    )
    return preview_key(unpainted.encode())


def _unpainted(mask: MaskSpec, tables: Mapping[bytes, bytes]) -> MaskSpec:
    return mask if mask.mode == "alpha" else unpainted(mask, values_of(mask, tables))
