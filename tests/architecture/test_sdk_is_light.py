"""What importing the SDK loads."""

import subprocess
import sys

import pytest

HEAVY = ("PIL", "numpy", "redis", "aiosqlite", "msgpack", "av", "obstore", "structlog", "mattebox_runtime")
TERMINAL = ("typer", "rich")


def loaded_by(module: str) -> set[str]:
    """Import a module in a fresh interpreter and name the top-level packages that this loads."""
    code = f"import {module}, sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(result.stdout.split())


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        ("mattebox", (*HEAVY, *TERMINAL, "aiohttp", "tenacity", "msgspec")),
        ("mattebox.dataset_version", (*HEAVY, *TERMINAL, "aiohttp", "tenacity")),
        ("mattebox.frame_batches", (*HEAVY, *TERMINAL, "aiohttp", "tenacity")),
        ("mattebox.compat", (*HEAVY, *TERMINAL, "aiohttp", "tenacity")),
        ("mattebox.aio", (*HEAVY, *TERMINAL)),
        ("mattebox.frame_sending", (*HEAVY, *TERMINAL)),
        ("mattebox.importers.register", (*HEAVY, *TERMINAL)),
        ("mattebox.cli", (*HEAVY, *TERMINAL, "aiohttp", "tenacity", "msgspec")),
        ("mattebox.cli.app", (*HEAVY, "aiohttp", "tenacity")),
    ],
)
def test_a_part_of_the_sdk_loads_only_what_it_needs(module: str, kept_out: tuple[str, ...]) -> None:
    """Frames are described without a network library, and sent without a terminal or image library."""
    assert not loaded_by(module) & set(kept_out)
