"""What surrounds every page: header, addresses, colours, and who may use it how."""

import pytest
from playwright.async_api import Page, expect

from support.web_viewer import NARROW, WIDE, CheckAccess, Faults, OpenPage, Viewer, VisitPage

PAGES = {
    "datasets": "/",
    "nothing found": "/?search=zzz",
    "dataset": "/datasets/{dataset}",
    "labels": "/versions/{version}/labels",
    "metadata": "/versions/{version}/metadata",
    "info": "/versions/{version}/info",
    "sign in": "/login",
    "no such page": "/versions/{version}/nothing",
}


def address(page: str, viewer: Viewer) -> str:
    """The address of one of PAGES."""
    return PAGES[page].format(dataset=viewer.dataset_id, version=viewer.version_id)


async def shown(page: Page) -> None:
    """Wait until a page is more than its skeleton."""
    await expect(page.get_by_role("heading", level=1).or_(page.locator(".empty-title")).first).to_be_visible()
    await expect(page.locator(".skeleton")).to_have_count(0)


@pytest.mark.parametrize("name", PAGES)
async def test_everybody_can_use_every_page(
    visit: VisitPage, viewer: Viewer, check_access: CheckAccess, name: str
) -> None:
    """Nothing serious by axe-core, contrast included; and nothing is wider than the window."""
    page = await visit(address(name, viewer))
    await shown(page)
    for width, theme in ((WIDE, "dark"), (NARROW, "light")):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme="light" if theme == "light" else "dark")
        await check_access(page)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, theme)


async def test_the_theme_is_chosen_and_remembered(page: Page) -> None:
    async def background() -> str:
        color: str = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return color

    dark = await background()
    await page.get_by_role("button", name="Colours: as the system").click()
    await page.get_by_role("button", name="Colours: dark").click()
    light = await background()
    assert light != dark
    await page.reload()
    assert await background() == light
    await page.get_by_role("button", name="Colours: light").click()
    assert await background() == dark


async def test_links_are_followed_without_a_load_and_back_goes_back(page: Page, viewer: Viewer) -> None:
    await page.evaluate("window.isSameDocument = true")
    await page.get_by_role("link", name="Demo street").click()
    await expect(page.get_by_role("heading", name="Demo street", level=1)).to_be_visible()
    await page.get_by_role("link", name="drive").click()
    await expect(page).to_have_url(f"{viewer.url}/versions/{viewer.version_id}/frames")
    await page.get_by_role("link", name="Info").click()
    await expect(page.get_by_text(viewer.version_id)).to_be_visible()
    await page.go_back()
    await page.go_back()
    await expect(page.get_by_role("heading", name="Versions")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="Datasets")).to_be_visible()
    assert await page.evaluate("window.isSameDocument")


async def test_a_page_is_reached_by_the_keyboard_alone(open_page: OpenPage, viewer: Viewer) -> None:
    """Tab to the skip link, over it into the content, to a dataset, and in; the focus can be seen all the way."""
    page = await open_page("/?search=Demo+street")
    await page.get_by_role("link", name="Demo street").wait_for()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Demo street")).to_be_focused()
    outlined = "getComputedStyle(document.activeElement.closest('.dataset-card')).outlineStyle"
    assert await page.evaluate(outlined) == "solid"
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{viewer.url}/datasets/{viewer.dataset_id}")


async def test_what_is_not_there_is_said(open_page: OpenPage, faults: Faults) -> None:
    page = await open_page("/datasets/unknown")
    await expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    await expect(page.get_by_text("There is no dataset 'unknown'.")).to_be_visible()
    faults.expect("404")
    await page.get_by_role("link", name="All datasets", exact=True).click()
    await expect(page.get_by_role("heading", name="Datasets")).to_be_visible()


async def test_nothing_jumps_while_a_page_loads(open_page: OpenPage, viewer: Viewer) -> None:
    """The browser's own measure of layout shifts; below 0.1 counts as good."""
    page = await open_page("/login")
    await page.context.add_init_script(
        "window.shift = 0;"
        "new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shift += entry.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    for name in ("datasets", "dataset", "labels", "metadata", "info"):
        await page.goto(address(name, viewer))
        await shown(page)
        assert await page.evaluate("window.shift") < 0.1, name
