"""What the masks of a version come to: sums of the reports of its frames, told as far as they are known."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from mattebox.statistics import VersionStatistics
from mattebox_registry.rules.batches import FrameWriter
from mattebox_registry.rules.catalog import Catalog
from mattebox_registry.rules.discard import Discarder
from mattebox_registry.rules.frames import read_frame
from mattebox_registry.rules.restyle import Restyler
from mattebox_registry.rules.statistics import PAGE_FRAMES, Statistics
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.rules.tally import MAX_VALUES, Tally
from mattebox_registry.store.port import Store
from mattebox_registry.store.sqlite import open_store
from mattebox_runtime import codec
from mattebox_runtime.labels import resolve_labels
from mattebox_runtime.lifecycle import cancel_on_exit
from mattebox_runtime.style import Style
from support.stores import add_version, owed, result_of
from support.wait import wait_until

ROAD, CAR, VOID = [128, 64, 128], [7, 7, 7], [0, 0, 0]
DECLARED = {
    "_all_": [{"value": ROAD, "labels": ["road"], "color": "#112233"}, {"value": 7, "labels": ["car"]}],
    "ids": [{"value": 7, "labels": ["truck"]}, {"value": 0, "labels": ["void"], "ignore": True}],
}
STYLE = Style(1, resolve_labels([]), {})


def mask(mask_id: str, labels: dict[Any, int], unmapped: dict[Any, int] | None = None, **more: Any) -> dict[str, Any]:
    """The report of a mask of 10x10 pixels; values are given as tuples or numbers."""

    def counted(values: dict[Any, int]) -> list[dict[str, Any]]:
        return [{"value": list(v) if isinstance(v, tuple) else v, "pixels": n} for v, n in values.items()]

    gaps = counted(unmapped or {})
    return {
        "id": mask_id, "mode": "segmentation", "encoding": "rgb", "width": 10, "height": 10, "labels": counted(labels),
        "ignored": {"pixels": 0, "values": []}, "unmapped": {"pixels": sum((unmapped or {}).values()), "values": gaps},
        **more,
    }  # fmt: skip


class Scene:
    """A draft `v1` whose frames are settled by hand."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.styles = StyleBook()
        self.stamp = 0
        self.statistics = Statistics(store, self.styles, lambda _: self.stamp)
        restyler = Restyler(store, self.styles, lambda _: None)
        self.catalog = Catalog(store, restyler, Discarder(store), lambda _: None)
        self.writer = FrameWriter(store, self.styles, lambda _: None)

    async def add(self, frame_id: str, *masks: dict[str, Any], labels: list[dict[str, Any]] | None = None) -> None:
        """Store a frame, and settle its preview with a report where there are masks."""
        described = [{"uri": frame_id + found["id"], "id": found["id"]} for found in masks]
        if labels is not None:
            described[0]["labels"] = labels
        batch = await self.writer.batch("v1")
        document = {"id": frame_id, "sources": [{"uri": frame_id, "masks": described}]}
        batch.add(read_frame(json.encode(document)))
        await self.writer.put("v1", batch)
        if masks:
            (job,) = [job for job in await owed(self.store) if job.frame_id == frame_id]
            report = codec.pack({"source": {}, "masks": list(masks)})
            await self.store.apply_results([replace(result_of(job), report=report)])
        self.stamp += 1

    async def told(self) -> VersionStatistics:
        """What is told once the count has ended."""

        async def current() -> VersionStatistics | None:
            told = await self.statistics.of("v1")
            return told if told.current else None

        return await wait_until(current, description="a count that is current")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Without frames, and with labels."""
    async with open_store(tmp_path / "mattebox.db") as store:
        await add_version(store, "v1")
        scene = Scene(store)
        await scene.catalog.set_mask_labels("v1", DECLARED)
        async with cancel_on_exit(scene.statistics.run(), name="statistics"):
            yield scene


async def test_labels_are_summed_by_mask_and_named_by_the_list_that_declares_them(scene: Scene) -> None:
    await scene.add("a", mask("ids", {(7, 7, 7): 40, (128, 64, 128): 60}), mask("other", {7: 100}))
    await scene.add("b", mask("ids", {7: 10}, {(9, 9, 9): 90}))
    await scene.add("c")
    told = await scene.told()
    assert (told.frame_count, told.walked, told.counted, told.complete) == (3, 3, 2, True)
    ids, other = told.masks
    assert (ids.mask, ids.frames, ids.pixels) == ("ids", 2, 200)
    found = [(it.labels, it.color, it.pixels, it.share, it.frames, it.declared_in) for it in ids.labels]
    assert found[0] == (["road"], "#112233", 60, 0.3, 1, "_all_")
    assert found[1][0] == ["truck"]
    assert found[1][2:] == (50, 0.25, 2, "ids")
    assert (ids.unmapped.pixels, ids.unmapped.share, ids.unmapped.frames) == (90, 0.45, 1)
    assert [(it.value, it.pixels, it.frames) for it in ids.unmapped.values] == [([9, 9, 9], 90, 1)]
    assert [(it.labels, it.declared_in) for it in other.labels] == [(["car"], "_all_")]


async def test_what_a_frame_brings_of_its_own_is_told_by_its_labels(scene: Scene) -> None:
    """Each frame may give another value to the same label, as panoptic masks do."""
    dogs = [{"value": [7, 7, 7], "labels": ["dog"]}, {"value": 8, "labels": ["dog"]}]
    await scene.add("a", mask("m", {7: 10, 8: 5}), labels=dogs)
    await scene.add("b", mask("m", {9: 1}), labels=[{"value": 9, "labels": ["dog"]}])
    await scene.add("c", mask("m", {7: 20}))
    (found,) = (await scene.told()).masks
    assert [(it.value, it.labels, it.declared_in, it.pixels, it.frames) for it in found.labels] == [
        (7, ["car"], "_all_", 20, 1), (None, ["dog"], None, 16, 2),
    ]  # fmt: skip


async def test_masks_without_labels_are_counted_as_masks(scene: Scene) -> None:
    await scene.add("a", mask("matte", {}, mode="alpha"), mask("lost", {}, error="mask_not_found"))
    lost, matte = (await scene.told()).masks
    assert (matte.frames, matte.labels, matte.unmapped.pixels, matte.encodings) == (1, [], 0, [])
    assert (lost.frames, lost.unreadable) == (0, 1)


async def test_a_change_is_counted_and_other_labels_make_the_count_begin_anew(scene: Scene) -> None:
    await scene.add("a", mask("m", {7: 10}))
    assert (await scene.told()).counted == 1
    await scene.add("b", mask("m", {7: 20}))
    assert (await scene.statistics.of("v1")).frame_count == 2
    assert (await scene.told()).counted == 2
    await scene.catalog.set_mask_labels("v1", [])
    told = await scene.told()
    assert (told.counted, told.masks) == (0, []), "frames are pending under the new labels"


async def test_an_answer_waits_for_no_long_count(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    await scene.add("a", mask("m", {7: 10}))
    frames, go_on = scene.store.frames, asyncio.Event()

    async def held(*args: Any, **given: Any) -> Any:
        await go_on.wait()
        return await frames(*args, **given)

    monkeypatch.setattr(scene.store, "frames", held)
    told = await scene.statistics.of("v1")
    assert (told.walked, told.complete, told.frame_count) == (0, False, 1)
    go_on.set()
    assert (await scene.told()).counted == 1


async def test_a_version_of_many_pages_is_walked_to_its_end(scene: Scene) -> None:
    batch = await scene.writer.batch("v1")
    for number in range(PAGE_FRAMES + 1):
        batch.add(read_frame(b'{"id":"%d","sources":[{"uri":"s"}]}' % number))
    await scene.writer.put("v1", batch)
    assert (await scene.told()).walked == PAGE_FRAMES + 1


def test_of_values_without_end_those_of_most_pixels_are_kept() -> None:
    tally = Tally()
    for frame in range(200):
        values = {100_000 + 16 * frame + i: 1 for i in range(15)} | {5: 50}
        tally.add(codec.pack({"masks": [mask("m", {}, values)]}), b"{}", STYLE)
    (found,) = tally.masks(STYLE)
    assert found.truncated
    assert len(found.unmapped.values) == MAX_VALUES
    assert (found.unmapped.values[0].value, found.unmapped.values[0].pixels) == (5, 200 * 50)
    assert found.unmapped.pixels == 200 * 65
