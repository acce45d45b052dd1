"""Each control of the frame viewer changes the pixels on the stage as it says: as the server draws the same options."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from mattebox.previews import PreviewOptions, query_of
from support.shown_frames import HEIGHT, WIDTH, ShownFrames, expect_on_stage, pixels_of, register_frames
from support.wait import wait_until
from support.web_viewer import OpenPage, Viewer

AT_1_TO_1 = f"at={WIDTH // 2},{HEIGHT // 2},1"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shown(viewer: Viewer, tmp_path_factory: pytest.TempPathFactory) -> ShownFrames:
    """Frames that no test of this module changes."""
    return await register_frames(viewer, tmp_path_factory.mktemp("frames"), "controls")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def opened(browser: Browser, shown: ShownFrames) -> AsyncIterator[Page]:
    """The viewer, opened once: that takes longer than any control does."""
    viewer = shown.viewer
    context = await browser.new_context(base_url=viewer.url, viewport={"width": 1280, "height": 800})
    body, headers = {"token": viewer.token}, {"Origin": viewer.url}
    assert (await context.request.post("/api/v1/session", data=body, headers=headers)).ok
    page = await context.new_page()
    await page.goto(shown.path(query=AT_1_TO_1))
    await expect(page.locator(".stand")).to_have_text("Exact")
    yield page
    await context.close()


def mask(page: Page, name: str) -> Locator:
    """The line of a mask in the panel."""
    return page.locator(f"[data-mask='{name}'].mask")


def parameters(page: Page) -> set[str]:
    """What the address says."""
    return {name for name, _ in parse_qsl(urlsplit(page.url).query, keep_blank_values=True)}


def label(page: Page, name: str) -> Locator:
    """The first line of a label in the legend."""
    return page.locator(f"[data-label='{name}']").first


async def slide(slider: Locator, value: int) -> None:
    """Move a slider, as a hand does."""
    await slider.evaluate("(it, value) => { it.value = value; it.dispatchEvent(new Event('input')); }", value)


async def pick(well: Locator, color: str) -> None:
    """Choose a colour: the browser's own dialog cannot be reached from outside."""
    await well.evaluate("(it, color) => { it.value = color; it.dispatchEvent(new Event('input')); }", color)


Act = Callable[[Page], Awaitable[None]]


async def nothing(page: Page) -> None:
    """Leave everything as it is."""


async def hide_mask(page: Page) -> None:
    await mask(page, "cars").get_by_role("button", name="Show cars").click()


async def hide_all(page: Page) -> None:
    await page.get_by_role("button", name="Hide all").click()


async def show_all(page: Page) -> None:
    await hide_all(page)
    await page.get_by_role("button", name="Show all").click()


async def switch_to_alpha(page: Page) -> None:
    await mask(page, "roads").get_by_role("radio", name="Alpha").click()


async def switch_to_segmentation(page: Page) -> None:
    await mask(page, "hair").get_by_role("radio", name="Segmentation").click()


async def fade(page: Page) -> None:
    await slide(mask(page, "roads").get_by_role("slider"), 25)


async def tint(page: Page) -> None:
    await pick(page.get_by_label("Tint of hair"), "#00ff80")


async def hide_label(page: Page) -> None:
    await label(page, "road").get_by_role("button", name="Show road", exact=True).click()


async def show_alone(page: Page) -> None:
    await label(page, "tree").hover()
    await label(page, "tree").get_by_role("button", name="Show tree alone").click()


async def outline(page: Page) -> None:
    await slide(page.get_by_label("Outline"), 2)


async def light_up(page: Page) -> None:
    """In the first colour: the control remembers the one that was chosen last."""
    await page.get_by_label("Light up unmapped pixels").check()
    await pick(page.get_by_label("Colour of unmapped pixels"), "#ff00ff")


async def light_up_green(page: Page) -> None:
    await page.get_by_label("Light up unmapped pixels").check()
    await pick(page.get_by_label("Colour of unmapped pixels"), "#00ff00")


async def lay_over_white(page: Page) -> None:
    await pick(page.get_by_label("Colour behind alpha masks"), "#ffffff")


async def lay_over_nothing(page: Page) -> None:
    await page.get_by_label("nothing").check()
    await hide_mask(page)


CONTROLS: dict[str, tuple[Act, PreviewOptions]] = {
    "as it comes": (nothing, {}),
    "eye of a mask": (hide_mask, {"masks": ["roads", "hair"]}),
    "hide all": (hide_all, {"masks": []}),
    "show all": (show_all, {}),
    "alpha": (switch_to_alpha, {"mode": {"roads": "alpha"}}),
    "segmentation": (switch_to_segmentation, {"mode": {"hair": "segmentation"}}),
    "opacity": (fade, {"opacity": {"roads": 0.25}}),
    "tint": (tint, {"tint": {"hair": "#00ff80"}}),
    "eye of a label": (hide_label, {"hide": ["road"]}),
    "one label alone": (show_alone, {"hide": ["road", "car", "vehicle"]}),
    "outline": (outline, {"outline": 2}),
    "unmapped": (light_up, {"unmapped": "#ff00ff"}),
    "colour of unmapped": (light_up_green, {"unmapped": "#00ff00"}),
    "colour behind": (lay_over_white, {"background": "#ffffff"}),
}


