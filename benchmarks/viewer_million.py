"""The web viewer's list of 1,000,000 frames, scrolled as `viewer` scrolls 100,000."""

from benchmarks.report import Report
from benchmarks.viewer import measure


def run() -> Report:
    """Measure it."""
    return measure(1_000_000)
