"""Logs tell what went wrong without telling secrets."""

import subprocess
import sys

FAILING = """
import structlog
from mattebox_runtime.logs import configure_logs

configure_logs("info")
log = structlog.get_logger()

def call(secret):
    raise ValueError("refused")

try:
    call("mbx_a-secret-token")
except ValueError:
    log.exception("call failed")
"""


def test_a_traceback_in_the_log_holds_no_local_variables() -> None:
    """A token or a signed URI that a function was called with stays out of the line."""
    run = subprocess.run([sys.executable, "-c", FAILING], capture_output=True, text=True, check=True)
    assert "call failed" in run.stderr
    assert "refused" in run.stderr
    assert "mbx_a-secret-token" not in run.stderr
