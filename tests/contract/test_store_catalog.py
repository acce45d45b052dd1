"""Contract of every store: datasets, versions and tokens."""

from typing import Any

import pytest

from mattebox_registry.errors import (
    HasChildren,
    HasPublishedVersions,
    NameTaken,
    NotFound,
    ParentNotPublished,
    VersionPublished,
)
from mattebox_registry.store.port import Store
from support.stores import (
    SteppedClock,
    add_version,
    discard,
    key_of,
    make_dataset,
    make_frame,
    make_request,
    make_token,
    make_version,
    owed,
    publish,
    put,
)


async def test_a_dataset_comes_back_as_it_was_added(store: Store) -> None:
    """All fields survive, text of any script too."""
    dataset = make_dataset(name="Straßen 道路", description="d", tags=["a", "ü"], project="p")
    await store.add_dataset(dataset)
    assert await store.dataset("roads") == dataset


async def test_a_missing_dataset_is_not_found(store: Store) -> None:
    """The refusal says what was looked for."""
    with pytest.raises(NotFound) as refusal:
        await store.dataset("nothing")
    assert (refusal.value.kind, refusal.value.id) == ("dataset", "nothing")


async def test_a_dataset_name_is_taken_once(store: Store) -> None:
    """The refusal names the dataset that has it."""
    await store.add_dataset(make_dataset("a", name="same"))
    with pytest.raises(NameTaken) as refusal:
        await store.add_dataset(make_dataset("b", name="same"))
    assert refusal.value.existing_id == "a"


async def test_datasets_are_paged_by_name(store: Store) -> None:
    """A page begins after the name that the last one ended with."""
    for name in ("c", "a", "b"):
        await store.add_dataset(make_dataset(f"id-{name}", name=name))
    assert [d.name for d in await store.datasets(name=None, after=None, limit=2)] == ["a", "b"]
    assert [d.name for d in await store.datasets(name=None, after="b", limit=2)] == ["c"]
    assert [d.id for d in await store.datasets(name="b", after=None, limit=2)] == ["id-b"]
    assert await store.datasets(name="d", after=None, limit=2) == []


async def test_an_update_sets_only_the_given_fields(store: Store) -> None:
    """The time of the update is kept, the rest stays."""
    await store.add_dataset(make_dataset(tags=["a"]))
    changed = await store.update_dataset("roads", {"description": "new", "project": "p"})
    assert (changed.name, changed.description, changed.tags, changed.project) == ("roads", "new", ["a"], "p")
    assert changed.updated_at > changed.created_at
    assert await store.dataset("roads") == changed


async def test_an_update_cannot_take_anothers_name(store: Store) -> None:
    """One's own name is no conflict."""
    await store.add_dataset(make_dataset("a"))
    await store.add_dataset(make_dataset("b"))
    await store.update_dataset("a", {"name": "a"})
    with pytest.raises(NameTaken):
        await store.update_dataset("a", {"name": "b"})
    with pytest.raises(NotFound):
        await store.update_dataset("c", {"name": "d"})


async def test_a_version_comes_back_as_it_was_added(store: Store) -> None:
    """Metadata of any depth survives."""
    version = await add_version(store, metadata={"mask_labels": [{"value": [1, 2, 3], "labels": ["Straße"]}]})
    assert version == make_version(metadata={"mask_labels": [{"value": [1, 2, 3], "labels": ["Straße"]}]})


async def test_a_version_needs_its_dataset(store: Store) -> None:
    """Its versions are listed for a dataset that is there only."""
    with pytest.raises(NotFound):
        await store.add_version(make_version())
    with pytest.raises(NotFound):
        await store.versions("roads", name=None, after=None, limit=1)


async def test_a_version_name_is_taken_once_in_a_dataset(store: Store) -> None:
    """Another dataset may use it."""
    await add_version(store, "v1", name="first")
    with pytest.raises(NameTaken) as refusal:
        await add_version(store, "v2", name="first")
    assert refusal.value.existing_id == "v1"
    await store.add_dataset(make_dataset("rails"))
    await store.add_version(make_version("v3", "rails", name="first"))


async def test_a_child_needs_a_published_parent_of_its_dataset(store: Store) -> None:
    """A parent of another dataset is as good as none."""
    await add_version(store, "v1")
    with pytest.raises(NotFound):
        await add_version(store, "v2", parent_id="nothing")
    with pytest.raises(ParentNotPublished):
        await add_version(store, "v2", parent_id="v1")
    await store.publish_version("v1")
    assert (await add_version(store, "v2", parent_id="v1")).parent_id == "v1"
    await store.add_dataset(make_dataset("rails"))
    with pytest.raises(NotFound):
        await store.add_version(make_version("v3", "rails", parent_id="v1"))


async def test_versions_are_paged_by_name(store: Store) -> None:
    """Those of the dataset alone."""
    for name in ("c", "a", "b"):
        await add_version(store, f"id-{name}", name=name)
    await store.add_dataset(make_dataset("rails"))
    await store.add_version(make_version("other", "rails"))
    assert [v.name for v in await store.versions("roads", name=None, after=None, limit=2)] == ["a", "b"]
    assert [v.name for v in await store.versions("roads", name=None, after="b", limit=2)] == ["c"]
    assert [v.id for v in await store.versions("roads", name="c", after=None, limit=2)] == ["id-c"]


async def test_publishing_twice_changes_nothing(store: Store, clock: SteppedClock) -> None:
    """The first time counts."""
    await add_version(store)
    first = await store.publish_version("v1")
    clock.seconds += 60
    assert first.status == "published"
    assert first.published_at is not None
    assert await store.publish_version("v1") == first
    with pytest.raises(NotFound):
        await store.publish_version("nothing")