@pytest.mark.parametrize("control", CONTROLS)
async def test_a_control_draws_what_the_server_draws(opened: Page, shown: ShownFrames, control: str) -> None:
    """At once, and the address says so by the names of the preview's parameters."""
    act, options = CONTROLS[control]
    await opened.keyboard.press("r")
    await act(opened)
    await expect_on_stage(opened, await shown.drawn(**options))
    own = {"solo"} if control == "one label alone" else {name for name, _ in query_of(options)}
    await wait_until(lambda: parameters(opened) - {"at"} == own, description=f"the address to say {own}")


async def test_a_link_shows_a_colleague_the_same(open_page: OpenPage, shown: ShownFrames) -> None:
    """Everything at once: order and choice of masks, modes, opacities, tint, hidden labels, background, place."""
    options: PreviewOptions = {
        "masks": ["hair", "cars", "roads"],
        "mode": {"roads": "alpha"},
        "opacity": {"roads": 0.7, "cars": 0.9},
        "tint": {"hair": "#00ff80"},
        "background": "#336699",
        "hide": ["vehicle"],
        "unmapped": "#ffff00",
        "outline": 1,
    }
    page = await open_page(shown.path(query=f"{AT_1_TO_1}&{urlencode(query_of(options))}"))
    await expect_on_stage(page, await shown.drawn(**options))
    await expect(mask(page, "roads").get_by_role("radio", name="Alpha")).to_be_checked()
    await expect(mask(page, "cars").get_by_role("slider")).to_have_value("90")
    await expect(page.get_by_label("Outline")).to_have_value("1")
    await page.keyboard.press("c")
    link = await page.get_by_label("Link to this view", exact=True).input_value()
    preview = await page.get_by_label("Exact preview", exact=True).input_value()
    assert dict(parse_qsl(urlsplit(link).query)) == dict(query_of(options)) | {"at": f"{WIDTH // 2},{HEIGHT // 2},1"}
    assert dict(parse_qsl(urlsplit(preview).query)) == dict(query_of(options)) | {"size": "full", "format": "png"}
    answer = await page.request.get(preview)
    assert np.array_equal(pixels_of(await answer.body()), await shown.drawn(**options))


async def test_a_color_of_ones_own_is_drawn_at_once_and_linked(open_page: OpenPage, shown: ShownFrames) -> None:
    """As the server would draw it, were it the version's; a link without it shows none, but has it at hand."""
    page = await open_page(shown.path(query=f"{AT_1_TO_1}&masks=roads"))
    await label(page, "road").get_by_role("button", name="Colour of road").click()
    await pick(page.get_by_label("Colour", exact=True), "#00ff00")
    await slide(page.get_by_label("Opacity of the label"), 50)
    async with shown.viewer.client() as client:
        version = await client.version(shown.version_id)
        other = await client.ensure_version(version.dataset_id, "green", metadata=version.metadata)
        (road, *others) = version.metadata["mask_labels"]
        frame = await client.frame(shown.version_id, "one")
        metadata = {"mask_labels": [road | {"color": "#00ff00", "opacity": 0.5}, *others]}
        await client.update_version(other.id, metadata=metadata)
        await client.add_frames(other.id, [frame.document])
    wanted = await ShownFrames(shown.viewer, other.id).drawn(masks=["roads"])
    await expect_on_stage(page, wanted)
    await page.keyboard.press("Escape")
    await page.keyboard.press("c")
    colleague = await open_page(await page.get_by_label("Link to this view", exact=True).input_value())
    await expect_on_stage(colleague, wanted)
    await page.goto(shown.path(query=f"{AT_1_TO_1}&masks=roads"))
    await expect_on_stage(page, await shown.drawn(masks=["roads"]))
    await page.get_by_role("button", name="My colours").click()
    await expect_on_stage(page, wanted)


async def test_a_color_is_saved_to_the_draft(open_page: OpenPage, viewer: Viewer, tmp_path: Path) -> None:
    """Everybody then gets it from the server; other labels stay as they were, and nothing is the viewer's own."""
    frames = await register_frames(viewer, tmp_path, "saved colours")
    page = await open_page(frames.path(query=AT_1_TO_1))
    await label(page, "road").get_by_role("button", name="Colour of road").click()
    await pick(page.get_by_label("Colour", exact=True), "#00ff00")
    await page.get_by_role("button", name="Save for all").click()
    await expect(page.get_by_text("Saved: everybody sees this colour.")).to_be_visible()
    async with viewer.client() as client:
        labels = (await client.mask_labels(frames.version_id))["_all_"]
    assert [each.color for each in labels] == ["#00ff00", "#0a5adc", "#20a040"]
    await expect(page).not_to_have_url("color.")
    await expect_on_stage(page, await frames.drawn())
    colleague = await open_page(frames.path(query=AT_1_TO_1))
    await expect_on_stage(colleague, await frames.drawn())
