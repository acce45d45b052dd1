"""A changed style reaches every frame, whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from mattebox_registry.rules.batches import FrameWriter
from mattebox_registry.rules.catalog import Catalog, VersionChanges
from mattebox_registry.rules.discard import Discarder
from mattebox_registry.rules.frames import as_of_now, read_frame
from mattebox_registry.rules.restyle import BATCHES_AT_ONCE, Restyler
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.store.port import Store
from mattebox_registry.store.sqlite import open_store
from mattebox_runtime.lifecycle import cancel_on_exit
from support.stores import add_version
from support.wait import wait_until

BATCH = 2


class Rules:
    """The rules over one store, and whom they told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.told: list[str] = []
        self.styles = StyleBook()
        self.restyler = Restyler(store, self.styles, self.told.append, batch_frames=BATCH)
        self.catalog = Catalog(store, self.restyler, Discarder(store), self.told.append)
        self.writer = FrameWriter(store, self.styles, self.told.append)

    async def add(self, *frame_ids: str) -> None:
        batch = await self.writer.batch("v1")
        for frame_id in frame_ids:
            document = f'{{"id":"{frame_id}","sources":[{{"uri":"s","masks":[{{"uri":"m"}}]}}]}}'
            batch.add(read_frame(document.encode()))
        await self.writer.put("v1", batch)

    async def label(self, *labels: str) -> None:
        declared = [{"value": number, "labels": [label]} for number, label in enumerate(labels)]
        await self.catalog.set_mask_labels("v1", declared)

    async def keys(self) -> dict[str, bytes]:
        frames = await self.store.frames("v1", after=None, limit=1_000)
        return {frame.id: frame.key for frame in frames}

    async def is_done(self) -> bool:
        return (await self.store.version("v1")).restyle_after is None


@pytest.fixture
async def rules(tmp_path: Path) -> AsyncIterator[Rules]:
    """The rules over an empty draft `v1`."""
    async with open_store(tmp_path / "mattebox.db") as store:
        await add_version(store, "v1")
        yield Rules(store)


IDS = [f"{number:02d}" for number in range(BATCH * BATCHES_AT_ONCE + 3)]


async def test_a_small_version_is_done_when_the_labels_are_set(rules: Rules) -> None:
    await rules.add(*IDS[: BATCH * BATCHES_AT_ONCE - 1])
    await rules.label("car")
    assert await rules.is_done()
    assert len(set((await rules.keys()).values())) == 1


async def test_the_rest_of_a_large_version_is_finished_by_the_background_task(rules: Rules) -> None:
    await rules.add(*IDS)
    before = await rules.keys()
    await rules.label("car")
    begun = await rules.keys()
    assert not await rules.is_done()
    assert begun[IDS[0]] != before[IDS[0]]
    assert begun[IDS[-1]] == before[IDS[-1]]
    async with cancel_on_exit(rules.restyler.run(), name="restyler"):
        await wait_until(rules.is_done, description="the restyle")
    assert set((await rules.keys()).values()) == {begun[IDS[0]]}


async def test_a_restart_goes_on_where_the_last_process_stopped(rules: Rules) -> None:
    await rules.add(*IDS)
    await rules.label("car")
    async with cancel_on_exit(Rules(rules.store).restyler.run(), name="restyler"):
        await wait_until(rules.is_done, description="the restyle")


async def test_a_restyle_goes_on_after_the_version_is_published(rules: Rules) -> None:
    await rules.add(*IDS)
    await rules.label("car")
    await rules.catalog.publish("v1")
    async with cancel_on_exit(rules.restyler.run(), name="restyler"):
        await wait_until(rules.is_done, description="the restyle")
    assert len(set((await rules.keys()).values())) == 1


async def test_a_frame_that_waits_for_its_restyle_is_shown_as_it_will_be(rules: Rules) -> None:
    await rules.add(*IDS)
    await rules.label("car")
    version = await rules.store.version("v1")
    style = rules.styles.style(version)
    first, last = [as_of_now(await rules.store.frame("v1", id_), version, style) for id_ in (IDS[0], IDS[-1])]
    assert first.key == last.key
    assert last.state == "pending"


async def test_labels_that_change_again_begin_again(rules: Rules) -> None:
    await rules.add(*IDS)
    await rules.label("car")
    await rules.label("wagon")
    async with cancel_on_exit(rules.restyler.run(), name="restyler"):
        await wait_until(rules.is_done, description="the restyle")
    expected = set((await rules.keys()).values())
    await rules.add("late")
    assert {(await rules.keys())["late"]} == expected


async def test_the_same_labels_again_restyle_nothing(rules: Rules) -> None:
    await rules.label("car")
    revision = (await rules.store.version("v1")).style_revision
    await rules.label("car")
    assert (await rules.store.version("v1")).style_revision == revision


async def test_changes_of_metadata_at_the_same_time_lose_none(rules: Rules) -> None:
    async def change(number: int) -> None:
        await rules.catalog.change_version("v1", VersionChanges(metadata={f"field {number}": number}))

    await asyncio.gather(*(change(number) for number in range(20)))
    metadata: dict[str, Any] = (await rules.store.version("v1")).metadata
    assert len(metadata) == 20


async def test_a_batch_resolved_under_older_labels_is_resolved_again(rules: Rules) -> None:
    await rules.add("a")
    batch = await rules.writer.batch("v1")
    batch.add(read_frame(b'{"id":"b","sources":[{"uri":"s","masks":[{"uri":"m"}]}]}'))
    await rules.label("car")
    await rules.writer.put("v1", batch)
    keys = await rules.keys()
    assert keys["a"] == keys["b"]


async def test_everybody_is_told_of_every_change(rules: Rules) -> None:
    for change in (rules.add("a"), rules.label("car"), rules.writer.delete("v1", ["a"]), rules.catalog.publish("v1")):
        rules.told.clear()
        await change
        assert "v1" in rules.told
    await rules.catalog.delete_dataset("roads", force=True)
    assert rules.told[-1] == "v1"