@pytest.mark.parametrize("changes", [{"metadata": {"a": 1}}, {"name": "final"}, {"description": "mended"}])
async def test_a_published_version_keeps_what_it_says(store: Store, changes: dict[str, Any]) -> None:
    """Others rely on it, on its name too."""
    await add_version(store)
    await store.publish_version("v1")
    with pytest.raises(VersionPublished):
        await store.update_version("v1", changes, restyle=False, tables={})
    assert (await store.version("v1")).name == "v1"


async def test_an_update_of_a_version_cannot_take_anothers_name(store: Store) -> None:
    """Nothing of a refused update is kept."""
    await add_version(store, "v1")
    await add_version(store, "v2")
    with pytest.raises(NameTaken):
        await store.update_version("v1", {"name": "v2", "metadata": {"a": 1}}, restyle=True, tables={b"d": b"t"})
    assert await store.version("v1") == make_version("v1")
    assert await store.table(b"d") is None
    with pytest.raises(NotFound):
        await store.update_version("nothing", {"name": "v3"}, restyle=False, tables={})


async def test_a_deleted_version_takes_its_frames_along(store: Store) -> None:
    """A version of the same id that comes later begins empty."""
    await add_version(store)
    await put(store, make_frame("a"), make_frame("b"))
    await store.delete_version("v1", force=False)
    with pytest.raises(NotFound):
        await store.version("v1")
    with pytest.raises(NotFound):
        await store.frames("v1", after=None, limit=1)
    await add_version(store)
    assert await store.frames("v1", after=None, limit=1) == []


async def test_frames_of_a_deleted_version_are_gone_at_once_and_deleted_in_parts(store: Store) -> None:
    """A version that is made meanwhile gets none of them, and keeps its own."""
    await add_version(store, "v1")
    await put(store, *(make_frame(name) for name in "abcde"))
    await store.delete_version("v1", force=False)
    assert {job.version_id for job in await owed(store)} == {""}
    await add_version(store, "v2")
    await put(store, make_frame("mine"), version_id="v2")
    parts = 0
    while await store.delete_discarded(2):
        parts += 1
        assert [frame.id for frame in await store.frames("v2", after=None, limit=9)] == ["mine"]
    assert parts == 3
    assert [job.frame_id for job in await owed(store)] == ["mine"]
    assert await store.backlog("bulk") == 1


async def test_what_was_asked_of_a_deleted_version_is_withdrawn_at_once(store: Store) -> None:
    """Its keys can be asked for again, of another version's frame."""
    for version_id in ("v1", "v2"):
        await add_version(store, version_id)
        await put(store, make_frame("a"), version_id=version_id)
    await store.request_preview(make_request("a", key_of("large")))
    (request,) = await publish(store, "interactive")
    await store.delete_version("v1", force=False)
    assert [job.seq for job in await store.withdrawn(9)] == [request.seq]
    assert await store.request_preview(make_request("a", key_of("large"), version_id="v2"))


async def test_deleting_a_version_withdraws_its_jobs(store: Store) -> None:
    """Those in the stream are told to the relay, those that wait are gone, those of others stay."""
    await add_version(store, "v1")
    await add_version(store, "v2")
    await put(store, make_frame("a"), version_id="v1")
    await put(store, make_frame("b"), version_id="v2")
    mine, _other = await publish(store)
    await put(store, make_frame("c"), version_id="v1")
    await put(store, make_frame("d"), version_id="v2")
    await store.delete_version("v1", force=False)
    await discard(store)
    assert [job.seq for job in await store.withdrawn(10)] == [mine.seq]
    assert [job.frame_id for job in await owed(store)] == ["d"]
    assert await store.outstanding("bulk") == 1


async def test_a_version_with_children_is_not_deleted(store: Store) -> None:
    """Not by force either."""
    await add_version(store, "v1")
    await store.publish_version("v1")
    await add_version(store, "v2", parent_id="v1")
    with pytest.raises(HasChildren):
        await store.delete_version("v1", force=True)
    await store.delete_version("v2", force=False)
    with pytest.raises(VersionPublished):
        await store.delete_version("v1", force=False)
    await store.delete_version("v1", force=True)
    with pytest.raises(NotFound):
        await store.delete_version("v1", force=True)


async def test_a_dataset_with_published_versions_is_deleted_by_force_only(store: Store) -> None:
    """With its versions, parents and children alike."""
    await add_version(store, "v1")
    await store.publish_version("v1")
    await add_version(store, "v2", parent_id="v1")
    await put(store, make_frame("a"), version_id="v2")
    with pytest.raises(HasPublishedVersions):
        await store.delete_dataset("roads", force=False)
    await store.delete_dataset("roads", force=True)
    for lookup in (store.dataset("roads"), store.version("v1"), store.version("v2")):
        with pytest.raises(NotFound):
            await lookup
    await discard(store)
    assert await owed(store) == []
    with pytest.raises(NotFound):
        await store.delete_dataset("roads", force=True)


async def test_tokens_are_listed_oldest_first_revoked_ones_too(store: Store) -> None:
    """Revoking twice keeps the first time."""
    first, second = make_token("t1", scopes=["read", "admin"]), make_token("t0")
    await store.add_token(first)
    await store.add_token(second)
    assert await store.tokens() == [first, second]
    revoked = await store.revoke_token("t1")
    assert revoked.revoked_at is not None
    assert await store.revoke_token("t1") == revoked
    assert await store.tokens() == [revoked, second]
    with pytest.raises(NotFound):
        await store.revoke_token("t2")


async def test_a_store_answers_a_ping(store: Store) -> None:
    """Reads work."""
    await store.ping()
