"""How one gets in, and out."""

from playwright.async_api import Page, expect

from support.web_viewer import Faults, OpenPage, Viewer


async def login_link(viewer: Viewer, query: str = "") -> str:
    """What `mattebox login` prints, as a path."""
    async with viewer.client() as client:
        code = await client.create_login_code()
    return f"/login{query}#{code.code}"


async def test_a_link_signs_in_once_and_leaves_no_trace(open_page: OpenPage, viewer: Viewer, faults: Faults) -> None:
    link = await login_link(viewer)
    page = await open_page(link, signed_in=False)
    await expect(page.get_by_role("heading", name="Datasets")).to_be_visible()
    assert await page.evaluate("[location.pathname, location.hash, document.cookie]") == ["/", "", ""]
    await page.reload()
    await expect(page.get_by_role("heading", name="Datasets")).to_be_visible()

    late = await open_page(link, signed_in=False)
    await expect(late.get_by_role("alert")).to_contain_text("mattebox login")
    assert "#" not in late.url
    faults.expect("401")


async def test_a_link_leads_to_its_page(open_page: OpenPage, viewer: Viewer) -> None:
    page = await open_page(await login_link(viewer, f"?next=/versions/{viewer.version_id}/info"), signed_in=False)
    await expect(page).to_have_url(f"{viewer.url}/versions/{viewer.version_id}/info")


async def test_a_link_leads_nowhere_else(open_page: OpenPage, viewer: Viewer) -> None:
    for next_ in ("https://evil.example/", "//evil.example/", "/%5Cevil.example/", "javascript:alert(1)"):
        page = await open_page(await login_link(viewer, f"?next={next_}"), signed_in=False)
        await expect(page.get_by_role("link", name="Mattebox: all datasets")).to_be_visible()
        await expect(page).not_to_have_url("**/login**")
        assert page.url.startswith(viewer.url)


async def test_who_is_not_signed_in_comes_back_to_the_page_asked_for(
    open_page: OpenPage, viewer: Viewer, faults: Faults
) -> None:
    page = await open_page(f"/versions/{viewer.version_id}/metadata", signed_in=False)
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    faults.expect("401")
    await page.get_by_label("A token of this server").fill("wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("There is no such token, or it was revoked.")
    faults.expect("401")
    await page.get_by_label("A token of this server").fill(viewer.token)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{viewer.url}/versions/{viewer.version_id}/metadata")
    await expect(page.get_by_text("mask_labels", exact=True)).to_be_visible()


async def test_another_link_works_where_the_login_page_is_open(open_page: OpenPage, viewer: Viewer) -> None:
    page = await open_page("/login", signed_in=False)
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.goto(await login_link(viewer))
    await expect(page.get_by_role("heading", name="Datasets")).to_be_visible()


async def test_signing_out_ends_the_session(page: Page, faults: Faults) -> None:
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.goto("/")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    faults.expect("401")


async def test_a_revoked_token_brings_the_login_page(open_page: OpenPage, viewer: Viewer, faults: Faults) -> None:
    async with viewer.client() as client:
        token = await client.create_token("reviewer", ["read"])
        page = await open_page("/login", signed_in=False)
        await page.get_by_label("A token of this server").fill(token.token)
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="Demo street").wait_for()
        await client.revoke_token(token.id)
    # Whatever the page asks next is refused, perhaps before the pointer is at the link.
    await page.get_by_role("link", name="Demo street").dispatch_event("click")
    await page.get_by_role("dialog", name="Your session has ended").get_by_role("button", name="Not now").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    faults.expect("401")


async def test_a_session_that_has_ended_loses_nothing_that_was_typed(
    open_page: OpenPage, viewer: Viewer, faults: Faults
) -> None:
    """Signing in again on the spot saves what was to be saved; and signing out asks before it is lost."""
    async with viewer.client() as client:
        dataset = await client.ensure_dataset("lapsed")
        labels = [{"value": 1, "labels": ["road"]}]
        version = await client.create_version(dataset.id, "v1", metadata={"mask_labels": labels})
    page = await open_page(f"/versions/{version.id}/labels")
    await page.get_by_label("Colour of road").fill("#112233")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("dialog", name="Leave without saving?").get_by_role("button", name="Cancel").click()

    await page.context.clear_cookies()
    await page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Your session has ended")
    await dialog.get_by_role("button", name="Sign in").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Nobody has signed in yet.")
    await dialog.get_by_label("A token of this server").fill(viewer.token)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Saved.")).to_be_visible()
    faults.expect("401")
    async with viewer.client() as client:
        assert (await client.version(version.id)).metadata["mask_labels"]["_all_"][0]["color"] == "#112233"


async def test_who_goes_astray_is_told_so(open_page: OpenPage, faults: Faults) -> None:
    page = await open_page("/nothing/here")
    await expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    faults.expect("404")
    await page.get_by_role("link", name="All datasets", exact=True).click()
    await expect(page.get_by_role("heading", name="Datasets")).to_be_visible()
