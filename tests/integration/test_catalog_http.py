"""Datasets, versions and mask labels over HTTP, on a real database."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from mattebox_registry.keys import STORE
from support.answers import call
from support.registry import Client, add_frames, frame, running_registry
from support.wait import wait_until

RED = {"value": [255, 0, 0], "labels": ["road"]}
BLUE = {"value": [0, 0, 255], "labels": ["sky"], "color": "#0a0b0c", "opacity": 0.5}


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url) as running:
        yield running


@pytest.fixture
async def dataset(client: Client) -> str:
    """The id of a dataset `drive`."""
    return str((await call(client, "POST", "/datasets", json={"name": "drive"})).body["id"])


@pytest.fixture
async def version(client: Client, dataset: str) -> str:
    """The id of a draft `v1`."""
    return await draft(client, dataset, "v1")


async def draft(client: Client, dataset: str, name: str, **fields: Any) -> str:
    answer = await call(client, "POST", f"/datasets/{dataset}/versions", json={"name": name, **fields})
    assert answer.status == 201
    return str(answer.body["id"])


async def test_a_dataset_is_kept_as_declared(client: Client) -> None:
    declared = {"name": "städte / 1", "description": "d", "tags": ["a"], "project": "p"}
    made = await call(client, "POST", "/datasets", json=declared)
    assert made.status == 201
    assert made.body | declared == made.body
    assert made.body["created_at"].endswith("Z")
    assert (await call(client, "GET", f"/datasets/{made.body['id']}")).body == made.body


async def test_a_dataset_name_is_taken_once(client: Client, dataset: str) -> None:
    again = await call(client, "POST", "/datasets", json={"name": "drive"})
    assert again.verdict == (409, "name_taken")
    assert again.body["existing_id"] == dataset


async def test_datasets_are_paged_by_name_and_found_by_name(client: Client) -> None:
    names = ["b", "a", "c", "ä", "d"]
    for name in names:
        await call(client, "POST", "/datasets", json={"name": name})
    seen: list[str] = []
    query: str | None = ""
    while query is not None:
        page = (await call(client, "GET", f"/datasets?limit=2{query}")).body
        seen += [dataset["name"] for dataset in page["datasets"]]
        query = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert seen == sorted(names)
    assert [d["name"] for d in (await call(client, "GET", "/datasets?name=c")).body["datasets"]] == ["c"]
    assert (await call(client, "GET", "/datasets?name=nobody")).body == {"datasets": [], "next_cursor": None}


async def test_a_dataset_is_changed_field_by_field(client: Client, dataset: str) -> None:
    changed = await call(client, "PATCH", f"/datasets/{dataset}", json={"tags": ["x"], "project": None})
    assert (changed.status, changed.body["name"], changed.body["tags"]) == (200, "drive", ["x"])
    other = (await call(client, "POST", "/datasets", json={"name": "other"})).body["id"]
    taken = await call(client, "PATCH", f"/datasets/{other}", json={"name": "drive"})
    assert (taken.verdict, taken.body["existing_id"]) == ((409, "name_taken"), dataset)


BAD_DATASETS = [
    ({}, "name"),
    ({"name": ""}, "name"),
    ({"name": 3}, "name"),
    ({"name": "x" * 257}, "name"),
    ({"name": "x", "tags": "a"}, "tags"),
    ({"name": "x", "tags": ["a", 1]}, "tags[1]"),
    ({"name": "x", "descripton": ""}, "descripton"),
    ([], ""),
]


async def test_a_bad_dataset_is_refused_naming_the_field(client: Client) -> None:
    for body, loc in BAD_DATASETS:
        refused = await call(client, "POST", "/datasets", json=body)
        assert refused.verdict == (400, "invalid_body"), body
        assert refused.locs == [loc]


async def test_a_version_begins_as_an_empty_draft(client: Client, dataset: str) -> None:
    made = await call(
        client, "POST", f"/datasets/{dataset}/versions", json={"name": "v", "metadata": {"mask_labels": [RED], "x": 1}}
    )
    assert made.status == 201
    expected = {
        "dataset_id": dataset,
        "name": "v",
        "status": "draft",
        "parent_id": None,
        "frame_count": 0,
        "metadata": {"mask_labels": [RED], "x": 1},
        "published_at": None,
    }
    assert made.body | expected == made.body
    assert (await call(client, "GET", f"/versions/{made.body['id']}")).body == made.body


async def test_a_version_name_is_taken_once_in_its_dataset(client: Client, dataset: str, version: str) -> None:
    again = await call(client, "POST", f"/datasets/{dataset}/versions", json={"name": "v1"})
    assert (again.verdict, again.body["existing_id"]) == ((409, "name_taken"), version)


async def test_a_parent_must_be_there_and_published(client: Client, dataset: str, version: str) -> None:
    child = {"name": "child", "parent_id": version}
    refused = await call(client, "POST", f"/datasets/{dataset}/versions", json=child)
    assert refused.verdict == (409, "parent_not_published")
    lost = await call(client, "POST", f"/datasets/{dataset}/versions", json=child | {"parent_id": "nobody"})
    assert lost.verdict == (404, "not_found")
    await call(client, "POST", f"/versions/{version}/publish")
    made = await call(client, "POST", f"/datasets/{dataset}/versions", json=child)
    assert (made.status, made.body["parent_id"]) == (201, version)
    assert (await call(client, "DELETE", f"/versions/{version}?force=true")).verdict == (409, "has_children")


async def test_versions_are_paged_by_name(client: Client, dataset: str) -> None:
    for name in ("b", "a", "c"):
        await draft(client, dataset, name)
    page = (await call(client, "GET", f"/datasets/{dataset}/versions?limit=2")).body
    assert [version["name"] for version in page["versions"]] == ["a", "b"]
    rest = (await call(client, "GET", f"/datasets/{dataset}/versions?cursor={page['next_cursor']}")).body
    assert [version["name"] for version in rest["versions"]] == ["c"]
    assert rest["next_cursor"] is None


async def test_what_is_not_there_is_not_found(client: Client) -> None:
    for path in ("/datasets/x", "/datasets/x/versions", "/versions/x", "/versions/x/mask-labels", "/versions/x/frames"):
        answer = await call(client, "GET", path)
        assert answer.verdict == (404, "not_found"), path
        assert answer.body["id"] == "x"


async def test_a_published_version_takes_no_more_changes(client: Client, version: str) -> None:
    await add_frames(client, version, frame("f"))
    published = await call(client, "POST", f"/versions/{version}/publish")
    assert (published.status, published.body["status"]) == (200, "published")
    assert (await call(client, "POST", f"/versions/{version}/publish")).body == published.body
    document = frame("f")
    for method, path, body in (
        ("POST", "/frames", [document]),
        ("PUT", "/frames/f", document),
        ("DELETE", "/frames/f", None),
        ("POST", "/frames/delete", {"ids": ["f"]}),
        ("PUT", "/mask-labels", {"mask_labels": [RED]}),
        ("PATCH", "", {"metadata": {"x": 1}}),
        ("PATCH", "", {"description": "mine"}),
        ("DELETE", "", None),
    ):
        refused = await call(client, method, f"/versions/{version}{path}", json=body)
        assert refused.verdict == (409, "version_published"), (method, path)
        assert "make a version with it as parent_id" in refused.body["detail"]


async def test_published_versions_are_deleted_by_force_alone(client: Client, dataset: str, version: str) -> None:
    await call(client, "POST", f"/versions/{version}/publish")
    assert (await call(client, "DELETE", f"/datasets/{dataset}")).verdict == (409, "has_published_versions")
    assert (await call(client, "DELETE", f"/datasets/{dataset}?force=yes")).verdict == (400, "bad_parameter")
    assert (await call(client, "DELETE", f"/datasets/{dataset}?force=true")).status == 204
    assert (await call(client, "GET", f"/versions/{version}")).status == 404


async def test_a_draft_is_deleted_with_its_frames(client: Client, version: str) -> None:
    await add_frames(client, version, frame("f"))
    assert (await call(client, "DELETE", f"/versions/{version}")).status == 204
    assert (await call(client, "DELETE", f"/versions/{version}")).verdict == (404, "not_found")


async def test_metadata_is_merged_at_the_top_and_null_takes_out(client: Client, version: str) -> None:
    await call(client, "PATCH", f"/versions/{version}", json={"metadata": {"a": 1, "b": {"c": 2}}})
    changed = await call(client, "PATCH", f"/versions/{version}", json={"metadata": {"a": None, "d": 3}})
    assert changed.body["metadata"] == {"b": {"c": 2}, "d": 3}


async def test_mask_labels_are_given_back_with_colours_and_opacities(client: Client, version: str) -> None:
    put = await call(client, "PUT", f"/versions/{version}/mask-labels", json={"mask_labels": [RED, BLUE]})
    road, sky = put.body["mask_labels"]["_all_"]
    assert (road["value"], road["labels"], road["opacity"]) == ([255, 0, 0], ["road"], 1.0)
    assert road["color"].startswith("#")
    assert sky == BLUE
    assert (await call(client, "GET", f"/versions/{version}/mask-labels")).body == put.body
    kept = (await call(client, "GET", f"/versions/{version}")).body["metadata"]
    assert kept == {"mask_labels": [RED, BLUE]}


async def test_mask_labels_by_mask_id_come_back_by_mask_id(client: Client, version: str) -> None:
    lists = {"_all_": [RED], "instances": [{"value": 70_000, "labels": ["car 1"], "ignore": True}]}
    put = await call(client, "PUT", f"/versions/{version}/mask-labels", json={"mask_labels": lists})
    assert list(put.body["mask_labels"]) == ["_all_", "instances"]
    assert put.body["mask_labels"]["instances"][0]["ignore"] is True


async def test_a_version_without_labels_has_an_empty_mapping(client: Client, version: str) -> None:
    assert (await call(client, "GET", f"/versions/{version}/mask-labels")).body == {"mask_labels": {"_all_": []}}


BAD_MASK_LABELS: list[tuple[Any, str]] = [
    ([{"value": [1, 2, 300], "labels": []}], "mask_labels[0].value[2]"),
    ([{"value": [1, 2], "labels": []}], "mask_labels[0].value"),
    ([{"value": -1, "labels": []}], "mask_labels[0].value"),
    ([RED, {"labels": ["x"]}], "mask_labels[1].value"),
    ([{"value": 1, "labels": ["x"], "color": "red"}], "mask_labels[0].color"),
    ([{"value": 1, "labels": ["x"], "opacity": 1.5}], "mask_labels[0].opacity"),
    ([RED, RED], "mask_labels[1].value"),
    ([{"value": 7, "labels": ["x"]}, {"value": [7, 7, 7], "labels": ["y"]}], "mask_labels[1].value"),
    ([RED, {"value": 1, "labels": []}], "mask_labels[1].labels"),
    ([{"value": 1, "labels": ["x", ""]}], "mask_labels[0].labels[1]"),
    ([{"value": 1, "labels": " \t"}], "mask_labels[0].labels"),
    ([{"value": 1, "labels": ["a\0b"]}], "mask_labels[0].labels[0]"),
    ({"seg": [{"value": 1, "labels": ["a\n"]}]}, "mask_labels.seg[0].labels[0]"),
    ({"seg": [RED, {"value": 1}]}, "mask_labels.seg[1].labels"),
    ({"seg": [RED, RED]}, "mask_labels.seg[1].value"),
    ({"seg": RED}, "mask_labels.seg"),
]


async def test_bad_mask_labels_are_refused_naming_the_position(client: Client, dataset: str, version: str) -> None:
    for mask_labels, loc in BAD_MASK_LABELS:
        metadata = {"metadata": {"mask_labels": mask_labels}}
        for method, path, body, prefix in (
            ("PUT", f"/versions/{version}/mask-labels", {"mask_labels": mask_labels}, ""),
            ("PATCH", f"/versions/{version}", metadata, "metadata."),
            ("POST", f"/datasets/{dataset}/versions", {"name": "other"} | metadata, "metadata."),
        ):
            refused = await call(client, method, path, json=body)
            assert refused.verdict == (400, "invalid_metadata"), mask_labels
            assert refused.locs == [prefix + loc]


async def test_a_bad_colour_is_told_how_colours_are_written(client: Client, version: str) -> None:
    labels = [{"value": 1, "labels": ["x"], "color": "#ff0000\n"}]
    refused = await call(client, "PUT", f"/versions/{version}/mask-labels", json={"mask_labels": labels})
    assert [error["message"] for error in refused.body["errors"]] == ["Give a colour as #rrggbb."]


async def test_fields_of_labels_that_are_not_known_are_allowed(client: Client, version: str) -> None:
    """So that a newer client can talk to an older registry."""
    labels = [RED | {"supercategory": "flat"}]
    assert (await call(client, "PUT", f"/versions/{version}/mask-labels", json={"mask_labels": labels})).status == 200


@pytest.mark.parametrize("name", ["", "   ", "a\0", "a\nb", "a\n", "\x7f"])
async def test_names_are_something_to_read(client: Client, dataset: str, name: str) -> None:
    for path, fields, loc in (
        ("/datasets", {"name": name}, "name"),
        ("/datasets", {"name": "d", "tags": ["a", name]}, "tags[1]"),
        (f"/datasets/{dataset}/versions", {"name": name}, "name"),
        ("/tokens", {"name": name, "scopes": ["read"]}, "name"),
    ):
        refused = await call(client, "POST", path, json=fields)
        assert refused.verdict == (400, "invalid_body")
        assert refused.locs == [loc]


async def test_bad_encodings_are_refused_naming_the_mask(client: Client, version: str) -> None:
    metadata = {"mask_encodings": {"fine": "rgb", "mode": "hexadecimal"}}
    refused = await call(client, "PATCH", f"/versions/{version}", json={"metadata": metadata})
    assert refused.verdict == (400, "invalid_metadata")
    assert refused.locs == ["metadata.mask_encodings.mode"]
    assert "use auto, rgb, index, panoptic, rgba" in refused.body["errors"][0]["message"]


async def key_of(client: Client, version: str, frame_id: str) -> str:
    return str((await call(client, "GET", f"/versions/{version}/frames/{frame_id}")).body["preview"]["key"])


async def test_new_labels_make_new_keys_and_old_labels_the_old_ones(client: Client, version: str) -> None:
    await add_frames(client, version, frame("f", "seg"), frame("bare"))
    before, bare = await key_of(client, version, "f"), await key_of(client, version, "bare")
    await call(client, "PUT", f"/versions/{version}/mask-labels", json={"mask_labels": [RED]})
    after = await key_of(client, version, "f")
    assert after != before
    assert await key_of(client, version, "bare") == bare
    await call(client, "PATCH", f"/versions/{version}", json={"metadata": {"mask_labels": None}})
    assert await key_of(client, version, "f") == before


async def test_a_new_encoding_makes_new_keys(client: Client, version: str) -> None:
    await call(client, "PUT", f"/versions/{version}/mask-labels", json={"mask_labels": [RED]})
    await add_frames(client, version, frame("f", "seg"))
    before = await key_of(client, version, "f")
    await call(client, "PATCH", f"/versions/{version}", json={"metadata": {"mask_encodings": {"seg": "index"}}})
    assert await key_of(client, version, "f") != before


async def test_a_large_version_is_restyled_in_the_background_and_shown_as_it_will_be(
    client: Client, version: str
) -> None:
    """Every key is the new one at once, and is stored as such in the end."""
    frames = [frame(f"{number:05d}", "seg") for number in range(4_000)]
    await add_frames(client, version, *frames)
    await call(client, "PUT", f"/versions/{version}/mask-labels", json={"mask_labels": [RED]})
    shown = await key_of(client, version, "03999")
    store = client.server.app[STORE]  # type: ignore[attr-defined]  # a TestServer has it

    async def is_done() -> bool:
        return (await store.version(version)).restyle_after is None

    await wait_until(is_done, description="the restyle to end")
    stored = await store.frame(version, "03999")
    assert stored.key.hex() == shown == await key_of(client, version, "03999")
    assert await key_of(client, version, "00000") != shown


async def test_a_mapping_that_somebody_else_changed_is_not_overwritten(client: Client, version: str) -> None:
    path = f"/versions/{version}/mask-labels"
    read = (await call(client, "GET", path)).headers["ETag"]
    first = await call(client, "PUT", path, json={"mask_labels": [RED]}, headers={"If-Match": read})
    assert first.status == 200
    assert first.headers["ETag"] != read
    late = await call(client, "PUT", path, json={"mask_labels": [BLUE]}, headers={"If-Match": read})
    assert late.verdict == (412, "labels_changed")
    assert (await call(client, "GET", path)).body == first.body
    for tag in (f'"other", {first.headers["ETag"]}', "*"):
        assert (await call(client, "PUT", path, json={"mask_labels": [BLUE]}, headers={"If-Match": tag})).status == 200


async def test_the_statistics_of_a_version_are_told_without_waiting_for_pictures(client: Client, version: str) -> None:
    await add_frames(client, version, frame("a"))

    async def counted() -> dict[str, Any] | None:
        told: dict[str, Any] = (await call(client, "GET", f"/versions/{version}/statistics")).body
        return told if told["current"] else None

    assert await wait_until(counted, description="a count") == {
        "frame_count": 1, "walked": 1, "counted": 0, "complete": True, "current": True, "masks": []
    }  # fmt: skip
    assert (await call(client, "GET", "/versions/x/statistics")).verdict == (404, "not_found")
