"""The notebook of docs/sdk.md, typed cell by cell."""

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mattebox import Client
from mattebox.answers import PreviewCounts
from mattebox.mask_mapping import MaskMapping
from mattebox.reports import FrameReport, VersionReport
from support.live_stack import LiveRegistry

ROOT = Path(__file__).parents[3]


def block(marker: str) -> str:
    """The code block that follows `<!-- marker -->`."""
    found = re.search(
        rf"<!-- {marker} -->\n```python\n(.*?)^```$", (ROOT / "docs/sdk.md").read_text(), re.DOTALL | re.MULTILINE
    )
    assert found, f"the page has no block named {marker}"
    return found.group(1)


def test_the_quickstart_shows_what_it_says(connected: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line that ends a cell gives something that shows itself."""
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(block("sdk-quickstart"), names)  # noqa: S102 - our own page
    cells = [line.partition("#")[0].strip() for line in block("sdk-quickstart-more").splitlines()]
    shown = [eval(cell, names) for cell in ["frame.preview()", *cells]]  # noqa: S307 - the same
    plain, cut, painted, report, labels, counts, whole, sums = shown
    assert (plain.size, cut.size, cut.mode, painted.size) == ((640, 360), (320, 180), "RGBA", (640, 360))
    assert isinstance(report, FrameReport)
    assert report.pixels()["sitting"] > 0
    assert isinstance(labels, MaskMapping)
    assert isinstance(counts, PreviewCounts)
    assert isinstance(whole, VersionReport)
    assert [hasattr(thing, "_repr_html_") for thing in (report, labels, whole, sums)] == [True] * 4


def test_the_program_with_an_event_loop_ends_with_a_picture(
    registry: LiveRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Register, wait, fetch."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "images").symlink_to(ROOT / "docs" / "images")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MATTEBOX_URL", registry.url)
    monkeypatch.setenv("MATTEBOX_TOKEN", registry.token)
    exec(block("sdk-async"), {})  # noqa: S102 - our own page
    assert "ready=1" in capsys.readouterr().out
    with Image.open(tmp_path / "preview.webp") as preview:
        assert preview.size == (320, 180)
