"""`mattebox-renderer`: runs one renderer."""

import os

from mattebox_renderer.app import is_well, serve
from mattebox_renderer.sandbox import ProcessGone
from mattebox_renderer.settings import Settings
from mattebox_runtime.blobs import BlobStoreFailed
from mattebox_runtime.service import service_cli
from mattebox_runtime.settings import SettingsError
from mattebox_runtime.streams.client import UnsupportedRedis

ABOUT = """Draw previews: read jobs from Redis, fetch sources and masks, draw, cache, answer.

Start as many as there are machines and cores. One that dies loses nothing: the others take over its jobs when its
lease is over. SIGTERM finishes what is under way first.

Without `--file-roots` no file:// URI is read, without `--allow-cidrs` no private address. Object stores (s3, gs, az)
are read with the credentials of the environment.
"""


def main() -> None:
    """Entry point of the console script."""
    fatal = (SettingsError, BlobStoreFailed, UnsupportedRedis, ProcessGone, OSError)
    service_cli(Settings, ABOUT, os.environ, serve=serve, is_well=is_well, fatal=fatal)()


if __name__ == "__main__":
    main()
