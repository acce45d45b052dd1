"""The frames of a version while things happen to them."""

import hashlib
import re

from playwright.async_api import Route, expect

from support.live_stack import LiveRegistry, write_image
from support.viewer_frames import drawn_frame, make_version, source
from support.web_viewer import Viewer, VisitPage


async def test_frames_appear_while_they_are_registered_and_drawn(
    visit: VisitPage, viewer: Viewer, live_registry: LiveRegistry
) -> None:
    """From the empty version with the command that fills it to the first picture, without a reload."""
    async with viewer.client() as client:
        version = await make_version(client, "my frames")
        page = await visit(f"/versions/{version}/frames")
        await expect(page.locator(".command-text")).to_have_text(
            "mattebox import folder photos/ --masks masks/ --dataset 'my frames' --version v1"
        )
        await page.evaluate("window.mark = 1")
        await client.add_frames(version, [drawn_frame(live_registry.data, f"f{number}") for number in range(3)])
        await expect(page.locator(".shot[data-state=shown]")).to_have_count(3)
        await expect(page.get_by_role("button", name="Ready 3")).to_be_visible()
        await client.add_frames(version, [drawn_frame(live_registry.data, "late")])
        await expect(page.locator(".shot[data-state=shown]")).to_have_count(4)
        assert await page.evaluate("window.mark") == 1


async def test_a_frame_that_failed_says_why_and_is_drawn_again(
    visit: VisitPage, viewer: Viewer, live_registry: LiveRegistry
) -> None:
    """As soon as what was missing is there."""
    picture = live_registry.data / "grid" / "late.png"
    async with viewer.client() as client:
        version = await make_version(client, "retried", [{"id": "f", "sources": [source(picture)]}])
        await client.wait_for_previews(version)
    page = await visit(f"/versions/{version}/frames?state=failed")
    await expect(page.get_by_text("Nothing was found at the URI.")).to_be_visible()
    write_image(picture, (0, 255, 0))
    await page.get_by_role("button", name="Draw f again").click()
    await expect(page.locator(".shot[data-state=shown]")).to_have_count(1)
    # It stays under the eyes, though it left the list of those that failed.
    await page.get_by_role("button", name=re.compile("left this list")).click()
    await expect(page.get_by_role("heading", name="No failed frames")).to_be_visible()


async def test_a_partial_frame_is_shown_and_says_what_is_missing(
    visit: VisitPage, viewer: Viewer, live_registry: LiveRegistry
) -> None:
    picture = write_image(live_registry.data / "grid" / "whole.png", (0, 0, 255))
    missing = live_registry.data / "grid" / "missing.png"
    async with viewer.client() as client:
        version = await make_version(client, "partial", [{"id": "f", "sources": [source(picture, missing)]}])
        await client.wait_for_previews(version)
    page = await visit(f"/versions/{version}/frames")
    await expect(page.locator(".shot[data-state=shown]")).to_have_count(1)
    link = page.get_by_role("link", name=re.compile("partial. Without mask classes: Nothing was found"))
    await expect(link).to_contain_text("Partial")
    await page.get_by_role("button", name="Table").click()
    await expect(page.get_by_text("Without mask classes: Nothing was found at the URI.")).to_be_visible()


async def test_without_events_frames_in_sight_are_asked_about(visit: VisitPage, viewer: Viewer) -> None:
    """A proxy that holds streams back makes the page slower, not wrong."""
    missing = "blob:" + hashlib.sha256(b"not there").hexdigest()
    async with viewer.client() as client:
        version = await make_version(client, "silent", [{"id": "f", "sources": [{"id": "s", "uri": missing}]}])
        await client.wait_for_previews(version)
    page = await visit("/")
    await page.route(re.compile(r"/events(\?|$)"), _no_events)
    await page.route(re.compile(r"/frames\?"), _still_pending)
    await page.route(re.compile("/previews/status"), _still_pending, times=1)
    await visit(f"/versions/{version}/frames")
    await expect(page.locator(".shot").get_by_text("Queued", exact=True)).to_be_visible()
    await expect(page.get_by_text("Nothing was found at the URI.")).to_be_visible(timeout=20_000)


async def _no_events(route: Route) -> None:
    await route.fulfill(status=200, content_type="text/event-stream", body="")


async def _still_pending(route: Route) -> None:
    """Answer as before the frame was drawn."""
    answer = await route.fetch()
    body = await answer.json()
    previews = [frame["preview"] for frame in body.get("frames", [])] or list(body["previews"].values())
    for preview in previews:
        preview.update(state="pending", error=None)
    await route.fulfill(response=answer, json=body)
