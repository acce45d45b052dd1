"""The frame viewer around its picture: reading pixels, keys, steps, sources, large pictures, and access."""

from collections.abc import Awaitable, Callable

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Page, expect

from support.masks import blocks, noise
from support.shown_frames import (
    CARS,
    HEIGHT,
    LABELS,
    ROADS,
    WIDTH,
    ShownFrames,
    expect_on_stage,
    pixels_of,
    register_frames,
    upload,
    whole_stage,
)
from support.wait import wait_until
from support.web_viewer import NARROW, WIDE, CheckAccess, OpenPage, Viewer, VisitPage

AT_1_TO_1 = f"at={WIDTH // 2},{HEIGHT // 2},1"
NAMES = {0: "no entry", 1: "road", 2: "car, vehicle", 3: "tree"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shown(viewer: Viewer, tmp_path_factory: pytest.TempPathFactory) -> ShownFrames:
    """Frames that no test of this module changes."""
    return await register_frames(viewer, tmp_path_factory.mktemp("frames"), "page")


async def is_drawn(page: Page) -> None:
    """Wait until the picture is what the server would draw."""
    await expect(page.locator(".stand")).to_have_text("Exact")


async def test_the_pixel_under_the_pointer_is_read(visit: VisitPage, shown: ShownFrames) -> None:
    """Position, colour of the bare picture, and label and value in every mask that is drawn."""
    page = await visit(shown.path(query=AT_1_TO_1))
    await is_drawn(page)
    box = await page.locator(".stage-canvas").bounding_box()
    assert box is not None
    left, top = (round(box["width"]) + 1 - WIDTH) // 2, (round(box["height"]) + 1 - HEIGHT) // 2
    bare, hair = await shown.drawn(masks=[]), noise(WIDTH, HEIGHT, channels=1, seed=1)
    for column, row in ((0, 0), (WIDTH - 1, HEIGHT - 1), (37, 41), (62, 13), (90, 70)):
        await page.mouse.move(box["x"] + left + column + 0.5, box["y"] + top + row + 0.5)
        red, green, blue = bare[row, column]
        await expect(page.locator(".readout-place")).to_have_text(f"{column}, {row} · rgb {red} {green} {blue}")
        for mask, ids in (("roads", ROADS), ("cars", CARS)):
            await expect(page.locator(f".readout-mask[data-mask={mask}] strong")).to_have_text(NAMES[ids[row, column]])
        value = page.locator(".readout-mask[data-mask=hair] .readout-value")
        await expect(value).to_have_text(str(hair[row, column]))


async def test_everything_is_done_by_the_keyboard(visit: VisitPage, shown: ShownFrames) -> None:
    """Each key draws what the server draws of the same options; the sheet lists them."""
    page = await visit(shown.path(query=AT_1_TO_1))
    await is_drawn(page)
    for keys, options in (
        (["m"], {"masks": []}),
        (["m", "Shift+Digit2"], {"masks": ["roads", "hair"]}),
        (["r", "]", "]"], {"opacity": {"roads": 0.8, "cars": 0.8, "hair": 1}}),
        (["r", "o"], {"outline": 2}),
        (["o", "u"], {"unmapped": "#ff00ff"}),
    ):
        for key in keys:
            await page.keyboard.press(key)
        await expect_on_stage(page, await shown.drawn(**options))
    await page.keyboard.press("r")
    await page.keyboard.down(" ")
    await expect_on_stage(page, await shown.drawn(masks=[]))
    await page.keyboard.up(" ")
    await expect_on_stage(page, await shown.drawn())
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Light up unmapped pixels")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(f"{shown.viewer.url}/versions/{shown.version_id}/frames")


async def test_frames_are_stepped_through_in_order(visit: VisitPage, shown: ShownFrames) -> None:
    """By keys, buttons and the time scale; the view is kept, and each frame is the right one."""
    page = await visit(shown.path(query=f"{AT_1_TO_1}&outline=2"))
    steps = page.get_by_role("navigation", name="Frames", exact=True)
    await expect(steps.get_by_role("status")).to_have_text("1 / 3")
    acts: tuple[tuple[Callable[[], Awaitable[None]], str], ...] = (
        (lambda: page.keyboard.press("ArrowRight"), "two"),
        (steps.get_by_role("button", name="Next frame").click, "three"),
        (lambda: page.keyboard.press("Home"), "one"),
        (lambda: page.keyboard.press("Shift+ArrowRight"), "three"),
        (lambda: steps.get_by_role("slider").fill("1"), "two"),
    )
    for act, name in acts:
        await act()
        await expect(page).to_have_url(f"{shown.viewer.url}{shown.path(name)}?{AT_1_TO_1}&outline=2")
        await expect_on_stage(page, await shown.drawn(name, outline=2))
    await expect(steps.get_by_role("slider")).to_have_attribute("aria-valuetext", "Frame 2 of 3, 0:00:00.040")
    await expect(page.get_by_role("heading", name="Masks")).to_be_visible()


async def test_the_picture_is_zoomed_to_the_pointer_and_panned(visit: VisitPage, shown: ShownFrames) -> None:
    """What lies under the pointer stays there; a drag takes the picture along; fit brings all of it back."""
    page = await visit(shown.path())
    await is_drawn(page)
    canvas = page.locator(".stage-canvas")
    box = await canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6
    place = page.locator(".readout-place")
    await page.mouse.move(x, y)
    under = await place.text_content()
    for turn in (-300, -200, 400):
        await page.mouse.wheel(0, turn)
        await page.mouse.move(x + 0.4, y)
        await page.mouse.move(x, y)
        await expect(place).to_have_text(under or "")
    await page.mouse.down()
    await page.mouse.move(x + 40, y + 25, steps=4)
    await page.mouse.up()
    await expect(place).to_have_text(under or "")
    await wait_until(lambda: "at=" in page.url, description="the place in the address")
    await page.get_by_role("button", name="Whole picture").click()
    await wait_until(lambda: "at=" not in page.url, description="no place in the address")
    await page.get_by_role("button", name="1:1").click()
    await expect(page.locator(".zoom-percent")).to_have_text("100 %")
    await page.keyboard.press("f")


async def test_a_source_of_a_frame_group_is_chosen(visit: VisitPage, shown: ShownFrames, viewer: Viewer) -> None:
    """The demo's stereo frames have two."""
    page = await visit(f"/versions/{viewer.version_id}/frames/stereo-0000")
    await is_drawn(page)
    left = await whole_stage(page)
    await page.get_by_role("radio", name="right").check()
    await wait_until(lambda: "source=right" in page.url, description="the source in the address")

    async def is_another() -> bool:
        return not np.array_equal(left, await whole_stage(page))

    await wait_until(is_another, description="another picture on the stage")
    await page.reload()
    await is_drawn(page)
    await expect(page.get_by_role("radio", name="right")).to_be_checked()


async def test_a_large_picture_is_drawn_reduced_and_then_exactly(
    visit: VisitPage, viewer: Viewer, shown: ShownFrames, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """At the size shown the exact preview is the server's, scaled to the stage; at 1:1 every pixel is there."""
    directory = tmp_path_factory.mktemp("large")
    photo = np.asarray(Image.fromarray(noise(60, 45)).resize((2400, 1800), Image.Resampling.BICUBIC))
    ids = np.asarray(Image.fromarray(blocks(600, 450, [0, 1, 2, 3])).resize((2400, 1800), Image.Resampling.NEAREST))
    source = {
        "uri": await upload(viewer, directory, photo),
        "masks": [{"id": "roads", "uri": await upload(viewer, directory, ids)}],
    }
    async with viewer.client() as client:
        dataset = await client.ensure_dataset("large")
        version = await client.ensure_version(dataset.id, "draft", metadata={"mask_labels": LABELS})
        await client.add_frames(version.id, [{"id": "one", "sources": [source]}])
    large = ShownFrames(viewer, version.id)
    page = await visit(large.path())
    await is_drawn(page)
    stage = await whole_stage(page)
    reduced = Image.fromarray(await large.drawn(size=1024))
    height = stage.shape[0]
    width = round(height * 4 / 3)
    wanted = np.asarray(reduced.resize((width, height), Image.Resampling.BILINEAR)).astype(float)
    left = (stage.shape[1] + 1 - width) // 2
    difference = np.abs(stage[:, left + 2 : left + width - 2, :3].astype(float) - wanted[:, 2:-2])
    assert difference.mean() < 2
    await page.keyboard.press("1")
    await expect(page.locator(".zoom-percent")).to_have_text("100 %")
    await is_drawn(page)
    full = await large.drawn()

    async def is_whole() -> bool:
        stage = await whole_stage(page)
        top, left = 900 - stage.shape[0] // 2, 1200 - stage.shape[1] // 2
        wanted = full[top : top + stage.shape[0], left : left + stage.shape[1]]
        shown = stage[: wanted.shape[0], : wanted.shape[1], :3]
        return bool(np.abs(shown.astype(int) - wanted).max() <= 1)

    await wait_until(is_whole, description="every pixel of the middle")


async def test_details_name_everything_of_the_frame(visit: VisitPage, shown: ShownFrames) -> None:
    """File, dimensions, ids, times, fields of its own, sources, and the document as it was registered."""
    page = await visit(shown.path("two"))
    await is_drawn(page)
    await page.keyboard.press("i")
    details = page.locator("#frame-details")
    for text in ("120 x 80", "PNG RGB", "two", "drive", "40 ms (0:00:00.040)", "cam", "roads, cars, hair", "blob:"):
        await expect(details.get_by_text(text).first).to_be_visible()
    await details.get_by_text("Metadata").click()
    await expect(details.get_by_text("sunny").first).to_be_visible()
    await details.get_by_text("Raw JSON").click()
    await page.get_by_role("button", name="Copy Raw JSON").click()
    copied = await page.evaluate("navigator.clipboard.readText()")
    async with shown.viewer.client() as client:
        document = (await client.frame(shown.version_id, "two")).document
    assert await page.evaluate("text => JSON.parse(text)", copied) == document


async def test_a_download_is_the_exact_preview(visit: VisitPage, shown: ShownFrames) -> None:
    page = await visit(shown.path(query="solo=car"))
    await is_drawn(page)
    await page.keyboard.press("c")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download PNG").click()
    file = await (await download.value).path()
    assert (await download.value).suggested_filename == "one.png"
    assert np.array_equal(pixels_of(file.read_bytes()), await shown.drawn(hide=["road", "tree"]))


@pytest.mark.parametrize(("width", "theme"), [(WIDE, "dark"), (NARROW, "light"), (WIDE, "light"), (NARROW, "dark")])
async def test_everybody_can_use_the_viewer(
    visit: VisitPage, shown: ShownFrames, check_access: CheckAccess, width: int, theme: str
) -> None:
    """Nothing serious by axe-core, with an editor, the details and the sheet of keys open as well."""
    page = await visit(shown.path(), width=width, theme=theme)
    await is_drawn(page)
    await page.get_by_role("button", name="Colour of road").first.click()
    await page.keyboard.press("Escape")
    await page.keyboard.press("i")
    await check_access(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.keyboard.press("?")
    await check_access(page)


async def test_the_stage_shows_pixels_as_they_are(visit: VisitPage, shown: ShownFrames) -> None:
    """Enlarged by four, each pixel is a square of its own colour."""
    page = await visit(shown.path(query=f"at={WIDTH // 2},{HEIGHT // 2},4&masks="))
    await is_drawn(page)
    stage = await whole_stage(page)
    middle = stage[stage.shape[0] // 2 :, stage.shape[1] // 2 :][: 4 * 10, : 4 * 10, :3]
    assert np.array_equal(middle, np.repeat(np.repeat(middle[1::4, 1::4], 4, axis=0), 4, axis=1))


async def test_the_first_picture_comes_before_anything_is_asked(open_page: OpenPage, shown: ShownFrames) -> None:
    """A page that was left in the middle of loading leaves nothing behind that fails."""
    page = await open_page(shown.path())
    await page.goto("/")
    await page.goto(shown.path("two"))
    await page.keyboard.press("ArrowRight")
    await is_drawn(page)
