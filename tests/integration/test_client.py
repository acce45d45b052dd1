"""The asynchronous client with a real registry and a real renderer."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from mattebox.aio import Client
from mattebox.answers import FramesCounted, PreviewChanged, PreviewCounts, Version
from mattebox.errors import Conflict, Forbidden, Invalid, NotFound, PreviewFailed, Unauthorized
from mattebox.models import Frame, Mask, MaskLabel, Source
from support.live_stack import LiveRegistry, write_image


@pytest.fixture
async def version(calls: Client, request: pytest.FixtureRequest) -> Version:
    """An empty draft of the test's own."""
    dataset = await calls.ensure_dataset(request.node.name)
    return await calls.ensure_version(dataset.id, "first")


def frame(frame_id: str, source_uri: str = "http://127.0.0.1:9/never.png", **mask: str) -> Frame:
    """Build a frame of one source."""
    masks = [Mask(**mask)] if mask else None  # type: ignore[arg-type]  # strings are what the fields take
    return Frame(id=frame_id, sources=[Source(source_uri, masks=masks)])


async def test_datasets_and_versions_are_made_found_changed_and_deleted(calls: Client) -> None:
    """The whole life of a dataset, by the calls of the client."""
    dataset = await calls.create_dataset("cats", description="all of them", tags=["pets"])
    with pytest.raises(Conflict) as taken:
        await calls.create_dataset("cats")
    assert taken.value.existing_id == dataset.id
    assert await calls.ensure_dataset("cats") == dataset
    assert [found async for found in calls.datasets(name="cats")] == [dataset]
    assert (await calls.update_dataset(dataset.id, project="zoo")).project == "zoo"
    version = await calls.create_version(dataset.id, "v1", metadata={"from": "a camera"})
    assert (await calls.update_version(version.id, description="sharp")).description == "sharp"
    assert (await calls.publish(version.id)).status == "published"
    child = await calls.create_version(dataset.id, "v2", parent_id=version.id)
    assert child.parent_id == version.id
    assert [found.name async for found in calls.versions(dataset.id)] == ["v1", "v2"]
    await calls.delete_version(child.id)
    with pytest.raises(Conflict, match="force"):
        await calls.delete_dataset(dataset.id)
    await calls.delete_dataset(dataset.id, force=True)
    with pytest.raises(NotFound):
        await calls.dataset(dataset.id)


async def test_mask_labels_are_set_in_the_form_of_the_sdk_and_read_with_their_colours(
    calls: Client, version: Version
) -> None:
    """What is read back says how each entry is painted."""
    await calls.set_mask_labels(version.id, {(0, 0, 0): ["background"], (1, 1, 1): ["person", "sitting"]})
    labels = (await calls.mask_labels(version.id))["_all_"]
    assert [(entry.value, entry.labels) for entry in labels] == [
        ([0, 0, 0], ["background"]),
        ([1, 1, 1], ["person", "sitting"]),
    ]
    assert all(entry.color is not None and entry.opacity is not None for entry in labels)
    with pytest.raises(Invalid) as fault:
        await calls.set_mask_labels(version.id, [MaskLabel([0, 0, 999], ["x"])])
    assert fault.value.errors


async def test_each_frame_of_a_batch_gets_its_verdict(calls: Client, version: Version) -> None:
    """Bad frames are named by position with what is wrong, the others are stored, ids are given in order."""
    added = await calls.add_frames(version.id, [frame("a"), {"sources": []}, {"sources": [{"uri": "http://x/y.png"}]}])
    assert (added.created, added.updated, added.rejected_count) == (2, 0, 1)
    (rejected,) = added.rejected
    assert (rejected.index, rejected.errors[0].loc) == (1, "sources")
    named, made_up = added.ids or []
    assert named == "a"
    assert (await calls.frame(version.id, made_up)).document["sources"] == [{"uri": "http://x/y.png"}]
    again = await calls.add_frames(version.id, [frame("a")])
    assert (again.created, again.updated) == (0, 1)


async def test_frames_may_come_from_any_iterator(calls: Client, version: Version) -> None:
    """Generators and asynchronous generators are sent as they are drawn; none at all is fine."""

    async def later() -> AsyncIterator[Frame]:
        for number in range(700):
            await asyncio.sleep(0)
            yield frame(f"b{number}")

    assert (await calls.add_frames(version.id, (frame(f"a{n}") for n in range(700)))).created == 700
    assert (await calls.add_frames(version.id, later())).created == 700
    assert (await calls.add_frames(version.id, iter(()))).created == 0
    assert (await calls.add_frames(version.id, [])).created == 0
    listed = [stored.id async for stored in calls.frames(version.id)]
    assert len(set(listed)) == len(listed) == 1400
    statuses = await calls.preview_statuses(version.id, [*listed, "unknown"])
    assert set(statuses) == set(listed)
    assert await calls.delete_frames(version.id, [*listed, "unknown"]) == 1400


async def test_a_fault_of_the_callers_iterator_is_the_callers(calls: Client, version: Version) -> None:
    """It comes out as it was raised, not as a broken connection."""

    def frames() -> Iterator[Frame]:
        yield frame("a")
        raise KeyError("missing column")

    with pytest.raises(KeyError, match="missing column"):
        await calls.add_frames(version.id, frames())
    with pytest.raises(TypeError):
        await calls.add_frames(version.id, iter([{"sources": object()}]))


async def test_a_published_version_refuses_a_stream_before_it_is_over(calls: Client, version: Version) -> None:
    """The refusal is heard while the frames are still being sent."""
    await calls.publish(version.id)

    async def endless() -> AsyncIterator[Frame]:
        number = 0
        while True:
            await asyncio.sleep(0)
            yield frame(f"{number:0500}")
            number += 1

    with pytest.raises(Conflict, match="read-only"):
        await asyncio.wait_for(calls.add_frames(version.id, endless()), 20)


