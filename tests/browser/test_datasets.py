"""Finding a dataset and a version of it, and what is there before anything is."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, expect

from mattebox.aio import Client
from support.web_viewer import OpenPage, Viewer

FAMILY = "family of versions"


@pytest_asyncio.fixture(loop_scope="session")
async def client(viewer: Viewer) -> AsyncIterator[Client]:
    """The registry's operator."""
    async with viewer.client() as client:
        yield client


async def test_a_dataset_is_found_by_what_is_typed(page: Page, client: Client, viewer: Viewer) -> None:
    await client.ensure_dataset("night drive", description="rain on the ring road", tags=["front camera"])
    found = page.locator(".dataset-card h2")
    await page.get_by_role("searchbox").fill("FRONT cam")
    await expect(found).to_have_text(["night drive"])
    await expect(page).to_have_url(f"{viewer.url}/?search=FRONT+cam")
    await page.reload()
    await expect(found).to_have_text(["night drive"])
    await page.get_by_role("searchbox").fill("no such thing")
    await expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    await page.get_by_role("searchbox").fill("")
    await expect(found.filter(has_text="Demo street")).to_be_visible()


async def test_a_card_shows_pictures_and_counts(page: Page, viewer: Viewer) -> None:
    card = page.locator(".dataset-card").filter(has_text="Demo street")
    await expect(card).to_contain_text(f"1 version{len(viewer.frame_ids)} frames")
    await expect(card.locator("img")).to_have_count(3)
    for picture in await card.locator("img").all():
        await expect(picture).to_have_js_property("complete", True)
        assert await picture.evaluate("image => image.naturalWidth") > 0
    await expect(card.get_by_role("img", name=f"{len(viewer.frame_ids)} ready")).to_be_visible()


async def test_many_datasets_come_as_they_are_needed(page: Page, client: Client) -> None:
    for number in range(60):
        await client.ensure_dataset(f"scroll {number:02}")
    await page.get_by_role("searchbox").fill("scroll")
    cards = page.locator(".dataset-card")
    await expect(cards.first).to_contain_text("scroll 00")
    assert await cards.count() < 60
    while (known := await cards.count()) < 60:
        await cards.last.scroll_into_view_if_needed()
        await expect(cards.nth(known)).to_be_attached()
    await expect(cards).to_have_count(60)
    await expect(cards.last).to_contain_text("scroll 59")


async def test_versions_stand_below_the_one_they_come_from(open_page: OpenPage, client: Client) -> None:
    dataset = await client.ensure_dataset(FAMILY)
    first = await client.create_version(dataset.id, "first")
    await client.publish(first.id)
    await client.create_version(dataset.id, "second", parent_id=first.id)
    page = await open_page(f"/datasets/{dataset.id}")
    rows = page.locator(".version-row")
    await expect(rows).to_contain_text(["first", "second"])
    await expect(rows.nth(0)).to_contain_text("Published")
    await expect(rows.nth(1)).to_contain_text("from first")
    await rows.nth(1).get_by_role("link").click()
    await page.get_by_role("link", name="Info").click()
    await page.get_by_role("link", name="first", exact=True).click()
    await expect(page.get_by_role("heading", name="first", level=1)).to_be_visible()


async def test_an_empty_dataset_says_what_to_do(open_page: OpenPage, client: Client) -> None:
    dataset = await client.ensure_dataset("it's empty")
    page = await open_page(f"/datasets/{dataset.id}")
    await expect(page.get_by_role("heading", name="No versions yet")).to_be_visible()
    await page.get_by_role("button", name="Copy the command").click()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == "mattebox import folder IMAGES --masks MASKS --dataset 'it'\\''s empty'"


async def test_counts_move_while_frames_are_drawn(open_page: OpenPage, client: Client, viewer: Viewer) -> None:
    dataset = await client.ensure_dataset("live")
    version = await client.create_version(dataset.id, "now")
    page = await open_page(f"/versions/{version.id}/info")
    await expect(page.get_by_text("no frames yet")).to_be_visible()
    frames = [frame.document async for frame in client.frames(viewer.version_id)]
    await client.add_frames(version.id, frames[:2])
    await expect(page.locator(".version-counts")).to_have_text("2 ready")


async def test_who_may_only_read_is_offered_nothing_else(open_page: OpenPage, client: Client, viewer: Viewer) -> None:
    token = await client.create_token("reader", ["read"])
    page = await open_page("/login", signed_in=False)
    await page.get_by_label("A token of this server").fill(token.token)
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Demo street").wait_for()
    await page.goto(f"/versions/{viewer.version_id}/info")
    await expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    await page.get_by_role("link", name="Masks & labels").click()
    await expect(page.get_by_text("Your token may only read")).to_be_visible()
    await expect(page.get_by_role("button", name="Add an entry")).to_have_count(0)
