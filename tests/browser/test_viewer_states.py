"""Frames that are not simply ready are shown as they stand, with why and what to do; and what changes is shown live."""

from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Page, expect

from support.live_stack import LiveRegistry
from support.masks import encoded, noise
from support.shown_frames import HEIGHT, LABELS, ROADS, WIDTH, ShownFrames, expect_on_stage, register_frames, upload
from support.web_viewer import Faults, OpenPage, Viewer

AT_1_TO_1 = f"at={WIDTH // 2},{HEIGHT // 2},1"
HOSTILE = '<img src=x onerror="window.hacked=1">'


async def register(viewer: Viewer, dataset: str, *frames: dict[str, Any], **fields: Any) -> ShownFrames:
    """Make a version of these frames and wait until nothing of it is pending."""
    async with viewer.client() as client:
        owner = await client.ensure_dataset(dataset)
        version = await client.ensure_version(owner.id, "draft", metadata={"mask_labels": LABELS, **fields})
        added = await client.add_frames(version.id, frames)
        assert not added.rejected
        await client.wait_for_previews(version.id)
    return ShownFrames(viewer, version.id)


@pytest_asyncio.fixture(loop_scope="session")
async def photo(viewer: Viewer, tmp_path: Path) -> str:
    """URI of a picture."""
    return await upload(viewer, tmp_path, noise(WIDTH, HEIGHT))


@pytest_asyncio.fixture(loop_scope="session")
async def roads(viewer: Viewer, tmp_path: Path) -> str:
    """URI of a mask."""
    return await upload(viewer, tmp_path, ROADS)


async def test_a_failed_frame_says_why_and_is_drawn_again(
    open_page: OpenPage, viewer: Viewer, live_registry: LiveRegistry, faults: Faults
) -> None:
    """The reason, its code, the URI and what to do; once the file is there the button shows it."""
    file = live_registry.data / "late.png"
    frames = await register(viewer, "late", {"id": "one", "sources": [{"uri": file.as_uri()}]})
    page = await open_page(frames.path(query=AT_1_TO_1))
    for words in ("This frame could not be drawn", "Nothing was found at the URI.", "source_not_found", file.as_uri()):
        await expect(page.locator(".frame-card").get_by_text(words).first).to_be_visible()
    faults.expect("422")
    file.write_bytes(encoded(noise(WIDTH, HEIGHT)))
    await page.get_by_role("button", name="Draw it again").click()
    await expect(page.locator(".stand")).to_have_text("Exact")
    await expect_on_stage(page, await frames.drawn())
    await expect(page.locator(".frame-card")).to_have_count(0)


async def test_a_partial_frame_names_the_mask_and_shows_the_others(
    open_page: OpenPage, viewer: Viewer, photo: str, roads: str
) -> None:
    masks = [{"id": "roads", "uri": roads}, {"id": "gone", "uri": "blob:" + "0" * 64}]
    frames = await register(viewer, "partial", {"id": "one", "sources": [{"uri": photo, "masks": masks}]})
    page = await open_page(frames.path(query=AT_1_TO_1))
    await expect_on_stage(page, await frames.drawn())
    await expect(page.locator(".frame-notice")).to_contain_text("gone: Nothing was found at the URI.")
    warnings = page.get_by_role("region", name="Warnings")
    await expect(warnings).to_contain_text("Check the mask's URI, and register the frame again with the right one.")
    await expect(warnings).to_contain_text("Most frequent: (0, 0, 0):")
    await expect(page.locator("[data-mask=gone].mask")).to_contain_text("Could not be read")


async def test_a_picture_is_not_taken_for_that_of_a_frame_without_one(
    open_page: OpenPage, viewer: Viewer, photo: str, faults: Faults
) -> None:
    """Stepping on from a frame that is drawn to one that never is."""
    model = {"id": "two", "sources": [{"uri": "file:///a.glb"}]}
    frames = await register(viewer, "model", {"id": "one", "sources": [{"uri": photo}]}, model)
    page = await open_page(frames.path(query=AT_1_TO_1))
    await expect_on_stage(page, await frames.drawn())
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_text("Files of this type are never drawn.")).to_be_visible()
    await expect(page.locator(".stage.is-empty")).to_have_count(1)
    await expect(page.get_by_role("button", name="Draw it again")).to_have_count(0)
    faults.expect("422")


