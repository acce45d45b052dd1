"""The command line: `mattebox`."""

import os
import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; Ctrl-C ends it without a traceback, also while it is still being loaded."""
    asked = signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from mattebox.cli.app import main as run  # noqa: PLC0415

    signal.signal(signal.SIGINT, asked)
    try:
        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
