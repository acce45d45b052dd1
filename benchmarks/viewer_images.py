"""What it costs a browser to draw a page again and again: of each image, the time that passed and the work it took."""

import bisect
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import psutil
from playwright.async_api import Browser, Page

FloatArray = npt.NDArray[np.float64]

_CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
"""With the tasks of each thread, and their processor time."""


class Images(NamedTuple):
    """What a run of images cost."""

    waits_ms: FloatArray
    """From each image to the next."""
    work_ms: FloatArray
    """Processor time of the page's main thread from each image to the next."""
    browser_s: float
    """Processor time of all processes of the browser."""
    pictures: int
    """Pictures of frames that came into sight."""

    @classmethod
    def together(cls, runs: Sequence["Images"]) -> "Images":
        """Take several runs for one."""
        return cls(
            np.concatenate([run.waits_ms for run in runs]),
            np.concatenate([run.work_ms for run in runs]),
            sum(run.browser_s for run in runs),
            sum(run.pictures for run in runs),
        )


async def run_images(browser: Browser, page: Page, script: str, argument: Mapping[str, Any]) -> Images:
    """Run a script that resolves to `{waits, pictures}`, and watch what it costs."""
    await page.bring_to_front()
    # Being brought to the front has images of its own.
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    before_s = _processor_s()
    await browser.start_tracing(page=page, categories=_CATEGORIES)
    answer = await page.evaluate(script, argument)
    trace = json.loads(await browser.stop_tracing())
    spent_s = _processor_s() - before_s
    return Images(np.asarray(answer["waits"]), work_of(trace["traceEvents"]), spent_s, answer["pictures"])


def work_of(events: Sequence[Mapping[str, Any]]) -> FloatArray:
    """Sum up the processor time of the main thread's tasks from each image to the next, in milliseconds.

    An image begins with the task in which its animation callbacks run. On a machine that others use as well this says
    what a page does itself; the time that passes says what the others do, too.
    """
    drawn = [event for event in events if event["name"] == "FireAnimationFrame"]
    [(thread, _)] = Counter((event["pid"], event["tid"]) for event in drawn).most_common(1)
    tasks = sorted(
        (event["ts"], event.get("tdur", 0))
        for event in events
        if event["name"] == "RunTask" and event["ph"] == "X" and (event["pid"], event["tid"]) == thread
    )
    begins = [begin for begin, _ in tasks]
    callbacks = [event["ts"] for event in drawn if (event["pid"], event["tid"]) == thread]
    firsts = sorted({bisect.bisect_right(begins, at) - 1 for at in callbacks})
    spent = np.concatenate([[0.0], np.cumsum([us / 1e3 for _, us in tasks])])
    return np.asarray(np.diff(spent[firsts]))


def _processor_s() -> float:
    """Processor time of all processes of the browser that are alive."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            if process.name().startswith("chrom"):
                total += sum(process.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total