async def test_colors_that_others_save_are_shown_live(open_page: OpenPage, viewer: Viewer, tmp_path: Path) -> None:
    frames = await register_frames(viewer, tmp_path, "live colours")
    page = await open_page(frames.path(query=AT_1_TO_1))
    await expect_on_stage(page, await frames.drawn())
    async with viewer.client() as client:
        version = await client.version(frames.version_id)
        (road, *others) = version.metadata["mask_labels"]
        changed = version.metadata | {"mask_labels": [road | {"color": "#ffffff"}, *others]}
        await client.update_version(frames.version_id, metadata=changed)
    await expect_on_stage(page, await frames.drawn())
    await expect(page.get_by_role("button", name="Colour of road: #ffffff").first).to_be_visible()


async def test_who_may_only_look_keeps_colors_for_himself(open_page: OpenPage, viewer: Viewer, tmp_path: Path) -> None:
    frames = await register_frames(viewer, tmp_path, "read only")
    async with viewer.client() as client:
        token = await client.create_token("reader", ["read"])
    page = await open_page("/login", signed_in=False)
    body, headers = {"token": token.token}, {"Origin": viewer.url}
    assert (await page.request.post("/api/v1/session", data=body, headers=headers)).ok
    await page.goto(frames.path())
    await edit(page, "road")
    await expect(page.get_by_text("You may look, not change")).to_be_visible()
    await expect(page.get_by_role("button", name="Save for all")).to_be_hidden()


async def test_colors_of_a_published_version_are_kept_for_oneself(
    open_page: OpenPage, viewer: Viewer, tmp_path: Path
) -> None:
    frames = await register_frames(viewer, tmp_path, "published colours")
    async with viewer.client() as client:
        await client.publish(frames.version_id)
    page = await open_page(frames.path())
    await edit(page, "road")
    await expect(page.get_by_text("The version is published")).to_be_visible()
    await expect(page.get_by_role("button", name="Save for all")).to_be_hidden()


async def edit(page: Page, label: str) -> None:
    """Open the editor of a label's colour."""
    await page.get_by_role("button", name=f"Colour of {label}").first.click()


