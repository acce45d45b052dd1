"""The mapping of a version: read as a table, changed in a draft, seen in the metadata."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from mattebox.aio import Client
from support.shown_frames import CARS, ROADS, register_frames
from support.web_viewer import Faults, OpenPage, Viewer

LABELS: dict[str, list[dict[str, Any]]] = {
    "_all_": [
        {"value": [255, 0, 0], "labels": ["road"], "color": "#804080", "note": "kept"},
        {"value": [0, 255, 0], "labels": ["sky", "air"]},
    ],
    "instances": [{"value": 70000, "labels": ["car 1"]}],
}


@pytest_asyncio.fixture(loop_scope="session")
async def client(viewer: Viewer) -> AsyncIterator[Client]:
    """The registry's operator."""
    async with viewer.client() as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def draft(client: Client) -> str:
    """A draft of the test's own."""
    dataset = await client.ensure_dataset("labels")
    version = await client.create_version(
        dataset.id, f"v{len([version async for version in client.versions(dataset.id)])}"
    )
    await client.update_version(version.id, metadata={"mask_labels": LABELS, "camera": "front"})
    return version.id


def row(page: Page, name: str) -> Locator:
    """The row of a label."""
    return page.locator(".label-row").filter(has=page.get_by_role("button", name=f"Remove {name}", exact=True).first)


async def labels_of(client: Client, version: str) -> object:
    """The mapping as it is kept."""
    return (await client.version(version)).metadata["mask_labels"]


async def test_the_mapping_is_a_table_for_each_mask(open_page: OpenPage, draft: str) -> None:
    page = await open_page(f"/versions/{draft}/labels")
    every = page.get_by_role("region", name="Labels of every mask")
    await expect(every.get_by_label("Pixel value of road")).to_have_value("255, 0, 0")
    await expect(every.get_by_label("Colour of road")).to_have_value("#804080")
    await expect(every.locator(".label-row").nth(1)).to_contain_text("automatic")
    await expect(every.locator(".label-row").nth(1).locator(".chip")).to_have_text(["sky", "air"])
    await expect(page.get_by_role("button", name="Save")).to_be_hidden()
    await page.get_by_role("tab", name="Every mask").press("ArrowRight")
    own = page.get_by_role("region", name="Labels of mask instances")
    await expect(own.get_by_label("Pixel value")).to_have_value("70000")
    await expect(every).to_have_count(0)
    await expect(page.get_by_role("tab", name="instances")).to_be_focused()
    await page.reload()
    await expect(own).to_be_visible()


async def test_what_is_changed_is_saved_and_nothing_else(open_page: OpenPage, client: Client, draft: str) -> None:
    page = await open_page(f"/versions/{draft}/labels")
    await page.get_by_label("Colour of sky").fill("#0000ff")
    await page.get_by_label("Opacity of road").fill("0.5")
    assert not await page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))"), "leaving asks"
    await page.get_by_label("Add to labels of 255, 0, 0").fill("street, paved")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Remove air").click()
    await page.get_by_role("button", name="Ignore sky").click()
    await page.get_by_role("tab", name="instances").click()
    await page.get_by_role("button", name="Remove car 1").last.click()
    await page.get_by_role("tab", name="Every mask").click()
    every = page.get_by_role("region", name="Labels of every mask")
    await every.get_by_role("button", name="Add an entry").click()
    await page.keyboard.type("9")
    await every.get_by_label("Add to labels of").last.fill("cat")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_be_hidden()
    assert await labels_of(client, draft) == {
        "_all_": [
            {
                "value": [255, 0, 0],
                "labels": ["road", "street, paved"],
                "color": "#804080",
                "note": "kept",
                "opacity": 0.5,
            },
            {"value": [0, 255, 0], "labels": ["sky"], "color": "#0000ff", "ignore": True},
            {"value": 9, "labels": ["cat"]},
        ]
    }
    assert await page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))"), "nothing to lose"
    await page.get_by_role("link", name="Metadata").click()
    await expect(page.get_by_text('"street, paved"')).to_be_visible()


async def test_a_colour_can_become_automatic_again(open_page: OpenPage, client: Client, draft: str) -> None:
    page = await open_page(f"/versions/{draft}/labels")
    await page.get_by_role("button", name="Automatic colour for road").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    kept = (await client.version(draft)).metadata["mask_labels"]["_all_"][0]
    assert "color" not in kept
    assert kept["note"] == "kept"


async def test_faults_are_shown_at_their_field_and_nothing_is_saved(
    open_page: OpenPage, client: Client, draft: str
) -> None:
    page = await open_page(f"/versions/{draft}/labels")
    await page.get_by_label("Pixel value of sky").fill("255, 0, 0")
    await page.get_by_label("Pixel value of road").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("This value stands twice.")).to_be_visible()
    await expect(page.get_by_label("Pixel value of sky")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Pixel value of sky").fill("a cat")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Use a number such as 12")).to_be_visible()
    await expect(page.get_by_label("Pixel value of sky")).to_have_value("a cat")
    await expect(page.get_by_role("button", name="Save")).to_be_in_viewport()
    assert await labels_of(client, draft) == LABELS
    await page.get_by_role("button", name="Discard").click()
    await expect(page.get_by_label("Pixel value of sky")).to_have_value("0, 255, 0")


async def test_what_only_the_server_knows_is_shown_at_its_field_too(
    open_page: OpenPage, draft: str, faults: Faults
) -> None:
    page = await open_page(f"/versions/{draft}/labels")
    await page.get_by_label("Add to labels of 0, 255, 0").fill("a\u0007b")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".label-row").nth(1).get_by_role("alert")).to_contain_text("control characters")
    faults.expect("400")


