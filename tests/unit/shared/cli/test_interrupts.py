"""Ctrl-C while a command is still being loaded."""

import subprocess
import sys

import pytest

INTERRUPTED = """
import os, signal, sys

module = sys.argv[1]
# Who is started in the background has Ctrl-C ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
sys.argv = ["mattebox", "status", "--url", "http://127.0.0.1:1", "--token", "t"]
from mattebox.cli import main
main()
"""


@pytest.mark.parametrize("module", ["typer", "aiohttp"])
def test_it_ends_without_a_traceback(module: str) -> None:
    """Before the command line is there, and when a command loads the network library."""
    command = [sys.executable, "-c", INTERRUPTED, module]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (130, "")
