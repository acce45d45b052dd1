"""The web viewer's list of frames, scrolled in the system's Chromium in all the ways that people scroll.

Each step is one image that the browser draws. Measured are the work that the page does for it, as processor time of its
main thread, and the time that passes until it is there. In turns with the list the same browser scrolls an empty page
in the same way: what is late there is late by the machine.
"""

import asyncio
import itertools
import os
import shutil
import time
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from playwright.async_api import Browser, CDPSession, Page, async_playwright

from benchmarks.report import Report, Row
from benchmarks.stack import TOKEN, Stack, running_stack
from benchmarks.viewer_frames import name_of, recolour, register
from benchmarks.viewer_images import Images, run_images
from mattebox_runtime.lifecycle import cancel_on_exit

FRAMES = 100_000
LATE_MS = 100.0
ROUNDS = 4
IMAGES = 100
"""Images of each way, each round, each page."""

EMPTY_HEIGHT_PX = 8_000_000
WIDTHS_PX = (1280, 900)
RESIZED_EVERY_S = 0.3

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

_SCROLL = """
({ images, from, step, places, keys }) => new Promise((resolve) => {
  const waits = [];
  let pictures = 0;
  const observer = new MutationObserver((changes) => {
    for (const { target } of changes) pictures += target.matches(".shot[data-state=shown]") ? 1 : 0;
  });
  observer.observe(document, { attributes: true, subtree: true, attributeFilter: ["data-state"] });
  const bottom = document.documentElement.scrollHeight - innerHeight;
  const act = (number) => {
    const key = keys[number % keys.length];
    const at = key && document.activeElement?.closest("[data-position]");
    if (at) at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    else if (places) scrollTo({ top: bottom * ((number % places) / places), behavior: "instant" });
    else scrollBy({ top: step, behavior: "instant" });
  };
  let before = 0;
  const next = (now) => {
    if (before) waits.push(now - before);
    before = now;
    if (waits.length < images) {
      act(from + waits.length);
      requestAnimationFrame(next);
    } else {
      observer.disconnect();
      resolve({ waits, pictures });
    }
  };
  requestAnimationFrame(next);
})
"""


class Way(NamedTuple):
    """One way of scrolling."""

    name: str
    at: float = 0.0
    """Part of the list that is passed when it begins."""
    step: int = 0
    places: int = 0
    keys: tuple[str, ...] = ()
    meanwhile: Literal["", "resized", "redrawn"] = ""


WAYS = (
    Way("by hand, over pictures", step=30),
    Way("wheel, over pictures", step=100),
    Way("fling, over pictures", step=900),
    Way("fling, far down", at=0.5, step=3_000),
    Way("scroll bar, dragged", places=200),
    Way("keys", step=600, keys=("PageDown", "PageDown", "ArrowDown", "ArrowRight", "End", "PageUp", "ArrowUp", "Home")),
    Way("by hand, window resized", step=30, meanwhile="resized"),
    Way("by hand, all drawn anew", step=30, meanwhile="redrawn"),
)


def run() -> Report:
    """Measure a list of 100,000 frames."""
    return measure(FRAMES)


def measure(frames: int) -> Report:
    """Measure a list of so many frames."""
    with running_stack(renderers=1) as stack:
        return asyncio.run(_measure(stack, frames))


async def _measure(stack: Stack, frames: int) -> Report:
    version = await register(stack, frames)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_chromium())
        bench = await _open(browser, stack, version, frames)
        rows = await bench.opening()
        for way in WAYS:
            rows += await bench.try_way(way)
        rows += await bench.leftovers()
        await browser.close()
    return Report("viewer" if frames == FRAMES else "viewer_million", f"{frames:,} frames, 1280 x 800", rows)


async def _open(browser: Browser, stack: Stack, version: str, frames: int) -> "_Bench":
    context = await browser.new_context(base_url=stack.url, viewport={"width": WIDTHS_PX[0], "height": 800})
    answer = await context.request.post("/api/v1/session", data={"token": TOKEN}, headers={"Origin": stack.url})
    assert answer.status == 201
    empty = await context.new_page()
    await empty.evaluate(f"document.body.style.height = '{EMPTY_HEIGHT_PX}px'")
    return _Bench(stack, version, frames, browser, await context.new_page(), empty)


