"""The generation: which streams belong to this database's history."""

import structlog
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from mattebox_registry.store.port import JobStore
from mattebox_runtime import redis_keys
from mattebox_runtime.streams.consumer import LANES, lane_stream
from mattebox_runtime.streams.scripts import load_script

log = structlog.get_logger()


class Generation:
    """Announces the generation to renderers, and begins a new one where the streams are another history's."""

    def __init__(self, store: JobStore, redis: Redis, *, seq_at_start: int) -> None:
        """`seq_at_start` is the highest job number from before this process gave out any."""
        self._store = store
        self._redis = redis
        self._seq_at_start = seq_at_start
        self._announce = load_script(redis, "announce")

    async def announce(self) -> bool:
        """Tell renderers the generation and give each lane its group; True where any of it was not there."""
        generation = self._store.generation
        lanes = [lane_stream(generation, lane) for lane in LANES]
        restored = await self._announce([redis_keys.GENERATION, *lanes], [generation, redis_keys.GROUP])
        return bool(restored)

    async def compare(self) -> None:
        """Begin a new generation if a stream is ahead of the database: an older copy of it was restored."""
        last_published = max([await self._last_id(lane_stream(self._store.generation, lane)) for lane in LANES])
        if last_published > self._seq_at_start:
            log.warning("database is older than its streams", last_seq=self._seq_at_start, published=last_published)
            await self.rotate()

    async def rotate(self) -> None:
        """Begin a new generation: every outstanding job is published again, into new streams."""
        old = self._store.generation
        new = await self._store.rotate_generation()
        log.warning("generation begun", generation=new, instead_of=old)
        await self.announce()
        await self._redis.unlink(*(lane_stream(old, lane) for lane in LANES), redis_keys.previews_stream(old))

    async def _last_id(self, stream: str) -> int:
        try:
            facts = await self._redis.xinfo_stream(stream)
        except ResponseError as error:
            if "no such key" in str(error):
                return 0
            raise
        last_id: bytes = facts["last-generated-id"]
        return int(last_id.partition(b"-")[0])
