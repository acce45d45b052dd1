"""The web viewer's list of frames: 100,000 frames scrolled in the system's Chromium, and no image late.

A wheel step is 100 to 3,000 pixels for each image that the browser draws; what is measured is the time from image to
image (requestAnimationFrame) and the processor time of the main thread. Before each way the same browser scrolls an
empty page in the same way.
"""

import asyncio
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from playwright.async_api import CDPSession, Page, async_playwright

from benchmarks.frames import Api, session
from benchmarks.report import Report, Row
from benchmarks.stack import TOKEN, Stack, running_stack
from mattebox.aio import Client
from mattebox_runtime.demo.dataset import generate

FRAMES = 100_000
PICTURED = 2_000
"""The first frames have pictures; the others are of a type that is never drawn: nothing waits for a renderer."""

BATCH = 2_000
CONTEXT_FRAMES = 500
LATE_MS = 100.0
IMAGES = 400
"""Images that the browser draws for each way of scrolling."""

EMPTY_HEIGHT_PX = 4_000_000

FloatArray = npt.NDArray[np.float64]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# One step for each image: by so many pixels, or to the next of so many places of the scroll bar.
_SCROLL = """
({ images, step, places }) => new Promise((resolve) => {
  const deltas = [];
  const bottom = document.documentElement.scrollHeight - innerHeight;
  let before = 0;
  const next = (now) => {
    if (before) deltas.push(now - before);
    before = now;
    if (deltas.length >= images) return resolve(deltas);
    if (places) scrollTo({ top: bottom * ((deltas.length % places) / places), behavior: "instant" });
    else scrollBy({ top: step, behavior: "instant" });
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})
"""


class Way(NamedTuple):
    """One way of scrolling."""

    name: str
    at: str
    """Frame that it begins at."""
    step: int = 0
    places: int = 0


WAYS = (
    Way("wheel, over pictures", "frame-000000", step=100),
    Way("fling, over pictures", "frame-000000", step=900),
    Way("fling, far down", "frame-050000", step=3_000),
    Way("scroll bar, dragged", "frame-000000", places=200),
)


class Measured(NamedTuple):
    """What one way of scrolling cost."""

    deltas_ms: FloatArray
    task_s: float
    """Processor time of the main thread, in all."""


def run() -> Report:
    """Measure it."""
    with running_stack(renderers=1) as stack:
        return asyncio.run(_measure(stack))


async def _measure(stack: Stack) -> Report:
    version = await _register(stack)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_chromium())
        context = await browser.new_context(base_url=stack.url, viewport={"width": 1280, "height": 800})
        answer = await context.request.post("/api/v1/session", data={"token": TOKEN}, headers={"Origin": stack.url})
        assert answer.status == 201
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        await devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        rows = await _open(page, version)
        for way in WAYS:
            floor = await _scroll_empty(page, devtools, way)
            rows += _rows(way, await _scroll(page, devtools, version, way), floor)
        rows += await _after(page, devtools)
        await browser.close()
    return Report("viewer", f"{FRAMES:,} frames in the web viewer, 1280 x 800", rows)


async def _register(stack: Stack) -> str:
    demo = generate(stack.directory / "demo", 24)
    async with session(stack) as opened:
        api = Api(opened, stack)
        version = await api.create_version("viewer", [])
        await api.call("PUT", f"/versions/{version}/mask-labels", json={"mask_labels": demo.mask_labels})
        sources = [await _upload(api, demo.directory, document) for document in demo.frames]
        await api.call(
            "POST",
            f"/versions/{version}/frames",
            data=_documents(sources),
            headers={"Content-Type": "application/x-ndjson"},
        )
    async with Client(stack.url, TOKEN) as client:
        await client.wait_for_previews(version)
    return version