async def test_hostile_text_is_only_text(open_page: OpenPage, viewer: Viewer, photo: str, roads: str) -> None:
    """In the names of labels, masks, sources, frames, contexts and fields, in each part of the viewer."""
    mask = {"id": HOSTILE, "uri": roads, "labels": [{"value": 1, "labels": [HOSTILE, "b, c"]}]}
    source = {"id": HOSTILE, "uri": photo, "masks": [mask]}
    frame = {"id": "one", "context_id": HOSTILE, HOSTILE: {HOSTILE: HOSTILE}, "sources": [source, source | {"id": "b"}]}
    frames = await register(viewer, HOSTILE, frame)
    page = await open_page(frames.path(query="solo=b, c"))
    await expect(page.locator(".stand")).to_have_text("Exact")
    await page.mouse.move(400, 400)
    await edit(page, HOSTILE)
    await expect(page.get_by_text("This label comes with the frame itself")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("i")
    for part in ("Metadata", "Sources", "Raw JSON"):
        await page.locator("#frame-details").get_by_text(part, exact=True).click()
    await page.keyboard.press("Shift+Digit1")
    await page.keyboard.press("c")
    assert await page.get_by_text(HOSTILE).count() > 5
    await expect(page.locator("main img, [onerror]")).to_have_count(0)
    assert await page.evaluate("window.hacked") is None


async def test_a_frame_that_does_not_open_shows_nothing_of_the_one_before(
    open_page: OpenPage, viewer: Viewer, photo: str, roads: str, faults: Faults
) -> None:
    """While the registry is away; once it answers, the same page goes on."""
    sources = [{"uri": photo, "masks": [{"id": "roads", "uri": roads}]}]
    frames = await register(viewer, "away", {"id": "one", "sources": sources}, {"id": "two", "sources": sources})
    page = await open_page(frames.path(query=AT_1_TO_1))
    await expect_on_stage(page, await frames.drawn())
    await page.route("**/frames/two**", lambda route: route.abort())
    await page.keyboard.press("ArrowRight")
    card = page.locator(".frame-card")
    await expect(card).to_contain_text("The registry does not answer.")
    await expect(page.get_by_role("complementary")).to_be_hidden()
    faults.expect("ERR_FAILED")
    await page.unroute("**/frames/two**")
    await card.get_by_role("button", name="Try again").click()
    await expect_on_stage(page, await frames.drawn("two"))
    await expect(page.get_by_role("complementary")).to_be_visible()


async def test_a_frame_that_is_not_there_leads_to_those_that_are(
    open_page: OpenPage, viewer: Viewer, faults: Faults
) -> None:
    page = await open_page(f"/versions/{viewer.version_id}/frames/nothing")
    await page.locator(".frame-card").get_by_role("link", name="All frames").click()
    await expect(page).to_have_url(f"/versions/{viewer.version_id}/frames")
    faults.expect("404")


async def test_no_labels_are_waited_for_where_no_mask_could_be_read(
    open_page: OpenPage, viewer: Viewer, photo: str
) -> None:
    masks = [{"id": "gone", "uri": "blob:" + "0" * 64}]
    frames = await register(viewer, "no-mask", {"id": "one", "sources": [{"uri": photo, "masks": masks}]})
    page = await open_page(frames.path())
    await expect(page.get_by_role("region", name="Active labels")).to_contain_text(
        "No mask that is shown could be read."
    )


async def test_a_source_that_is_not_there_is_said_to_be_so(open_page: OpenPage, viewer: Viewer, photo: str) -> None:
    frames = await register(
        viewer, "sources", {"id": "one", "sources": [{"id": "left", "uri": photo}, {"id": "right", "uri": photo}]}
    )
    page = await open_page(frames.path(query="source=middle"))
    await expect(page.locator(".frame-card")).to_contain_text("This frame has no source “middle”.")
    await page.get_by_role("button", name="right", exact=True).click()
    await expect(page.locator(".stand")).to_have_text("Exact")
    await expect(page).to_have_url(f"{viewer.url}{frames.path(query='source=right')}")
    crumbs = page.get_by_role("navigation", name="Where you are").get_by_role("listitem")
    await expect(crumbs).to_have_text(["Datasets", "sources", "draft", "one"])


async def test_a_mask_of_class_ids_that_nothing_declares_is_recognised(
    open_page: OpenPage, viewer: Viewer, photo: str, roads: str
) -> None:
    """It is applied as alpha, almost black: the way to labels is one click, for all values that it has."""
    masks = [{"id": "roads", "uri": roads}]
    frame = {"id": "one", "sources": [{"id": "cam", "uri": photo, "masks": masks}]}
    frames = await register(viewer, "class ids", frame, mask_labels=[])
    page = await open_page(frames.path(query=AT_1_TO_1))
    hint = page.get_by_role("status", name="Masks that look like class ids")
    await expect(hint).to_contain_text("its values are 0 to 3")
    await hint.get_by_role("button", name="Switch to segmentation").click()
    await expect(hint).to_be_hidden()
    await expect_on_stage(page, await frames.drawn(mode="segmentation", unmapped="#ff00ff"))
    await page.go_back()
    await page.goto(frames.path())
    await hint.get_by_role("link", name="Add labels").click()
    await expect(page.locator(".label-row .chip")).to_have_text([f"value {value}" for value in range(4)])
    await expect(page.get_by_role("button", name="Save")).to_be_visible()


async def test_pixels_are_read_by_key(open_page: OpenPage, viewer: Viewer, photo: str, roads: str) -> None:
    masks = [{"id": "roads", "uri": roads}]
    frame = {"id": "one", "sources": [{"id": "cam", "uri": photo, "masks": masks}]}
    frames = await register(viewer, "probe", frame)
    page = await open_page(frames.path(query=AT_1_TO_1))
    await expect(page.locator(".stand")).to_have_text("Exact")
    await page.keyboard.press("p")
    for key in ("ArrowLeft", "Shift+ArrowUp", "ArrowUp"):
        await page.keyboard.press(key)
    x, y = WIDTH // 2 - 1, HEIGHT // 2 - 11
    label = ["no entry", "road", "car, vehicle", "tree"][ROADS[y, x]]
    await expect(page.locator(".stage").get_by_role("status")).to_contain_text(f"Pixel {x}, {y}. roads: {label}")
    await expect(page.locator(".readout-place")).to_contain_text(f"{x}, {y}")
    await page.keyboard.press("Escape")
    await expect(page.locator(".crosshair")).to_be_hidden()
    await expect(page).to_have_url(f"{viewer.url}{frames.path(query=AT_1_TO_1)}")
