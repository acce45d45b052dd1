"""The command line: `mattebox`."""

from mattebox.cli.app import main

__all__ = ["main"]
