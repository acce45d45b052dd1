"""Programs that use ClearML's own SDK, in processes that read no configuration and reach nothing but loopback."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from support.live_stack import LiveRegistry

LOOPBACK_ONLY = """
import socket
connect = socket.socket.connect
def connect_here(self, address):
    if self.family != socket.AF_UNIX and address[0] != "127.0.0.1":
        raise AssertionError(f"reaches out to {address}")
    return connect(self, address)
socket.socket.connect = connect_here
"""


def run_with_clearml(
    program: str, *arguments: str | Path, registry: LiveRegistry, home: Path
) -> subprocess.CompletedProcess[str]:
    """Run the text of a program as its user does: with five variables and no other change."""
    home.mkdir(exist_ok=True)
    (home / "sitecustomize.py").write_text(LOOPBACK_ONLY)
    environment = {
        "PATH": os.environ["PATH"],  # noqa: TID251 - handed on to a child
        "HOME": str(home),
        "PYTHONPATH": str(home),
        "CLEARML_CONFIG_FILE": str(home / "clearml.conf"),
        "CLEARML_API_HOST": registry.url,
        "CLEARML_WEB_HOST": registry.url,
        "CLEARML_FILES_HOST": f"{registry.url}/files",
        "CLEARML_API_ACCESS_KEY": "mattebox",
        "CLEARML_API_SECRET_KEY": registry.token,
    }
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Give what a program printed as JSON in its last line."""
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
