"""What can be done to datasets and versions: named, described, gone on from, deleted; and what is refused, in words."""

import re

from playwright.async_api import Page, expect

from support.web_viewer import CheckAccess, Faults, OpenPage, Viewer


async def fill_dialog(page: Page, verb: str, **texts: str) -> None:
    """Fill the fields of the open dialog, and confirm it."""
    dialog = page.get_by_role("dialog")
    for label, text in texts.items():
        await dialog.get_by_label(label).fill(text)
    await dialog.get_by_role("button", name=verb).click()


async def test_a_dataset_is_edited_and_deleted(
    open_page: OpenPage, viewer: Viewer, faults: Faults, check_access: CheckAccess
) -> None:
    async with viewer.client() as client:
        dataset = await client.ensure_dataset("a typo")
        page = await open_page(f"/datasets/{dataset.id}")
        await page.get_by_role("button", name="Edit").click()
        taken = (await client.dataset(viewer.dataset_id)).name
        await fill_dialog(page, "Save", Name=taken)
        await expect(page.get_by_role("alert")).to_contain_text("exists already")
        await expect(page.get_by_role("dialog").get_by_label("Name")).to_have_attribute("aria-invalid", "true")
        faults.expect("409")
        await check_access(page)
        await fill_dialog(page, "Save", Name="no typo", Description="What it is.", Tags="a, b b ,a,")
        await expect(page.get_by_role("heading", name="no typo")).to_be_visible()
        await expect(page.locator(".tags li")).to_have_text(["a", "b b"])
        assert (await client.dataset(dataset.id)).description == "What it is."
        await page.get_by_role("button", name="New version").click()
        await fill_dialog(page, "Create", Name="v1")
        await expect(page).to_have_url(re.compile("/versions/.+/frames$"))
        await page.goto(f"/datasets/{dataset.id}")
        await page.get_by_role("button", name="Delete").click()
        await expect(page.get_by_role("dialog")).to_contain_text("1 version with 0 frames, their labels")
        await fill_dialog(page, "Delete")
        await expect(page.get_by_role("heading", name="Datasets")).to_be_visible()
        assert not [it async for it in client.datasets(name="no typo")]


async def test_a_published_version_stays_and_another_goes_on_from_it(open_page: OpenPage, viewer: Viewer) -> None:
    async with viewer.client() as client:
        dataset = await client.ensure_dataset("lines of descent")
        metadata = {"mask_labels": [{"value": 1, "labels": ["road"]}]}
        parent = await client.create_version(dataset.id, "v09", metadata=metadata)
        await client.add_frames(parent.id, [(await client.frame(viewer.version_id, "portrait-0000")).document])
        page = await open_page(f"/versions/{parent.id}/info")
        await expect(page.get_by_role("button", name="New version from this")).to_be_disabled()
        await page.get_by_role("button", name="Edit").click()
        await fill_dialog(page, "Save", Description="The first.")
        await expect(page.locator(".version-head")).to_contain_text("The first.")
        await client.publish(parent.id)
        await page.reload()
        await expect(page.get_by_text("A published version stays")).to_be_visible()
        await expect(page.get_by_role("button", name="Delete this version")).to_have_count(0)
        await page.get_by_role("button", name="New version from this").click()
        await fill_dialog(page, "Create")
        await expect(page.get_by_role("heading", name="v10")).to_be_visible()
        (child,) = [it async for it in client.versions(dataset.id) if it.parent_id == parent.id]
        assert child.metadata == metadata
        await page.goto(f"/versions/{child.id}/frames/portrait-0000")
        await page.get_by_text("Frame details").click()
        await page.get_by_role("link", name="an earlier version").click()
        await expect(page).to_have_url(f"{viewer.url}/versions/{parent.id}/frames/portrait-0000")

        await page.goto(f"/versions/{parent.id}/info")
        await expect(page.get_by_text("1 version comes from this one")).to_be_visible()
        await page.goto(f"/datasets/{dataset.id}")
        await page.get_by_role("button", name="Delete").click()
        await expect(page.get_by_role("dialog")).to_contain_text("1 version of it is published")
        await page.goto(f"/versions/{child.id}/info")
        await page.get_by_role("button", name="Delete this version").click()
        await fill_dialog(page, "Delete")
        await expect(page).to_have_url(f"{viewer.url}/datasets/{dataset.id}")
        assert [it.name async for it in client.versions(dataset.id)] == ["v09"]
