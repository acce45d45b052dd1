"""The label tables that were put into Redis, and for how long they can be counted on there."""

import time
from collections.abc import Collection

from redis.asyncio import Redis

from mattebox_registry.store.port import JobStore
from mattebox_runtime import redis_keys

TABLE_TTL_S = 86_400

_TABLES_REMEMBERED = 10_000


class TableShelf:
    """Puts label tables into Redis before the jobs that need them."""

    def __init__(self, store: JobStore, redis: Redis) -> None:
        self._store = store
        self._redis = redis
        self._fresh_until: dict[bytes, float] = {}

    async def publish(self, digests: Collection[bytes]) -> set[bytes]:
        """Put those tables into Redis that may not be there; give those that the database does not have either."""
        unknown = set()
        for digest in digests:
            if self._fresh_until.get(digest, 0.0) < time.monotonic():
                packed = await self._store.table(digest)
                if packed is None:
                    unknown.add(digest)
                    continue
                await self._redis.set(redis_keys.table(digest), packed, ex=TABLE_TTL_S)
                if len(self._fresh_until) >= _TABLES_REMEMBERED:
                    # Clients can ask for any number of tables; what is forgotten costs one more SET.
                    self.forget()
                self._fresh_until[digest] = time.monotonic() + TABLE_TTL_S / 2
        return unknown

    def forget(self) -> None:
        """Count on no table any longer."""
        self._fresh_until.clear()
