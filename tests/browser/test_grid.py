"""The frames of a version: as pictures and as a table, filtered, grouped, found."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from support.live_stack import LiveRegistry
from support.viewer_frames import drawn_frame, make_version, undrawn_frames
from support.web_viewer import NARROW, WIDE, CheckAccess, Faults, Viewer, VisitPage

PAYLOADS = [
    '<img src=x onerror="window.hacked=1">',
    "javascript:window.hacked=1",
    "../..//%2e%2e?a=b#c",
    "' \"><svg>\n\t",
]


def tile(page: Page, frame_id: str) -> Locator:
    return page.locator(".tile", has=page.get_by_text(frame_id, exact=True))


async def shown_ids(page: Page) -> list[str]:
    return await page.locator(".tile-name").all_inner_texts()


async def test_frames_are_pictures_in_the_order_of_the_list(visit: VisitPage, viewer: Viewer) -> None:
    """With the masks drawn over them, each leading to its frame."""
    page = await visit(f"/versions/{viewer.version_id}/frames?group=none&tile=96")
    await expect(page.locator(".shot[data-state=shown]")).to_have_count(len(viewer.frame_ids))
    links = await page.locator(".tile-link").evaluate_all("links => links.map((link) => [link.dataset, link.pathname])")
    assert [path for _, path in links] == [
        f"/versions/{viewer.version_id}/frames/{frame}" for frame in viewer.frame_ids
    ]
    widths = await page.locator(".shot-image").evaluate_all("images => images.map((image) => image.naturalWidth)")
    assert all(width > 0 for width in widths)


@pytest.mark.parametrize(("width", "theme"), [(WIDE, "dark"), (WIDE, "light"), (NARROW, "dark")])
async def test_everybody_can_use_it(
    visit: VisitPage, viewer: Viewer, check_access: CheckAccess, width: int, theme: str
) -> None:
    """As pictures and as a table, and nothing is wider than the window."""
    page = await visit(f"/versions/{viewer.version_id}/frames", width=width, theme=theme)
    await expect(page.locator(".shot[data-state=shown]").first).to_be_visible()
    await check_access(page)
    await page.get_by_role("button", name="Table").click()
    await expect(page.get_by_role("columnheader", name="Frame")).to_be_visible()
    await check_access(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_filter_is_in_the_address(visit: VisitPage, viewer: Viewer, live_registry: LiveRegistry) -> None:
    """So a link shows a colleague the same frames, and what there is none of says so."""
    async with viewer.client() as client:
        frames = [drawn_frame(live_registry.data, "good", context_id="b"), *undrawn_frames(3, contexts=3)]
        version = await make_version(client, "filters", frames)
        await client.wait_for_previews(version)
    page = await visit(f"/versions/{version}/frames")
    await page.get_by_role("button", name=re.compile("Unsupported")).click()
    await expect(page.locator(".tile")).to_have_count(3)
    assert page.url.endswith("?state=unsupported")
    await page.get_by_label("Context", exact=True).select_option(label="context 001 (1)")
    await expect(page.locator(".tile")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".tile")).to_have_count(1)
    assert await shown_ids(page) == ["frame-00001"]
    await visit(f"/versions/{version}/frames?state=failed")
    await expect(page.get_by_role("heading", name="No failed frames")).to_be_visible()
    await page.get_by_role("button", name="Show all frames").click()
    await expect(page.locator(".tile")).to_have_count(4)
    assert "state" not in page.url


async def test_frames_of_a_context_stand_under_its_name(visit: VisitPage, viewer: Viewer) -> None:
    async with viewer.client() as client:
        version = await make_version(client, "groups", undrawn_frames(30, contexts=3))
    page = await visit(f"/versions/{version}/frames")
    await expect(page.locator(".group-head")).to_have_text([f"context 00{n}10 frames" for n in range(3)])
    await page.get_by_role("button", name="Group by context").click()
    await expect(page.locator(".group-head")).to_have_count(0)
    assert "group=none" in page.url


async def test_a_long_list_is_loaded_where_it_is_looked_at(visit: VisitPage, viewer: Viewer) -> None:
    """Far down by number, id and context; and a link to a place leads there."""
    async with viewer.client() as client:
        version = await make_version(client, "long", undrawn_frames(3_000, contexts=10))
    page = await visit(f"/versions/{version}/frames")
    await expect(tile(page, "frame-00000")).to_be_visible()
    field = page.get_by_label("Go to a frame id, context or number")
    for text, frame in (("2,500", "frame-02499"), ("frame-01234", "frame-01234"), ("context 007", "frame-02100")):
        await field.fill(text)
        await field.press("Enter")
        await expect(tile(page, frame)).to_be_in_viewport()
    assert await page.locator(".tile").count() < 150
    place = re.search(r"at=(frame-\d+)", page.url)
    assert place
    assert place[1] > "frame-02050"
    await visit("/")
    await visit(f"/versions/{version}/frames?at=frame-01500")
    await expect(tile(page, "frame-01500")).to_be_in_viewport()
    await field.fill("nowhere")
    await field.press("Enter")
    await expect(field).to_have_attribute("aria-invalid", "true")


async def test_keys_walk_and_back_returns_to_the_same_frame(visit: VisitPage, viewer: Viewer, faults: Faults) -> None:
    """Without a mouse: to the end of a long list, into a frame, and back to it."""
    async with viewer.client() as client:
        version = await make_version(client, "keys", undrawn_frames(1_000))
    page = await visit(f"/versions/{version}/frames?group=none")
    await expect(tile(page, "frame-00000")).to_be_visible()
    await page.get_by_role("button", name="Table").focus()
    await page.keyboard.press("Tab")
    focused = page.locator(".tile-link:focus .tile-name")
    await expect(focused).to_have_text("frame-00000")
    for key, frame in (("ArrowRight", "00001"), ("ArrowDown", "00006"), ("ArrowLeft", "00005"), ("End", "00999"),
                       ("ArrowUp", "00994"), ("Home", "00000"), ("End", "00999")):  # fmt: skip
        await page.keyboard.press(key)
        await expect(focused).to_have_text(f"frame-{frame}")
        await expect(page.locator(".tile-link:focus")).to_be_in_viewport()
    top = await page.evaluate("scrollY")
    async with page.expect_response(lambda answer: answer.status == 422):
        await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/frames/frame-00999"))
    # The list that was left is out of the document: what has the focus from here on is of the one that comes back.
    await expect(page.locator(".viewer")).to_be_visible()
    await page.evaluate("addEventListener('popstate', () => { window.topAtBack = scrollY; })")
    await page.go_back()
    await expect(focused).to_have_text("frame-00999")
    # At once: nobody sees the top of the list in between.
    assert abs(await page.evaluate("topAtBack") - top) < 2
    assert abs(await page.evaluate("scrollY") - top) < 2
    # Its source is of a type that is never drawn.
    faults.expect("422")


async def test_each_source_of_a_frame_can_be_chosen(
    visit: VisitPage, viewer: Viewer, live_registry: LiveRegistry
) -> None:
    """For one frame at its tile, for all in the toolbar."""
    sources = [drawn_frame(live_registry.data, "x")["sources"][0] | {"id": name} for name in ("left", "right")]
    async with viewer.client() as client:
        version = await make_version(client, "stereo", [{"id": f"pair {n}", "sources": sources} for n in range(2)])
        await client.wait_for_previews(version)
    page = await visit(f"/versions/{version}/frames")
    await tile(page, "pair 0").get_by_role("button", name=re.compile("left, source 1 of 2")).click()
    await expect(tile(page, "pair 0").locator(".shot")).to_have_attribute("data-state", "shown")
    await expect(page.get_by_role("button", name=re.compile("right, source 2 of 2"))).to_have_count(1)
    await page.get_by_label("Source", exact=True).select_option("right")
    await expect(page.get_by_role("button", name=re.compile("right, source 2 of 2"))).to_have_count(2)
    await expect(page.locator(".shot[data-state=shown]")).to_have_count(2)
    assert "source=right" in page.url


async def test_names_from_data_are_text(visit: VisitPage, viewer: Viewer) -> None:
    """In ids of frames, sources and contexts, as pictures, rows and headings; and links lead to the frame alone."""

    def frame(number: int, text: str) -> dict[str, object]:
        sources = [
            {"id": name, "uri": "https://example.com/a.pdf", "content_type": "application/pdf"} for name in (text, "b")
        ]
        return {"id": f"{text}{number}", "context_id": text, "sources": sources}

    async with viewer.client() as client:
        frames = [frame(number, text) for text in PAYLOADS for number in range(5)]
        version = await make_version(client, "<b>payloads</b>", frames)
    for kind in ("grid", "table"):
        page = await visit(f"/versions/{version}/frames?view={kind}")
        items = page.locator(".tile-link, .row-link")
        await expect(items.first).to_be_visible()
        await expect(page.locator(".group-head").first).to_be_visible()
        await expect(page.locator(".canvas :is(img[src^=x], script, [onerror], b)")).to_have_count(0)
        paths = await items.evaluate_all("links => links.map((link) => [link.origin, link.pathname.split('/').length])")
        assert all(pair == [viewer.url, 5] for pair in paths)
    assert await page.evaluate("window.hacked") is None