@pytest.mark.parametrize("frame_id", ["a/b", "...", "ü %2F?#", "{x}", "a,b"])
async def test_any_id_names_its_frame(calls: Client, version: Version, frame_id: str) -> None:
    """Ids are opaque: put, read and deleted as they are, unknown fields included."""
    document = {"sources": [{"uri": "http://127.0.0.1:9/x.png"}], "meta": {"deep": [1]}, "own field": None}
    stored = await calls.put_frame(version.id, frame_id, document)
    assert stored.document == {**document, "id": frame_id}
    assert (await calls.frame(version.id, frame_id)).document == stored.document
    assert stored.frame().sources[0].uri == "http://127.0.0.1:9/x.png"
    await calls.delete_frame(version.id, frame_id)
    with pytest.raises(NotFound):
        await calls.frame(version.id, frame_id)


async def test_a_preview_is_waited_for_and_told_with_its_report(calls: Client, version: Version, folder: Path) -> None:
    """Uploaded bytes come back as a picture with the labels where the mask has them."""
    source = await calls.upload(write_image(folder / "source.png", (200, 0, 0)))
    mask = await calls.upload(write_image(folder / "mask.png", 1))
    await calls.set_mask_labels(version.id, {(1, 1, 1): ["person"]})
    await calls.add_frames(version.id, [frame("f", source.uri, uri=mask.uri)])
    preview = await calls.preview(version.id, "f", size=64, format="png", timeout=30)
    assert (preview.state, preview.content_type, preview.body[:4]) == ("ready", "image/png", b"\x89PNG")
    status = await calls.preview_status(version.id, "f", size=64, format="png")
    assert (status.state, status.key) == ("ready", preview.key)
    assert status.report is not None
    assert status.report["masks"][0]["labels"][0]["labels"] == ["person"]
    await calls.refresh(version.id, "f")
    assert (await calls.wait_for_previews(version.id, timeout=30)).ready == 1


async def test_the_same_file_is_uploaded_once(calls: Client, folder: Path) -> None:
    """Its digest is asked for first; the uri is the digest."""
    file = write_image(folder / "once.png", (1, 2, 3))
    first = await calls.upload(file)
    assert first.uri.startswith("blob:")
    assert first.size == file.stat().st_size
    assert await calls.upload(file) == first


async def test_a_preview_that_can_never_be_drawn_fails_with_its_reason(
    calls: Client, version: Version, folder: Path
) -> None:
    """The code is for programs, the sentence for people; the frame is found by its state."""
    await calls.add_frames(version.id, [frame("gone", (folder / "absent.png").as_uri())])
    with pytest.raises(PreviewFailed, match="Nothing was found") as failure:
        await calls.preview(version.id, "gone", timeout=30)
    assert failure.value.code == "source_not_found"
    counts = await calls.wait_for_previews(version.id, timeout=30)
    assert counts == PreviewCounts(failed=1)
    assert [stored.id async for stored in calls.frames(version.id, state="failed")] == ["gone"]


async def test_progress_is_told_until_nothing_is_pending(calls: Client, version: Version, folder: Path) -> None:
    """The last counts told are those returned."""
    uri = write_image(folder / "many.png", (9, 9, 9)).as_uri()
    await calls.add_frames(version.id, [frame(str(number), f"{uri}?{number}") for number in range(8)])
    told: list[PreviewCounts] = []
    counts = await calls.wait_for_previews(version.id, on_progress=told.append, timeout=30)
    assert (told[-1], counts.pending, counts.total) == (counts, 0, 8)


async def test_events_tell_what_happens_as_it_happens(calls: Client, version: Version, folder: Path) -> None:
    """Counts first, then each preview with its state."""
    uri = write_image(folder / "event.png", (5, 5, 5)).as_uri()
    events = calls.events(version.id)
    assert isinstance(await anext(events), FramesCounted)
    await calls.add_frames(version.id, [frame("f", uri)])
    async with asyncio.timeout(30):
        changed = [event async for event in _until_settled(events)]
    assert changed[-1] == PreviewChanged("f", "ready", changed[-1].key)


async def _until_settled(events: AsyncIterator[object]) -> AsyncIterator[PreviewChanged]:
    async for event in events:
        if isinstance(event, PreviewChanged):
            yield event
            if event.state != "pending":
                return


async def test_tokens_allow_what_they_were_made_for(calls: Client, registry: LiveRegistry) -> None:
    """A token is told once, allows its scope, and nothing once it is revoked."""
    token = await calls.create_token("reader", ["read"])
    assert token.token not in repr([listed async for listed in calls.tokens()])
    async with Client(registry.url, token.token) as reader:
        assert isinstance([found async for found in reader.datasets()], list)
        with pytest.raises(Forbidden, match="ingest"):
            await reader.create_dataset("mine")
        assert (await calls.revoke_token(token.id)).revoked_at is not None
        with pytest.raises(Unauthorized, match="MATTEBOX_TOKEN"):
            await reader.create_dataset("mine")


async def test_readiness_needs_no_token(registry: LiveRegistry) -> None:
    """Whether a registry is well is no secret."""
    async with Client(registry.url) as stranger:
        assert (await stranger.readiness()).ready


async def test_a_session_that_is_given_stays_open(registry: LiveRegistry) -> None:
    """Whoever opened it closes it."""
    async with aiohttp.ClientSession() as session:
        async with Client(registry.url, registry.token, session=session) as calls:
            await calls.readiness()
        assert not session.closed
