"""Label tables by digest, kept in memory because every frame of a version needs the same ones."""

from collections import OrderedDict
from collections.abc import Collection
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from tenacity import retry, retry_if_exception_type, wait_random_exponential

from mattebox_runtime import redis_keys

MAX_TABLES = 256


class TableReader:
    """Reads label tables from Redis, least recently used ones are read again."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._tables: OrderedDict[bytes, bytes] = OrderedDict()

    async def read(self, digests: Collection[bytes]) -> dict[bytes, bytes] | None:
        """Give all those tables by digest, None where Redis lost one. Waits for a Redis that is down."""
        tables = {}
        for digest in digests:
            packed = self._tables.get(digest) or await self._fetch(digest)
            if packed is None:
                return None
            tables[digest] = packed
            self._keep(digest, packed)
        return tables

    @retry(retry=retry_if_exception_type(RedisError), wait=wait_random_exponential(multiplier=0.1, max=2))
    async def _fetch(self, digest: bytes) -> bytes | None:
        packed: Any = await self._redis.get(redis_keys.table(digest))
        return None if packed is None else bytes(packed)

    def _keep(self, digest: bytes, packed: bytes) -> None:
        self._tables[digest] = packed
        self._tables.move_to_end(digest)
        if len(self._tables) > MAX_TABLES:
            self._tables.popitem(last=False)
