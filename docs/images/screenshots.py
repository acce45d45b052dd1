"""Make the screenshots of the web viewer: `python docs/images/screenshots.py [NAME ...]`.

Starts a `mattebox demo` of its own in a temporary directory, and opens it as a user does: in the system's
Chromium, by the link that it prints.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect, sync_playwright

PICTURES = Path(__file__).parent / "viewer"
MATTEBOX = Path(sys.executable).with_name("mattebox")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
PIXELS_PER_POINT = 1.5
WEBP_QUALITY = 80
TIMEOUT_MS = 60_000
LINK = re.compile(r"http://\S+/login\S+")


class Shot(NamedTuple):
    """A page of the demo's version, and how it is looked at."""

    path: str
    """Below the version, with the view as the address bar holds it."""
    pointer: tuple[float, float] | None = None
    """Where the pointer rests on the picture, in points of the window."""
    theme: Literal["dark", "light"] = "dark"
    size: ViewportSize = WIDE


SHOTS = {
    "frame": Shot("frames/drive-0036?hide=building,sky,sidewalk,pole,void&outline=2", pointer=(325, 432)),
    "frame-light": Shot("frames/drive-0034?masks=semantic&opacity=0.25&outline=3", pointer=(217, 400), theme="light"),
    "frame-alpha": Shot("frames/portrait-0000?background=transparent", pointer=(493, 208)),
    "frame-narrow": Shot("frames/drive-0036?solo=person&outline=2", size=NARROW),
    "frames": Shot("frames"),
    "labels": Shot("labels", theme="light"),
}


def main(names: list[str]) -> None:
    """Take the shots of these names, or all."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise SystemExit("no Chromium on PATH")
    PICTURES.mkdir(exist_ok=True)
    with running_demo() as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        version, session = sign_in(browser, link)
        for name in names or SHOTS:
            picture = take(browser, SHOTS[name], version, session)
            picture.save(PICTURES / f"{name}.webp", quality=WEBP_QUALITY, method=6)


@contextmanager
def running_demo() -> Iterator[str]:
    """Run a demo, all of its previews drawn; give the link that signs a browser in."""
    with tempfile.TemporaryDirectory() as directory:
        command = [str(MATTEBOX), "demo", "--port", "0", "--data", directory]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:  # noqa: S603 - our own
            try:
                yield read_link(demo)
            finally:
                demo.terminate()


def read_link(demo: subprocess.Popen[str]) -> str:
    """Read what the demo prints until there is the link, which is when everything is drawn."""
    link = next(filter(None, map(LINK.search, demo.stdout or ())), None)
    if link is None:
        raise SystemExit("mattebox demo ended before it printed a link")
    return link[0]


def sign_in(browser: Browser, link: str) -> tuple[str, StorageState]:
    """Follow the link; give the address of the version that it leads to, and the session."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(link)
        page.wait_for_url("**/versions/*/frames")
        return page.url.removesuffix("frames"), context.storage_state()


def take(browser: Browser, shot: Shot, version: str, session: StorageState) -> Image.Image:
    """Open a page as the shot says, and take its picture when everything on it is drawn."""
    with browser.new_context(
        storage_state=session,
        viewport=shot.size,
        color_scheme=shot.theme,
        device_scale_factor=PIXELS_PER_POINT,
        reduced_motion="reduce",
        is_mobile=True,  # Scrollbars lie over the page then: no gutter is left empty at the right.
    ) as context:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.goto(version + shot.path)
        wait_until_drawn(page, shot)
        if shot.pointer is not None:
            page.mouse.move(*shot.pointer)
            page.wait_for_selector(".readout-mask")
        return Image.open(BytesIO(page.screenshot()))


def wait_until_drawn(page: Page, shot: Shot) -> None:
    """Wait for a frame drawn from every pixel, for all thumbnails of the window, or for counts beside the mapping."""
    if shot.path.startswith("frames/"):
        expect(page.locator(".stand")).to_have_text("Exact", timeout=TIMEOUT_MS)
    elif shot.path == "frames":
        page.wait_for_selector(".shot[data-state=shown]")
        expect(page.locator(".shot:not([data-state=shown])")).to_have_count(0, timeout=TIMEOUT_MS)
    else:
        page.wait_for_selector(".label-count")


if __name__ == "__main__":
    main(sys.argv[1:])
