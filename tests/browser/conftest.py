"""The web viewer in a real browser: the system's Chromium, real services, and a small drawn dataset."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import (
    APIRequestContext,
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from mattebox.aio import Client
from mattebox_runtime.demo.dataset import generate
from mattebox_runtime.demo.register import register
from support.live_stack import LiveRegistry, live_stack
from support.web_viewer import NARROW, WIDE, CheckAccess, Faults, OpenPage, Viewer, VisitPage

REQUIRED = "MATTEBOX_REQUIRE_BROWSER"
"""Set where a missing browser must fail the run, as in CI; elsewhere these tests are skipped."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FRAMES = 4
_PATIENCE_MS = 30_000
"""Longest wait for what a page shows: of a machine that is busy with other tests, nothing is known."""

NOWHERE = "/nothing/is/here"
_GO = "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }"
_CLEAN = """() => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  document.querySelector(".toasts")?.remove();
  localStorage.clear();
  sessionStorage.clear();
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser lives as long as the session, so all of its tests share one loop."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            # In front of the mark that the automatic mode gave it.
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        message = "no Chromium on PATH: apt-get install chromium, or any package of your system that has it"
        if REQUIRED in os.environ:  # noqa: TID251 - a test's own setting
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for the session; each page has its own cookies."""
    expect.set_options(timeout=_PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def live_registry(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRegistry]:
    """Redis, registry and renderer as processes; empty."""
    data = tmp_path_factory.mktemp("viewer")
    with live_stack(data, file_roots=data) as live:
        yield live


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def viewer(live_registry: LiveRegistry, tmp_path_factory: pytest.TempPathFactory) -> Viewer:
    """The demo with a short drive, registered and drawn. Tests that change something make a version of their own."""
    demo_set = generate(tmp_path_factory.mktemp("demo"), _FRAMES)
    async with Client(live_registry.url, live_registry.token) as client:
        version_id, added = await register(client, demo_set)
        assert not added.rejected
        await client.wait_for_previews(version_id)
        version = await client.version(version_id)
        frame_ids = [frame.id async for frame in client.frames(version_id)]
    return Viewer(live_registry.url, live_registry.token, version.dataset_id, version_id, frame_ids)


@pytest.fixture
def faults() -> Faults:
    """What went wrong in the pages so far; a test takes out what it expects."""
    return Faults()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, viewer: Viewer, faults: Faults) -> AsyncIterator[OpenPage]:
    """Open pages, signed in with the operator's token unless told otherwise."""
    contexts = []

    async def open_(path: str = "/", *, width: int = WIDE, theme: str = "dark", signed_in: bool = True) -> Page:
        context = await new_context(browser, viewer, width=width, theme=theme)
        contexts.append(context)
        if signed_in:
            await sign_in(context.request, viewer)
        page = await new_page(context)
        faults.watch(page)
        await page.goto(path)
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert faults == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept_page(browser: Browser, viewer: Viewer) -> AsyncIterator[Page]:
    """A page of the viewer that nothing is on."""
    context = await new_context(browser, viewer, width=WIDE, theme="dark")
    await sign_in(context.request, viewer)
    page = await new_page(context)
    yield page
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(kept_page: Page, faults: Faults) -> AsyncIterator[VisitPage]:
    """Go to pages as links do, in one document that is loaded once: loading it takes longer than most tests.

    For tests of what a page shows and does; those of how it is loaded, of the session and of the theme open their own.
    """
    page = kept_page
    faults.watch(page)
    if await page.evaluate("location.pathname") != NOWHERE:
        await page.goto(NOWHERE)
        faults.expect("404")

    async def go(path: str, *, width: int = WIDE, theme: str = "dark") -> Page:
        await page.set_viewport_size(window(width))
        await page.emulate_media(color_scheme=scheme(theme))
        await page.evaluate(_GO, path)
        return page

    yield go
    await page.unroute_all()
    await page.evaluate(_CLEAN)
    await page.evaluate(_GO, NOWHERE)
    faults.forget(page)
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(open_page: OpenPage) -> Page:
    """The first page, signed in, wide and dark."""
    return await open_page()


@pytest.fixture(scope="session")
def check_access() -> CheckAccess:
    """Fail where axe-core finds something serious or critical that keeps people from using a page."""

    async def check(page: Page) -> None:
        results = await Axe().run(page)
        grave = [v for v in results.response["violations"] if v["impact"] in {"serious", "critical"}]
        assert not grave, "\n".join(
            f"{v['id']} ({v['impact']}): {v['help']}\n    " + "\n    ".join(n["html"][:200] for n in v["nodes"][:8])
            for v in grave
        )

    return check


async def new_context(browser: Browser, viewer: Viewer, *, width: int, theme: str) -> BrowserContext:
    """Make a browser context with its own cookies, storage and clipboard."""
    context = await browser.new_context(
        base_url=viewer.url, viewport=window(width), color_scheme=scheme(theme), reduced_motion="reduce"
    )
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context


async def new_page(context: BrowserContext) -> Page:
    """Make a page that has time."""
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    return page


def window(width: int) -> ViewportSize:
    """The size of a window."""
    return {"width": width, "height": 844 if width == NARROW else 800}


def scheme(theme: str) -> Literal["dark", "light"]:
    """The colours that the system prefers."""
    return "light" if theme == "light" else "dark"


async def sign_in(request: APIRequestContext, viewer: Viewer) -> None:
    """Give a browser context a session."""
    answer = await request.post("/api/v1/session", data={"token": viewer.token}, headers={"Origin": viewer.url})
    assert answer.status == 201, await answer.text()