async def _upload(api: Api, directory: Path, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the document's sources with uploads in place of files."""
    sources = json.loads(json.dumps(document["sources"]))
    for source in sources:
        for located in (source, *source.get("masks", [])):
            located["uri"] = await api.upload((directory / located["uri"]).read_bytes())
    return list(sources)


async def _documents(sources: Sequence[list[dict[str, Any]]]) -> AsyncIterator[bytes]:
    undrawn = [{"id": "camera", "uri": "https://example.com/scan.pdf", "content_type": "application/pdf"}]
    for start in range(0, FRAMES, BATCH):
        lines = [
            json.dumps(
                {
                    "id": f"frame-{number:06d}",
                    "context_id": f"drive_{number // CONTEXT_FRAMES:04d}",
                    "timestamp": number * 40,
                    "sources": sources[number % len(sources)] if number < PICTURED else undrawn,
                }
            )
            for number in range(start, start + BATCH)
        ]
        yield "\n".join(lines).encode() + b"\n"


async def _open(page: Page, version: str) -> list[Row]:
    began = time.perf_counter()
    await page.goto(f"/versions/{version}/frames")
    await page.wait_for_selector(".tile")
    tiles_s = time.perf_counter() - began
    await page.wait_for_selector(".shot[data-state=shown]")
    pictures_s = time.perf_counter() - began
    return [Row("opened: tiles", tiles_s, "s"), Row("opened: a picture", pictures_s, "s")]


async def _scroll_empty(page: Page, devtools: CDPSession, way: Way) -> Measured:
    await page.goto("about:blank")
    await page.evaluate(f"document.body.style.height = '{EMPTY_HEIGHT_PX}px'")
    return await _measure_scrolling(page, devtools, way)


async def _scroll(page: Page, devtools: CDPSession, version: str, way: Way) -> Measured:
    await page.goto("about:blank")
    await page.goto(f"/versions/{version}/frames?at={way.at}")
    await page.wait_for_selector(".tile")
    await page.wait_for_timeout(1_000)
    return await _measure_scrolling(page, devtools, way)


async def _measure_scrolling(page: Page, devtools: CDPSession, way: Way) -> Measured:
    before = await _metrics(devtools)
    deltas = await page.evaluate(_SCROLL, {"images": IMAGES, "step": way.step, "places": way.places})
    after = await _metrics(devtools)
    return Measured(np.asarray(deltas), after["TaskDuration"] - before["TaskDuration"])


def _rows(way: Way, measured: Measured, floor: Measured) -> list[Row]:
    rows = []
    for name, share in (("longest", 100), ("99 of 100 within", 99), ("half within", 50)):
        value, least = (float(np.percentile(each.deltas_ms, share)) for each in (measured, floor))
        rows.append(Row(f"{way.name}: {name}", value, "ms", value / least, f"an empty page, {least:.0f} ms"))
    late, floor_late = (int((each.deltas_ms > LATE_MS).sum()) for each in (measured, floor))
    rows[0] = replace(rows[0], bar=f"< {LATE_MS:.0f} ms", note=f"{late} late of {IMAGES}; empty page: {floor_late}")
    cost_ms = measured.task_s / IMAGES * 1e3
    return [*rows, Row(f"{way.name}: processor time for each image", cost_ms, "ms")]


async def _after(page: Page, devtools: CDPSession) -> list[Row]:
    """What is left in memory after all the scrolling."""
    await devtools.send("HeapProfiler.collectGarbage")
    metrics = await _metrics(devtools)
    tiles = await page.locator(".tile").count()
    return [
        Row("tiles in the document at the end", tiles, "tiles"),
        Row("memory of scripts at the end", metrics["JSHeapUsedSize"] / 1e6, "MB"),
    ]


async def _metrics(devtools: CDPSession) -> dict[str, float]:
    answer = await devtools.send("Performance.getMetrics")
    return {metric["name"]: metric["value"] for metric in answer["metrics"]}


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        msg = f"no browser on {os.environ.get('PATH')}: install Chromium"  # noqa: TID251 - a benchmark's own root
        raise RuntimeError(msg)
    return found
