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
    await page.get_by_role("link", name="Demo street").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    faults.expect("401")
