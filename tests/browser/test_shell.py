"""What surrounds every page: header, addresses, colours."""

from playwright.async_api import Page, expect


async def test_the_first_page_lists_the_datasets(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Datasets", level=1)).to_be_visible()
    await expect(page.get_by_role("link", name="Demo street")).to_be_visible()
