"""Sessions of the web viewer, and what lists tell, in every store."""

from mattebox_registry.records import DatasetSummary, PreviewCounts, ViewerSession
from mattebox_registry.store.port import Store
from support.stores import make_dataset, make_frame, make_version

NOTHING: PreviewCounts = {"pending": 0, "ready": 0, "partial": 0, "failed": 0, "unsupported": 0}


async def test_sessions_are_kept_until_they_are_deleted(store: Store) -> None:
    late = ViewerSession(b"late", b"token", 2_000_000_000.5)
    soon = ViewerSession(b"soon", b"token", 1_900_000_000.25)
    await store.add_session(late)
    await store.add_session(soon)
    assert await store.sessions() == [soon, late]
    await store.delete_sessions([b"soon", b"unknown"])
    assert await store.sessions() == [late]


async def test_a_dataset_is_summed_up_from_its_versions(store: Store) -> None:
    await store.add_dataset(make_dataset("roads"))
    await store.add_dataset(make_dataset("empty"))
    await store.add_version(make_version("v1"))
    await store.add_version(make_version("v2"))
    await store.put_frames("v1", [make_frame("f"), make_frame("g")], style_revision=0, tables={})
    await store.publish_version("v1")
    counts: PreviewCounts = {**NOTHING, "pending": 2}
    assert await store.dataset_summaries(["roads", "empty", "unknown"]) == {
        "roads": DatasetSummary(2, 1, counts, "v1"),
        "empty": DatasetSummary(0, 0, NOTHING, None),
        "unknown": DatasetSummary(0, 0, NOTHING, None),
    }
    assert await store.version_summaries(["v1", "v2", "unknown"]) == {"v1": counts, "v2": NOTHING}


async def test_datasets_are_found_by_a_text_in_any_of_their_fields(store: Store) -> None:
    await store.add_dataset(make_dataset("Night Drive", tags=["rain"]))
    await store.add_dataset(make_dataset("b", description="driven at night"))
    await store.add_dataset(make_dataset("c", project="100% cats"))

    async def found(text: str, after: str | None = None, limit: int = 10) -> list[str]:
        return [dataset.id for dataset in await store.find_datasets(text, after=after, limit=limit)]

    assert await found("night") == ["Night Drive", "b"]
    assert await found("NIGHT", after="Night Drive") == ["b"]
    assert await found("night", limit=1) == ["Night Drive"]
    assert await found("rain") == ["Night Drive"]
    assert await found("100% c") == ["c"]
    assert await found("%") == ["c"]
    assert await found("_") == []
