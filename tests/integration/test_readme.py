"""What the README tells people to type works as printed."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from support.live_stack import LiveRegistry, live_stack

ROOT = Path(__file__).parents[2]


def _block(marker: str) -> str:
    """The code block of the README that follows `<!-- marker -->`."""
    found = re.search(
        rf"<!-- {marker} -->\n```\w+\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert found, f"the README has no block named {marker}"
    return found.group(1)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRegistry]:
    data = tmp_path_factory.mktemp("readme")
    with live_stack(data, file_roots=data) as running:
        yield running


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what the tour reads, so that what it writes does not land in the real checkout."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "images").symlink_to(ROOT / "docs" / "images")
    return tmp_path


def _run(command: list[str], checkout: Path, registry: LiveRegistry) -> str:
    environment = {"MATTEBOX_URL": registry.url, "MATTEBOX_TOKEN": registry.token, "PATH": os.environ["PATH"]}  # noqa: TID251 - handed on to a child
    run = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_the_tour_with_curl_ends_with_two_pictures_and_a_report(checkout: Path, registry: LiveRegistry) -> None:
    """The preview, the cut-out with its transparency, and a report that counts the people."""
    shown = _run(["bash", "-euo", "pipefail", "-c", _block("tour-curl")], checkout, registry)
    assert '"sitting"' in shown
    with Image.open(checkout / "preview.webp") as preview, Image.open(checkout / "cutout.webp") as cutout:
        assert (preview.format, preview.size) == ("WEBP", (640, 360))
        assert cutout.getchannel("A").getextrema()[0] == 0


def test_the_tour_with_python_ends_with_a_picture(checkout: Path, registry: LiveRegistry) -> None:
    """Register, wait, fetch."""
    (checkout / "tour.py").write_text(_block("tour-python"))
    shown = _run([sys.executable, "tour.py"], checkout, registry)
    assert "ready=1" in shown
    with Image.open(checkout / "preview.webp") as preview:
        assert preview.size == (320, 180)


def test_the_two_commands_of_the_readme_are_one_line_each() -> None:
    """Copy, paste, done: `.ci/run` runs the second as it stands."""
    for marker in ("demo-command", "test-command"):
        command = _block(marker).strip()
        assert "\n" not in command
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")
