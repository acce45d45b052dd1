"""What nobody needs any more goes after a while, and nothing that a frame's default preview needs."""

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox_registry.rules.key_filter import KeyFilter
from mattebox_registry.rules.pruning import BATCH, Pruned, Pruner
from mattebox_registry.store.sqlite import SqliteStore, open_store
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec
from mattebox_runtime.tables import table_digest
from support.stores import SteppedClock, add_version, key_of, make_frame, make_request, publish, put, settle

KEEP_S = 86_400.0
TABLE = b"a label table"


@pytest.fixture
def clock() -> SteppedClock:
    """The clock of the store and the pruner; label tables go by SQLite's."""
    return SteppedClock(time.time())


@pytest.fixture
async def store(tmp_path: Path, clock: SteppedClock) -> AsyncIterator[SqliteStore]:
    """A store with one draft, `v1`."""
    async with open_store(tmp_path / "mattebox.db", clock=clock) as opened:
        await add_version(opened)
        yield opened


async def prune(store: SqliteStore, clock: SteppedClock) -> Pruned:
    """Prune as of now."""
    return await Pruner(store, keep_s=KEEP_S, clock=clock).prune()


async def test_records_of_previews_no_frame_has_go_when_they_are_old(store: SqliteStore, clock: SteppedClock) -> None:
    await put(store, make_frame("a"), make_frame("moved"), make_frame("deleted"))
    await store.request_preview(make_request("a", key_of("asked for")))
    await settle(store, [*await publish(store), *await publish(store, "interactive")])
    await put(store, make_frame("moved", look="now"))
    await settle(store, await publish(store))
    await store.delete_frames("v1", ["deleted"])
    assert await prune(store, clock) == Pruned(0, 0)
    clock.seconds += KEEP_S + 1
    assert (await prune(store, clock)).previews == 3
    kept = [make_frame("a").key, make_frame("moved", look="now").key]
    gone = [make_frame("moved").key, make_frame("deleted").key, key_of("asked for")]
    assert set(await store.previews(kept + gone)) == set(kept)


async def test_a_record_stays_while_any_frame_of_any_version_has_its_key(
    store: SqliteStore, clock: SteppedClock
) -> None:
    await add_version(store, "v2")
    await put(store, make_frame("a"))
    await put(store, make_frame("a"), version_id="v2")
    await settle(store, await publish(store))
    await store.delete_frames("v1", ["a"])
    clock.seconds += KEEP_S + 1
    assert (await prune(store, clock)).previews == 0
    assert (await store.frame("v2", "a")).state == "ready"


async def test_a_record_written_anew_is_not_old(store: SqliteStore, clock: SteppedClock) -> None:
    """Though it was found to be, a moment ago."""
    key = key_of("asked for")
    await put(store, make_frame("a"))
    await publish(store)
    await store.request_preview(make_request("a", key))
    await settle(store, await publish(store, "interactive"))
    clock.seconds += KEEP_S + 1
    _, old = await store.previews_before(clock.seconds - KEEP_S, 0, 10)
    await store.request_preview(make_request("a", key))
    await settle(store, await publish(store, "interactive"))
    assert old == [key]
    assert await store.delete_previews(old, clock.seconds - KEEP_S) == 0


async def test_more_records_than_a_batch_go(store: SqliteStore, clock: SteppedClock) -> None:
    ids = [f"f{number}" for number in range(BATCH + 2)]
    await put(store, *(make_frame(frame_id) for frame_id in ids))
    await settle(store, await publish(store))
    await store.delete_frames("v1", ids[1:])
    clock.seconds += KEEP_S + 1
    assert (await prune(store, clock)).previews >= BATCH
    assert list(await store.previews([make_frame("f0").key])) == [make_frame("f0").key]


async def test_label_tables_go_when_no_job_can_ask_for_them(store: SqliteStore, clock: SteppedClock) -> None:
    """One of a request that is still owed stays, and all while jobs wait to be published."""
    digest = table_digest(TABLE)
    spec = RenderSpec(SourceSpec("s"), (MaskSpec("m", "m", "segmentation", 0.5, table=digest),)).encode()
    await put(store, make_frame("a"))
    await store.keep_tables({b"waits": b"table"})
    await store.request_preview(make_request("a", key_of("asked"))._replace(spec=spec, tables={digest: TABLE}))
    clock.seconds += KEEP_S + 10
    assert (await prune(store, clock)).tables == 0
    await publish(store)
    requests = await publish(store, "interactive")
    assert (await prune(store, clock)).tables == 1
    assert await store.table(b"waits") is None
    assert await store.table(digest) == TABLE
    await settle(store, requests)
    assert (await prune(store, clock)).tables == 1
    assert await store.table(digest) is None


async def test_a_label_table_stored_again_is_not_old(store: SqliteStore, tmp_path: Path) -> None:
    await store.keep_tables({b"d": TABLE})
    with closing(sqlite3.connect(tmp_path / "mattebox.db", isolation_level=None)) as other:
        other.execute("UPDATE tables SET used_s = used_s - 10000")
    await store.keep_tables({b"d": TABLE})
    assert await store.delete_tables([b"d"], time.time() - 3600) == 0


@given(st.sets(st.binary(min_size=16, max_size=16), max_size=300))
def test_a_key_that_was_added_is_never_denied(keys: set[bytes]) -> None:
    known = KeyFilter(len(keys))
    known.add(keys)
    assert all(key in known for key in keys)


def test_hardly_any_other_key_is_not_denied() -> None:
    known = KeyFilter(20_000)
    known.add(key_of(str(number)) for number in range(20_000))
    others = [key_of(str(-number)) for number in range(1, 10_001)]
    assert sum(key in known for key in others) < 100