@dataclass
class _Bench:
    """A list and an empty page, beside each other in one browser."""

    stack: Stack
    version: str
    frames: int
    browser: Browser
    page: Page
    empty: Page

    async def opening(self) -> list[Row]:
        """Open the list at its top, and in its middle."""
        began = time.perf_counter()
        await self._go(0)
        rows = [Row("opened: tiles", time.perf_counter() - began, "s")]
        await self.page.wait_for_selector(".shot[data-state=shown]")
        rows.append(Row("opened: a picture", time.perf_counter() - began, "s"))
        began = time.perf_counter()
        await self._go(self.frames // 2)
        return [*rows, Row("opened in its middle: tiles", time.perf_counter() - began, "s")]

    async def _go(self, number: int) -> None:
        await self.page.goto("about:blank")
        await self.page.goto(f"/versions/{self.version}/frames?at={name_of(number)}")
        await self.page.wait_for_selector(".tile:not([data-state=loading])")

    async def try_way(self, way: Way) -> list[Row]:
        """Scroll both pages in turns."""
        await self._go(int(way.at * self.frames))
        await self.page.locator(".tile-link").first.focus()
        await self.empty.evaluate("scrollTo(0, 0)")
        floor, images = [], []
        for number in range(ROUNDS):
            argument = {"images": IMAGES, "from": number * IMAGES, **_steps(way)}
            floor.append(await run_images(self.browser, self.empty, _SCROLL, argument))
            async with self._meanwhile(way):
                images.append(await run_images(self.browser, self.page, _SCROLL, argument))
        return _rows(way, Images.together(images), Images.together(floor))

    def _meanwhile(self, way: Way) -> AbstractAsyncContextManager[object]:
        if way.meanwhile == "resized":
            return cancel_on_exit(self._resize(), name="resize")
        if way.meanwhile == "redrawn":
            return cancel_on_exit(recolour(self.stack, self.version, time.time_ns() // 1_000_000), name="recolour")
        return nullcontext()

    async def _resize(self) -> None:
        for width in itertools.cycle(WIDTHS_PX):
            await self.page.set_viewport_size({"width": width, "height": 800})
            await asyncio.sleep(RESIZED_EVERY_S)

    async def leftovers(self) -> list[Row]:
        """What is left in memory after all the scrolling."""
        devtools: CDPSession = await self.page.context.new_cdp_session(self.page)
        await devtools.send("Performance.enable")
        await devtools.send("HeapProfiler.collectGarbage")
        answer = await devtools.send("Performance.getMetrics")
        metrics = {metric["name"]: metric["value"] for metric in answer["metrics"]}
        return [
            Row("tiles in the document at the end", await self.page.locator(".tile").count(), "tiles"),
            Row("memory of scripts at the end", metrics["JSHeapUsedSize"] / 1e6, "MB"),
        ]


def _steps(way: Way) -> dict[str, object]:
    return {"step": way.step, "places": way.places, "keys": list(way.keys)}


def _rows(way: Way, images: Images, floor: Images) -> list[Row]:
    work, waits = images.work_ms, images.waits_ms
    late, floor_late = (int((each.waits_ms > LATE_MS).sum()) for each in (images, floor))
    longest, floor_longest = waits.max(), floor.waits_ms.max()
    whole_ms, floor_ms = (each.browser_s / each.waits_ms.size * 1e3 for each in (images, floor))
    return [
        Row(
            f"{way.name}: most work for an image",
            work.max(),
            "ms",
            bar=f"< {LATE_MS:.0f} ms",
            note=f"half within {np.median(work):.0f}, 99 of 100 within {np.percentile(work, 99):.0f} ms",
        ),
        Row(
            f"{way.name}: longest wait for one",
            longest,
            "ms",
            longest / floor_longest,
            f"an empty page, {floor_longest:.0f} ms",
            note=f"{late} late of {waits.size}; empty page: {floor_late}",
        ),
        Row(
            f"{way.name}: whole browser",
            whole_ms,
            "ms",
            whole_ms / floor_ms,
            f"an empty page, {floor_ms:.0f} ms",
            note=f"for each image; {images.pictures:,} pictures came",
        ),
    ]


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        msg = f"no browser on {os.environ.get('PATH')}: install Chromium"  # noqa: TID251 - a benchmark's own root
        raise RuntimeError(msg)
    return found
