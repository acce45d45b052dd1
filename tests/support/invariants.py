"""What must hold after every fault, once the service had time to recover."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import Any

from mattebox_runtime import redis_keys
from mattebox_runtime.events import decode_cached_preview
from mattebox_runtime.streams.consumer import LANES, lane_stream
from support.delivered import Owing, redis_at
from support.wait import wait_until


async def check_invariants(owing: Owing, *, failed: Mapping[str, str] | None = None) -> None:
    """Check that nothing was lost, nothing is stuck and nothing changed twice; `failed` maps frame id to code."""
    await _nothing_lost(owing)
    await _everything_settled(owing, failed or {})
    await _previews_are_right(owing, failed or {})
    await _streams_are_empty(owing)
    _one_visible_change(owing)
    _database_is_sound(owing)


async def _nothing_lost(owing: Owing) -> None:
    """I1, I2: every acknowledged frame is there once."""
    assert Counter(frame.id for frame in await owing.frames()) == Counter(list(owing.keys))


async def _everything_settled(owing: Owing, failed: Mapping[str, str]) -> None:
    """I3: each frame is ready, or failed with the code that it should have."""
    ended = {frame.id: (frame.state, frame.error_code) for frame in await owing.frames()}
    assert ended == {id_: ("failed", failed[id_]) if id_ in failed else ("ready", None) for id_ in owing.keys}


async def _previews_are_right(owing: Owing, failed: Mapping[str, str]) -> None:
    """I4: what is cached is what this frame's source gives, whoever drew it and however often."""
    async with redis_at(owing.redis_url) as redis:
        for frame in await owing.frames():
            packed: Any = await redis.get(redis_keys.preview(frame.key))
            if packed is not None:
                assert frame.id not in failed
                preview = decode_cached_preview(packed)
                assert preview.key == frame.key
                assert preview.body == b"source"


async def _streams_are_empty(owing: Owing) -> None:
    """I5: no entry is left over, and the outbox is empty."""

    async def rest() -> dict[str, int]:
        store = owing.store
        found = {f"outbox {lane}": len(await store.unpublished(lane, 10)) for lane in LANES}
        found |= {f"outstanding {lane}": await store.outstanding(lane) for lane in LANES}
        found["withdrawn"] = len(await store.withdrawn(10))
        async with redis_at(owing.redis_url) as redis:
            found["results"] = await redis.xlen(redis_keys.previews_stream(store.generation))
            for lane in LANES:
                stream = lane_stream(store.generation, lane)
                found[f"entries {lane}"] = await redis.xlen(stream)
                found[f"pending {lane}"] = (await redis.xpending(stream, redis_keys.GROUP))["pending"]
        return {name: count for name, count in found.items() if count}

    async def nothing_is_left() -> bool:
        return not await rest()

    await wait_until(nothing_is_left, description="nothing left in streams and outbox")


def _one_visible_change(owing: Owing) -> None:
    """I6: each frame's default preview changed once."""
    seen = Counter((change.frame_id, change.key) for change in owing.changes if change.change is not None)
    assert [which for which, times in seen.items() if times > 1] == []


def _database_is_sound(owing: Owing) -> None:
    """I8."""
    with sqlite3.connect(f"file:{owing.path}?mode=ro", uri=True) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    reader.close()