async def test_changes_of_others_are_told_and_merged_or_taken(
    open_page: OpenPage, client: Client, draft: str, faults: Faults
) -> None:
    page = await open_page(f"/versions/{draft}/labels")
    await page.get_by_label("Colour of sky").fill("#0000ff")
    theirs = {"_all_": [{**LABELS["_all_"][0], "labels": ["street"]}, LABELS["_all_"][1]]}
    await client.update_version(draft, metadata={"mask_labels": theirs})
    await page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Somebody else changed the labels")
    await expect(dialog.get_by_role("listitem")).to_have_text(
        ["255, 0, 0: road is now street", "70000 of mask instances: car 1 removed"]
    )
    faults.expect("412")
    await dialog.get_by_role("button", name="Merge both").click()
    await expect(page.get_by_label("Colour of sky")).to_have_value("#0000ff")
    await expect(page.get_by_label("Pixel value of street")).to_have_value("255, 0, 0")
    assert await labels_of(client, draft) == theirs
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Save")).to_be_hidden()
    assert await labels_of(client, draft) == {"_all_": [theirs["_all_"][0], {**LABELS["_all_"][1], "color": "#0000ff"}]}


async def test_what_nothing_declares_becomes_a_label_and_is_counted(
    open_page: OpenPage, viewer: Viewer, client: Client, tmp_path: Path
) -> None:
    """Over a whole version: 3 frames, in whose masks nothing declares the value 0."""
    shown = await register_frames(viewer, tmp_path, "counted")
    page = await open_page(f"/versions/{shown.version_id}/labels")
    await expect(page.get_by_text("Pixels of 3 of 3 frames counted.")).to_be_visible()
    counts = page.locator(".label-count")
    found = np.bincount([*ROADS.ravel(), *CARS.ravel()])
    pixels = {value: 3 * int(count) for value, count in enumerate(found)}
    await expect(counts).to_have_text([f"{pixels[value]:,}" for value in (1, 2, 3)])
    gaps = page.get_by_role("region", name="Values without a label")
    await expect(gaps.get_by_role("row")).to_have_count(3)
    await gaps.get_by_role("button", name="Add 0, 0, 0 of roads as a label").click()
    await expect(gaps).to_be_hidden()
    await page.keyboard.type("background")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Save")).to_be_hidden()
    await expect(page.get_by_label("Pixel value of background")).to_have_value("0, 0, 0")
    # They are drawn again, and counted as they are.
    await expect(counts).to_have_text([f"{pixels[value]:,}" for value in (1, 2, 3, 0)])
    await page.get_by_role("button", name="Pixels").click()
    await expect(page.get_by_role("columnheader", name="Pixels")).to_have_attribute("aria-sort", "descending")
    await expect(counts).to_have_text([f"{count:,}" for count in sorted(pixels.values(), reverse=True)])


async def test_labels_begin_with_one_button(open_page: OpenPage, client: Client) -> None:
    dataset = await client.ensure_dataset("unlabelled")
    version = await client.ensure_version(dataset.id, "v1")
    page = await open_page(f"/versions/{version.id}/labels")
    await page.get_by_role("button", name="Add the first label").click()
    await page.get_by_role("button", name="Add an entry").click()
    await page.get_by_label("Add to labels of 0").fill("background")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    assert await labels_of(client, version.id) == {"_all_": [{"value": 0, "labels": ["background"]}]}


async def test_publishing_asks_and_makes_everything_read_only(open_page: OpenPage, client: Client, draft: str) -> None:
    page = await open_page(f"/versions/{draft}/info")
    await page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("This cannot be undone.")
    await page.keyboard.press("Escape")
    assert (await client.version(draft)).status == "draft"
    await page.get_by_role("button", name="Publish").click()
    await dialog.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("heading", name="This version is published")).to_be_visible()
    await page.get_by_role("link", name="Masks & labels").click()
    await expect(page.get_by_text("This version is published, so its labels stay")).to_be_visible()
    await expect(page.get_by_label("Pixel value of road")).to_have_count(0)
    await expect(page.locator(".label-row").first).to_contain_text("255, 0, 0")


async def test_the_metadata_can_be_copied(open_page: OpenPage, client: Client, draft: str) -> None:
    page = await open_page(f"/versions/{draft}/metadata")
    await page.get_by_role("button", name="Copy as JSON").click()
    copied = await page.evaluate("navigator.clipboard.readText().then(JSON.parse)")
    assert copied == (await client.version(draft)).metadata


async def test_changes_that_are_not_saved_are_not_left_unasked(open_page: OpenPage, draft: str, client: Client) -> None:
    """By a link of the viewer or by Back: who stays keeps the changes and the address."""
    page = await open_page(f"/versions/{draft}/metadata")
    tabs = page.get_by_role("navigation", name="Parts of the version")
    await tabs.get_by_role("link", name="Masks & labels").click()
    colour = page.get_by_label("Colour of road")
    await colour.fill("#112233")
    question = page.get_by_role("dialog", name="Leave without saving?")
    for leave in (tabs.get_by_role("link", name="Info").click, page.go_back):
        await leave()
        await question.get_by_role("button", name="Cancel").click()
        await expect(colour).to_have_value("#112233")
        await expect(page).to_have_url(f"/versions/{draft}/labels")
    await tabs.get_by_role("link", name="Info").click()
    await question.get_by_role("button", name="Leave").click()
    await expect(page).to_have_url(f"/versions/{draft}/info")
    await tabs.get_by_role("link", name="Masks & labels").click()
    await expect(colour).to_have_value("#804080")
    assert await labels_of(client, draft) == LABELS
