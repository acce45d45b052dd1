"""No room of the house grows beyond what one reader can hold in mind."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAX_LINES = 400
EXCEPTIONS: dict[str, str] = {}
"""Path -> why it is longer."""


def test_no_source_file_is_longer_than_the_bound() -> None:
    """Files stay within MAX_LINES; an exception is named with its reason."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    too_long = {
        name: lines
        for name in tracked
        if name.endswith((".py", ".js", ".css", ".sql", ".lua")) and (ROOT / name).is_file()
        if (lines := len((ROOT / name).read_text().splitlines())) > MAX_LINES and name not in EXCEPTIONS
    }
    assert too_long == {}
