"""`mattebox-registry`: runs the registry."""

import os
import sys

from mattebox_registry.contexts import DataInUse
from mattebox_registry.rules.tokens import UnusableToken
from mattebox_registry.server import is_well, serve
from mattebox_registry.settings import Settings
from mattebox_registry.store.schema import NewerDatabase
from mattebox_runtime.blobs import BlobStoreFailed
from mattebox_runtime.service import service_cli
from mattebox_runtime.streams.client import UnsupportedRedis

ABOUT = """Keep datasets: take frames in over HTTP, publish what is to be drawn, hand out previews.

Everything is in one directory, `--data`: the database, the uploads and the admin token of the first start. One
registry at a time serves a directory; start as many renderers as there is work for.

Redis may be down or empty at any time: what is owed is in the database and is delivered when it answers.
"""

SWITCH_INTERVAL_S = 0.0005
"""The writing thread wants the interpreter back for a moment after each statement: by default it would wait up to
5 ms, longer than the statement took, for an event loop that is busy with an upload."""


def main() -> None:
    """Entry point of the console script."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    fatal = (DataInUse, UnusableToken, UnsupportedRedis, NewerDatabase, BlobStoreFailed, OSError)
    service_cli(Settings, ABOUT, os.environ, serve=serve, is_well=is_well, fatal=fatal)()


if __name__ == "__main__":
    main()
