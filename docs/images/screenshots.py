"""Make the screenshots of the web viewer: `python docs/images/screenshots.py [NAME ...]`.

Starts a `mattebox demo` of its own in a temporary directory, and opens it as a user does: in a browser, by the link that
it prints. The browser is the system's Chromium.
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
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
PIXELS_PER_POINT = 1.5
WEBP_QUALITY = 80
SHOWN_MS = 30_000
LINK = re.compile(r"http://\S+/login\S+")
STAGE = ".stage-canvas"

CAR, STREET = "drive-0034", "drive-0014"


class Shot(NamedTuple):
    """A page of the demo's version, and how it is looked at."""

    path: str
    """Below the version, with the view as the address bar holds it."""
    pointer: tuple[float, float] | None = None
    """Where the pointer rests on the stage, as shares of its width and height."""
    theme: Literal["dark", "light"] = "dark"
    size: ViewportSize = WIDE

    @property
    def is_frame(self) -> bool:
        """Tell whether it shows one frame."""
        return self.path.startswith("frames/")


SHOTS = {
    "frame": Shot(f"frames/{CAR}", pointer=(0.4, 0.6)),
    "frame-light": Shot(f"frames/{STREET}?outline=3&opacity=0.25", pointer=(0.4, 0.6), theme="light"),
    "frame-narrow": Shot(f"frames/{CAR}", size=NARROW),
    "frames": Shot("frames"),
    "labels": Shot("labels", theme="light"),
}


@contextmanager
def running_demo() -> Iterator[str]:
    """Run `mattebox demo` until all its previews are drawn and on; give the link that signs in at its version's frames."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "mattebox.cli", "demo", "--port", "0", "--data", directory]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
            try:
                assert demo.stdout is not None
                link = next(filter(None, map(LINK.search, demo.stdout)), None)
                if link is None:
                    raise SystemExit("mattebox demo ended before it printed a link")
                yield link[0]
            finally:
                demo.terminate()


def sign_in(browser: Browser, link: str) -> tuple[str, StorageState]:
    """Follow the link; give the address of the version that it leads to, and the session."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.wait_for_url("**/versions/*/frames")
    version, state = page.url.removesuffix("frames"), context.storage_state()
    context.close()
    return version, state


def take(browser: Browser, shot: Shot, version: str, session: StorageState) -> Image.Image:
    """Open a page as the shot says, and take its picture when everything on it is drawn."""
    context = browser.new_context(
        storage_state=session,
        viewport=shot.size,
        color_scheme=shot.theme,
        device_scale_factor=PIXELS_PER_POINT,
        reduced_motion="reduce",
    )
    context.set_default_timeout(SHOWN_MS)
    page = context.new_page()
    page.goto(version + shot.path)
    wait_until_drawn(page, shot)
    if shot.pointer is not None:
        rest_pointer(page, shot.pointer)
    picture = Image.open(BytesIO(page.screenshot()))
    context.close()
    return picture


def wait_until_drawn(page: Page, shot: Shot) -> None:
    """Wait for what the page fetches: the exact drawing of a frame, all thumbnails of the window, the mapping."""
    if shot.is_frame:
        expect(page.locator(".stand")).to_have_text("Exact", timeout=SHOWN_MS)
    page.wait_for_load_state("networkidle") if not shot.is_frame else None
    page.wait_for_function("[...document.images].every((image) => image.complete)")


def rest_pointer(page: Page, place: tuple[float, float]) -> None:
    """Move the pointer to a place on the stage, and wait until it is read."""
    box = page.locator(STAGE).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"])
    expect(page.locator(".readout-mask").first).to_be_visible()


def main(names: list[str]) -> None:
    """Take the shots of these names, or all."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        raise SystemExit("no Chromium on PATH")
    PICTURES.mkdir(exist_ok=True)
    with running_demo() as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        version, session = sign_in(browser, link)
        for name in names or SHOTS:
            picture = take(browser, SHOTS[name], version, session)
            picture.save(PICTURES / f"{name}.webp", quality=WEBP_QUALITY, method=6)


if __name__ == "__main__":
    main(sys.argv[1:])
